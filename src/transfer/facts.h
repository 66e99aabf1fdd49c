/* What records say of an exchange. */
#ifndef PFETCH_TRANSFER_FACTS_H
#define PFETCH_TRANSFER_FACTS_H

#include <curl/curl.h>

#include "base/result.h"
#include "transfer/head.h"

/* Fills in FACTS from EASY, whose transfer has ended, and from the HEAD of the
 * response; what is not known stays 0 or "". */
void facts_gather(CURL *easy, const struct head *head, struct facts *facts);

#endif

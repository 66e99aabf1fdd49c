/* Which texts may be the values of options that are stored as texts. */
#ifndef PFETCH_CMD_OPTION_WORDS_H
#define PFETCH_CMD_OPTION_WORDS_H

#include "cmd/option-table.h"

/* Returns NULL, or a static text that says why TEXT can't be a value of KIND,
 * which must be one of the kinds in the table. */
const char *option_word_fault(enum option_kind kind, const char *text);

#endif

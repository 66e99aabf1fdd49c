/* Shared by the readers of an entry's fields: fields.c (lines) and
 * fields-json.c (JSON objects). */
#ifndef PFETCH_CORE_FIELDS_INTERNAL_H
#define PFETCH_CORE_FIELDS_INTERNAL_H

#include "core/fields.h"

/* fields.c: sets the field KEY to VALUE, which must outlive FIELDS.  Returns
 * NULL, or a static text that says why it is refused. */
const char *fields_set(struct fields *fields,
		       const struct request_terms *common, const char *key,
		       const char *value);

/* fields.c: whether there is a field called KEY. */
bool fields_is_key(const char *key);

/* fields-json.c: as fields_parse(), for a TEXT that begins with "{" or "[". */
const char *fields_parse_json(struct fields *fields, const char *text,
			      const struct request_terms *common);
void fields_release_json(struct fields *fields);

#endif

/*
 * What a run's requests say by default: the terms that the options make, the
 * logins of a netrc file and the cookies.  For the core's thread only.
 */
#ifndef PFETCH_CORE_IDENTITY_H
#define PFETCH_CORE_IDENTITY_H

#include "base/job.h"
#include "base/settings.h"

struct identity;

/* Reads the files that SETTINGS, which must outlive the identity, name.
 * Returns NULL if one can't be used, and sets *FAULT to a message that the
 * caller frees. */
struct identity *identity_new(const struct settings *settings, char **fault);
void identity_free(struct identity *identity);

/* The terms that all entries share; valid as long as IDENTITY. */
struct request_terms *identity_terms(const struct identity *identity);

/* Gives REQUEST, which is about to be submitted, the login and the cookies for
 * its host. */
void identity_equip(struct identity *identity, struct request *request);

/* JOB has come back: takes the cookies that its server has set. */
void identity_learn(struct identity *identity, const struct job *job);

/* Writes the cookies to the file of --save-cookies, if there is one.  Returns 0
 * or an error number. */
int identity_save(struct identity *identity);

#endif

/*
 * Lines in a format of the user's, one for each entry: --write-out, as curl(1)
 * has it.
 *
 * In the format, %{NAME} stands for a variable (variables.h), %{json} for the
 * whole record, %{stdout} and %{stderr} say where what follows goes, %{onerror}
 * that it is only for failures, and %% is a percent sign; \n, \r, \t and \\ are
 * what they are in C.
 */
#ifndef PFETCH_OUTPUT_WRITE_OUT_H
#define PFETCH_OUTPUT_WRITE_OUT_H

#include "base/settings.h"
#include "output/listener.h"
#include "output/outlet.h"

/* Returns NULL, or a text that says what is wrong with FORMAT, valid until the
 * next call. */
const char *write_out_fault(const char *format);

/* A listener that writes to MAIN, or to ERRORS after %{stderr}; they may be the
 * same.  The caller keeps ownership of all arguments. */
struct listener write_out_new(struct outlet *main, struct outlet *errors,
			      const struct settings *settings);

#endif

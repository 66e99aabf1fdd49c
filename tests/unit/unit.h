/*
 * The main program of a unit test: runs one suite and prints TAP on standard
 * output.  Each test-*.c ends with UNIT_MAIN(TEST, ...).
 */
#ifndef PFETCH_TESTS_UNIT_H
#define PFETCH_TESTS_UNIT_H

#include <check.h>
#include <stdlib.h>

#define UNIT_MAIN(...)                                                    \
	int main(void)                                                    \
	{                                                                 \
		const TTest *const tests[] = { __VA_ARGS__ };             \
		Suite *suite = suite_create(__FILE__);                    \
		TCase *tcase = tcase_create(__FILE__);                    \
		SRunner *runner;                                          \
		int failed;                                               \
                                                                          \
		for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++) \
			tcase_add_test(tcase, tests[i]);                  \
		tcase_set_timeout(tcase, 60);                             \
		suite_add_tcase(suite, tcase);                            \
		runner = srunner_create(suite);                           \
		srunner_set_tap(runner, "-");                             \
		srunner_run_all(runner, CK_SILENT);                       \
		failed = srunner_ntests_failed(runner);                   \
		srunner_free(runner);                                     \
		return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;         \
	}

#endif

# Unit tests (Check) and command-line tests (bats), all reported in TAP.
UNIT_TESTS = tests/unit/test-base tests/unit/test-transfer \
	tests/unit/test-request tests/unit/test-core tests/unit/test-fields \
	tests/unit/test-names tests/unit/test-http tests/unit/test-journal \
	tests/unit/test-hosts \
	tests/unit/test-schedule tests/unit/test-strategy tests/unit/test-lab
CLI_TESTS = tests/cli/fetch.bats tests/cli/list.bats tests/cli/hosts.bats \
	tests/cli/files.bats tests/cli/hostile.bats tests/cli/stop.bats \
	tests/cli/resume.bats tests/cli/segments.bats tests/cli/servers.bats \
	tests/cli/names.bats tests/cli/formats.bats tests/cli/robots.bats \
	tests/cli/lab.bats tests/cli/http.bats tests/cli/proxies.bats \
	tests/cli/tls.bats tests/cli/ends.bats tests/cli/records.bats \
	tests/cli/archives.bats tests/cli/journal.bats
TREE_TESTS = tests/display.bats tests/compare.bats tests/experiments.bats tests/page.bats \
	tests/options.bats tests/tree.bats

# They run in parallel, so those that take longest come first.
TESTS += tests/strategies.sh $(TREE_TESTS)
if HAVE_CHECK
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
else
TESTS += tests/need-check.sh
endif

UNIT_LIBS = $(PFETCH_LIBS) $(CHECK_LIBS)
UNIT_FLAGS = $(AM_CPPFLAGS) $(CHECK_CFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_test_base_SOURCES = tests/unit/test-base.c tests/unit/unit.h
tests_unit_test_base_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_base_LDADD = $(UNIT_LIBS)
tests_unit_test_transfer_SOURCES = tests/unit/test-transfer.c
tests_unit_test_transfer_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_transfer_LDADD = $(UNIT_LIBS)
tests_unit_test_core_SOURCES = tests/unit/test-core.c
tests_unit_test_core_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_core_LDADD = $(UNIT_LIBS)
tests_unit_test_hosts_SOURCES = tests/unit/test-hosts.c
tests_unit_test_hosts_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_hosts_LDADD = $(UNIT_LIBS)
tests_unit_test_names_SOURCES = tests/unit/test-names.c
tests_unit_test_names_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_names_LDADD = $(UNIT_LIBS)
tests_unit_test_journal_SOURCES = tests/unit/test-journal.c
tests_unit_test_journal_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_journal_LDADD = $(UNIT_LIBS)
tests_unit_test_http_SOURCES = tests/unit/test-http.c
tests_unit_test_http_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_http_LDADD = $(UNIT_LIBS)
tests_unit_test_fields_SOURCES = tests/unit/test-fields.c
tests_unit_test_fields_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_fields_LDADD = $(UNIT_LIBS)
tests_unit_test_request_SOURCES = tests/unit/test-request.c
tests_unit_test_request_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_request_LDADD = $(UNIT_LIBS)
tests_unit_test_schedule_SOURCES = tests/unit/test-schedule.c
tests_unit_test_schedule_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_schedule_LDADD = $(UNIT_LIBS)
tests_unit_test_strategy_SOURCES = tests/unit/test-strategy.c
tests_unit_test_strategy_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_strategy_LDADD = $(UNIT_LIBS)
tests_unit_test_lab_SOURCES = tests/unit/test-lab.c
tests_unit_test_lab_CPPFLAGS = $(UNIT_FLAGS)
tests_unit_test_lab_LDADD = $(UNIT_LIBS)

# pfetch with strategies that cheat, which the comparison must catch.
check_PROGRAMS += tests/unit/faulty-pfetch
tests_unit_faulty_pfetch_SOURCES = src/main.c tests/unit/faulty.c
tests_unit_faulty_pfetch_LDADD = $(PFETCH_LIBS)

EXTRA_DIST += $(CLI_TESTS) $(TREE_TESTS) tests/cli/helpers.bash \
	tests/cli/ranges.bash tests/cli/real.bash tests/witness.py \
	tests/cutter.py tests/crash.py tests/check-records.py \
	tests/warc-check.mjs docs/record.schema.json \
	tests/strategies.sh tests/need-check.sh tests/hostile.py tests/ranges.py \
	tests/hostile-cases.txt tests/terminal.py tests/tsan.supp data/demo.txt data/waiting.txt \
	data/computing.txt data/small.txt docs/experiments.md bench/peers \
	bench/measuring.py bench/servers.py \
	bench/laws bench/limits bench/lists bench/records

TEST_EXTENSIONS = .bats .sh
LOG_DRIVER = env $(RESET_SIGNALS) AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/build-aux/tap-driver.sh
BATS_LOG_DRIVER = $(LOG_DRIVER)
BATS_LOG_COMPILER = $(BATS)
AM_BATS_LOG_FLAGS = --formatter tap
SH_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_COMPILER = bash
AM_TESTS_ENVIRONMENT = \
	PFETCH='$(abs_builddir)/pfetch$(EXEEXT)'; export PFETCH; \
	FAULTY='$(abs_builddir)/tests/unit/faulty-pfetch$(EXEEXT)'; \
	export FAULTY; \
	ROOT='$(abs_top_srcdir)'; export ROOT; \
	BATS='$(BATS)'; export BATS; \
	PYTHON3='$(PYTHON3)'; export PYTHON3; \
	unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY TMPDIR;

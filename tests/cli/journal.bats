# The journal: runs that go on where others ended, under one strategy.
load helpers
load ranges

setup() {
	enter_directory
	: >"$SERVED"
}

make_list() {
	local i
	for i in 1 2 3 4 5 6 7 8 9 10; do
		echo "http://origin.test/bytes/$((i * 9000))"
	done
	echo http://origin.test/bytes/9000
	printf 'http://origin.test/bytes/9000\tout=d/own\n'
	echo http://origin.test/nosuch
}

done_again() { # how many of the entries were fetched, by the report
	grep -c '^Read' <<<"$output" || true
}

@test "what is done is not done again, whatever the order of the list" {
	make_list >list
	run_apart fetch --origin -P out --journal list
	expect_status 8
	[ "$(done_again)" -eq 12 ]
	(cd out && find . -type f | LC_ALL=C sort | xargs sha256sum) >before
	# The journal can't be overwritten by accident.
	run_apart fetch --origin -P out --journal list
	expect_status 3
	expect_line "$errors" "journal 'out/.pfetch': it has records of an earlier run: add --resume"
	{ sort -R list; echo http://origin.test/bytes/9000; echo http://origin.test/bytes/77; } >edited
	run_apart fetch --origin -P out --resume edited
	expect_status 8
	[ "$(done_again)" -eq 2 ]
	[ "$(grep -c '^Skipped .* (done in an earlier run)' <<<"$output")" -eq 12 ]
	expect_line "$errors" '^Failed http://origin.test/nosuch .*: http: it failed in an earlier run; --retry-failed'
	(cd out && find . -type f ! -name 77 ! -name 9000.2 | LC_ALL=C sort | xargs sha256sum) >after
	diff <(grep -v pfetch before) <(grep -v pfetch after)
	run_apart fetch --origin -P out --resume --retry-failed edited
	expect_line "$errors" '^Failed http://origin.test/nosuch .*: http: HTTP 404'
	# A file that is gone is fetched again.
	rm out/d/own
	run_apart fetch --origin -P out --resume edited
	[ "$(done_again)" -eq 1 ]
	[ -e out/d/own ]
}

@test "a file that is replaced is the new one or is replaced again" {
	local step
	for step in $(seq 12); do
		rm -rf out
		mkdir out
		echo 123456789 >out/10
		touch -d '1 hour ago' out/10
		PFETCH_CRASH_AT=$step fetch --origin -q -P out --overwrite --journal http://origin.test/bytes/10 \
			>log 2>&1 || true
		run_apart fetch --origin -q -P out --overwrite --resume http://origin.test/bytes/10
		expect_status 0
		[ "$(cat out/10)" = /bytes/10 ]
		[ "$(ls out)" = 10 ]
	done
}

@test "an edited list does not take the files of what is done" {
	printf 'http://origin.test/bytes/10\tout=a\n' >list
	fetch --origin -q -P out --overwrite --journal list
	printf 'http://origin.test/bytes/11\tout=a\n' | cat - list >edited
	run_apart fetch --origin -P out --overwrite --resume edited
	expect_status 0
	[ "$(stat -c %s out/a)/$(stat -c %s out/a.1)" = 10/11 ]
}

@test "a journal anywhere, of a list from a pipe, without files" {
	make_list | run_apart fetch --origin --discard --journal=j -
	make_list | fetch --origin --discard --journal=j --resume --durability=each - >again 2>err ||
		[ $? -eq 8 ]
	[ "$(grep -c '^Skipped' again)" -eq 12 ]
	[ "$(stat -c %a j)" = 600 ]
	run_apart fetch --discard --journal=nosuch/j http://origin.test/
	expect_status 3
	expect_line "$errors" "cannot use journal 'nosuch/j': No such file"
	echo something else >other
	run_apart fetch --discard --resume --journal=other http://origin.test/
	expect_status 3
	expect_line "$errors" 'it is not a journal: damaged at byte 0'
	[ "$(cat other)" = "something else" ]
	run_apart fetch -O x --journal=j http://origin.test/
	expect_status 2
	run_apart fetch --retry-failed http://origin.test/
	expect_status 2
}

@test "a journal has one writer" {
	fetch --origin -P out --journal=j http://origin.test/delay/20000/bytes/1 >first 2>&1 &
	local pid=$!
	await_file j
	local holder
	holder=$(pfetch_of $pid)
	run_apart fetch --origin -P other --journal=j --resume http://origin.test/bytes/1
	expect_status 3
	expect_line "$errors" "cannot use journal 'j': process $holder is using it"
	kill -INT "$holder"
	wait $pid || true
}

@test "an interrupted run goes on with the parts of its files" {
	fetch -q -P out -j 2 --journal "$RANGES/ok/1000" "$RANGES/ok/3000000/0/1000000" >first 2>&1 &
	local pid=$!
	await test -e out/1000
	sleep 0.5
	kill -KILL "$(pfetch_of $pid)"
	wait $pid || true
	run_apart fetch -q -P out -j 2 --resume "$RANGES/ok/1000" "$RANGES/ok/3000000/0/1000000"
	expect_status 0
	cmp out/1000000 <(range_body 3000000)
	[ "$(awk '$1 == "ok" && $2 == 206 && $3 > 0' "$SERVED" | wc -l)" -eq 1 ]
	[ "$(awk '$4 == 1000' "$SERVED" | wc -l)" -eq 1 ]
	expect_no_leftover
}

@test "files are reported only once they are on disk" {
	command -v strace >/dev/null || skip "needs strace"
	strace -f -o trace true 2>/dev/null || skip "strace is not permitted"
	# The leak checker can't work beside it.
	ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=fdatasync,syncfs,fsync,linkat,renameat2,write -s 24 -o trace \
		"$PFETCH" -s "$STRATEGY" --origin -P out --journal=j --durability=each \
		http://origin.test/bytes/5000 >out.txt
	# Data, record, record on disk, name, directory, report.
	"$PYTHON3" - <<-'PY'
	import re
	text = open("trace").read()
	order = [r'fdatasync\(', r'write\(\d+, "[GC]\\t', r'fdatasync\(',
	         r'(linkat|renameat2)\(.*"5000"', r'fsync\(', r'write\(1, "Read 5000']
	at = 0
	for what in order:
	    found = re.compile(what).search(text, at)
	    assert found, (what, text)
	    at = found.end()
	PY
}

@test "killed at random moments, a run loses nothing and repeats nothing" {
	"$PYTHON3" "$ROOT/tests/crash.py" kills "$PFETCH" 6 "$STRATEGY"
}

@test "killed at each step of its output, a run loses nothing" {
	"$PYTHON3" "$ROOT/tests/crash.py" points "$PFETCH" group "$STRATEGY"
}

@test "when the journal can't be written, the run ends" {
	[ "$(id -u)" -eq 0 ] || skip "needs root for a small file system"
	mkdir small
	unshare -m true 2>/dev/null || skip "no namespaces here"
	local i
	for i in $(seq 400); do echo "http://origin.test/bytes/1?$i"; done >list
	run_apart unshare -m sh -c 'mount -t tmpfs -o size=12k none small && exec timeout 60 "$@"' \
		sh "$PFETCH" -s "$STRATEGY" --origin --discard --journal=small/j list
	expect_status 3
	expect_line "$errors" '^pfetch: cannot write the journal: No space left on device'
}

@test "a file that is lost gets its own name again, and backups are kept" {
	printf 'http://origin.test/bytes/10\tout=d/a\n' >list
	fetch --origin -q -P out --overwrite --journal list
	rm out/d/a
	run_apart fetch --origin -q -P out --overwrite --resume list
	expect_status 0
	[ "$(ls out/d)" = a ]
	local step
	for step in $(seq 10); do
		rm -rf out
		mkdir out
		echo 123456789 >out/10
		touch -d '1 hour ago' out/10
		PFETCH_CRASH_AT=$step fetch --origin -q -P out --overwrite --backups=2 --journal \
			http://origin.test/bytes/10 >log 2>&1 || true
		run_apart fetch --origin -q -P out --overwrite --backups=2 --resume http://origin.test/bytes/10
		expect_status 0
		[ "$(cat out/10)/$(cat out/10.~1~)" = /bytes/10/123456789 ]
	done
}

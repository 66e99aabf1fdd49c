# Hostile servers, under one strategy.
load helpers

setup_file() {
	start_hostile
}

teardown_file() {
	stop_hostile
}

setup() {
	enter_directory
}

@test "every hostile case has its verdict, and none is ok" {
	grep -v '^#' "$ROOT/tests/hostile-cases.txt" >cases
	awk -v at="$HOSTILE" '{ print at "/" $1 }' cases >list
	run_apart fetch -j 60 -t 1 --stall-timeout=2 --max-size=1M -P out list
	expect_status 1
	expect_files
	expect_no_line "$output" '^Read'
	"$PYTHON3" - "$BATS_TEST_TMPDIR/stderr" <<-'PY'
	import re, sys
	want = [line.split()[:2] for line in open("cases")]
	got = {}
	for line in open(sys.argv[1], "rb").read().decode().splitlines():
	    m = re.match(r"Failed \S+ \(list, line (\d+)\): (\w+): (.*)", line)
	    assert m, line
	    assert int(m[1]) not in got, line
	    got[int(m[1])] = m[2], m[3]
	wrong = [(path, cause, got.get(n)) for n, (path, cause)
	         in enumerate(want, 1) if got.get(n, ("",))[0] != cause]
	assert not wrong, wrong
	assert len(got) == len(want) > 45
	PY
}

@test "--compressed: coded bodies that are no whole ones are never ok" {
	cat >cases <<-CASES
	gzip-cut truncated
	gzip-tail truncated
	gzip-corrupt protocol
	gzip-sum protocol
	gzip-junk protocol
	gzip-plain protocol
	gzip-bomb protocol
	zstd-cut truncated
	zstd-corrupt protocol
	zstd-junk protocol
	br-cut truncated
	br-junk protocol
	deflate protocol
	gzip_gzip protocol
	CASES
	while read -r kind cause; do
		run_apart fetch -t 1 -P out --compressed "$HOSTILE/coded/$kind"
		[ "$status" -ne 0 ] || { echo "$kind"; return 1; }
		expect_line "$errors" ": $cause: "
	done <cases
	expect_files
	run_apart fetch -t 1 -P out --compressed --max-size=500K \
		"$HOSTILE/coded/gzip-bomb"
	expect_status 1
	expect_files
	# These are whole.
	run_apart fetch -t 1 -P out --compressed "$HOSTILE/coded/gzip" \
		"$HOSTILE/coded/gzip-two" "$HOSTILE/coded/zstd" \
		"$HOSTILE/coded/br" "$HOSTILE/coded/gzip-empty" \
		"$HOSTILE/coded/identity-plain"
	expect_status 0
	[ "$(cat out/zstd)" = "hello, world" ]
	[ "$(cat out/br)" = "hello, world" ]
	[ "$(tail -1 out/gzip-two)" = more ]
	[ ! -s out/gzip-empty ]
}

@test "a response cut at any byte is never ok, until it is whole" {
	for i in $(seq 0 48); do
		echo "$HOSTILE/cut/$i"
	done >list
	# Not 71: then only the final LF is missing, after the last chunk.
	for i in $(seq 0 70); do
		echo "$HOSTILE/cut-chunked/$i"
	done >>list
	run_apart fetch -j 20 -t 1 --max-cooldown=0 -P out list
	expect_status 4
	expect_files
	expect_no_line "$output" '^Read'
	run_apart fetch -t 1 -P out "$HOSTILE/cut/49" "$HOSTILE/cut-chunked/72"
	expect_status 0
	expect_files 49 72
	expect_line "$(cat out/49)" '^0123456789$'
	expect_line "$(cat out/72)" '^helloworld$'
}

@test "headers are counted as they come" {
	run_apart fetch -t 1 --discard --max-header=1K "$HOSTILE/endless-header" \
		"$HOSTILE/endless-trailers"
	expect_status 7
	[ "$(grep -c 'header or trailers exceed the size limit' <<<"$errors")" -eq 2 ]
}

@test "a response without a body, and one ended by closing" {
	run_apart fetch -P out "$HOSTILE/no-content" "$HOSTILE/close" \
		"$HOSTILE/reset-content"
	expect_status 0
	expect_files close no-content reset-content
	expect_line "$output" '^Read 10 from .*/reset-content \(unverified'
	expect_line "$output" '^Read 0 from .*/no-content$'
	expect_line "$output" '^Read 5 from .*/close \(unverified'
}

@test "a connection that is refused is class network, and tried again" {
	run_apart fetch --discard -t 2 --retry-max-wait=0.01 http://127.0.0.1:1/
	expect_status 4
	expect_line "$errors" ': connect: .*, after 2 tries$'
}

@test "401 is class authentication" {
	run_apart fetch --discard "$HOSTILE/login"
	expect_status 6
	expect_line "$errors" ': auth: HTTP 401 Unauthorized$'
}

@test "what a server says can't command the terminal" {
	run_apart fetch --discard -t 1 "$HOSTILE/escape"
	expect_status 8
	absent grep -q $'[\033\007]' "$BATS_TEST_TMPDIR/stderr"
	expect_line "$errors" 'HTTP 500 \\x1b\[31mred\\x9b\\x07$'
}

@test "passwords are masked, and go to no other origin" {
	: >"$HOSTILE_REQUESTS"
	local at=${HOSTILE#http://} other
	other=http:%2F%2Flocalhost:${at##*:}%2Fok
	cat >list <<-LIST
	http://me:s3cret@$at/ok?1
	http://me:s3cret@$at/to/%2Fok?2
	http://me:s3cret@$at/to/$other?3
	http://$at/ok?4
	http://me:s3cret@$at/missing?5
	http://localhost:${at##*:}/ok?6
	http://s3cret@nosuch host/
	http://me:s3cret$(head -c 300 /dev/zero | tr '\0' x)@h/a b
	LIST
	{ printf 'http://me:s3cret\0@h/\nhttp://me:s3cret'
	  head -c 70000 /dev/zero | tr '\0' x; echo '@h/'; } >>list
	run_apart fetch -j 1 --discard -v list
	expect_status 1
	expect_no_line "$output$errors" 's3cret'
	expect_line "$output" "^Read 5 from http://me:\\*\\*\\*@$at/ok\\?1$"
	"$PYTHON3" - "$HOSTILE_REQUESTS" <<-'PY'
	import sys
	heads = open(sys.argv[1], newline="").read().split("\r\n\r\n")
	def asks(path, host):
	    return [h for h in heads if f"GET {path} " in h and f"Host: {host}" in h]
	def logged_in(requests):
	    assert requests, heads
	    return [("Authorization: Basic bWU6czNjcmV0" in r) for r in requests]
	assert logged_in(asks("/ok?1", "127.0.0.1")) == [True]
	assert logged_in(asks("/ok?2", "127.0.0.1") or asks("/ok", "127.0.0.1"))[0]
	local = [h for h in heads if "Host: localhost" in h]
	assert len(local) == 2, local
	assert not any("uthorization" in h for h in local), local
	assert logged_in(asks("/ok?4", "127.0.0.1")) == [False]
	PY
}

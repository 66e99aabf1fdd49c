# Limits, rates, cool-downs and rules for hosts, under one strategy.
load helpers

setup() {
	enter_directory
}

# Starts the built-in server by hand; it has any number of host names.
start_origin() {
	mkfifo life
	"$PFETCH" origin >url 2>/dev/null 3>&- &
	ORIGIN_PID=$!
	await_file url
	PORT=$(sed 's/.*:\([0-9]*\).*/\1/' url)
}

teardown() {
	[ -z "${ORIGIN_PID:-}" ] || kill "$ORIGIN_PID" 2>/dev/null || true
}

now_ms() {
	date +%s%3N
}

@test "a host gets no more requests at a time than --per-host" {
	for i in $(seq 40); do
		echo "http://origin.test/busy/2/delay/5/bytes/10?$i"
	done >list
	run_apart fetch --origin --discard -v -j 8 --per-host=2 list
	expect_status 0
	expect_line "$output" '^Downloaded 40 sites'
	expect_no_line "$output" ' [1-9][0-9]* refused'
}

@test "rates limit how often requests start" {
	local before
	seq -f 'http://origin.test/bytes/10?%g' 11 >list
	before=$(now_ms)
	run_apart fetch --origin --discard -j 8 --host-rate=20/s list
	expect_status 0
	[ $(($(now_ms) - before)) -ge 495 ]
	before=$(now_ms)
	run_apart fetch --origin --discard -j 8 --rate=1200/m list
	expect_status 0
	[ $(($(now_ms) - before)) -ge 495 ]
	before=$(now_ms)
	run_apart fetch --origin --discard -j 8 --wait=50ms list
	expect_status 0
	[ $(($(now_ms) - before)) -ge 495 ]
	before=$(now_ms)
	run_apart fetch --origin --discard -j 8 --wait=50ms --random-wait list
	expect_status 0
	[ $(($(now_ms) - before)) -ge 245 ]
}

@test "--limit-rate is a total" {
	local before
	seq -f 'http://origin.test/bytes/200000?%g' 4 >list
	before=$(now_ms)
	run_apart fetch --origin -P out -j 4 --limit-rate=1M list
	expect_status 0
	[ $(($(now_ms) - before)) -ge 650 ]
	seq -f 'http://origin.test/bytes/5000?%g' 100 >small
	before=$(now_ms)
	run_apart fetch --origin --discard -j 4 --limit-rate=500K small
	expect_status 0
	[ $(($(now_ms) - before)) -ge 800 ]
	for i in 1 2 3 4; do
		cmp "out/200000?$i" <(origin_body "/bytes/200000?$i" 200000)
	done
}

@test "a host that refuses is asked no more than it takes" {
	for i in $(seq 100); do
		echo "http://origin.test/busy/4/delay/20/bytes/10?$i"
	done >list
	run_apart fetch --origin --discard -v -j 16 list
	expect_status 0
	expect_line "$output" '^Downloaded 100 sites'
	for i in $(seq 150); do
		echo "http://origin.test/limit/100/bytes/10?$i"
	done >list
	run_apart fetch --origin --discard -v -j 16 list
	expect_status 0
	expect_line "$output" '^Downloaded 150 sites'
	# With -t 1, each is asked for once, whatever the reason.
	run_apart fetch --origin --discard -t 1 \
		http://origin.test/bytes/1 http://origin.test/flaky/1
	expect_status 8
}

@test "a few entries outlast a host that takes few" {
	for i in 1 2 3 4 5 6; do
		echo "http://origin.test/limit/10/bytes/10?$i"
	done >list
	run_apart fetch --origin --discard -j 6 list
	expect_status 0
	expect_line "$output" '^Downloaded 6 sites'
}

@test "a host that cools down stalls no other" {
	[ "$STRATEGY" != sequential ] || skip "it has one transfer at a time"
	start_origin
	{
		echo "http://slow.localhost:$PORT/retry-after/2/bytes/5?1"
		for i in $(seq 100); do
			echo "http://slow.localhost:$PORT/delay/30/bytes/5?$i"
		done
		for i in $(seq 50); do
			echo "http://h$i.localhost:$PORT/bytes/7"
		done
	} >list
	run_apart fetch --discard -j 4 -v list
	expect_status 0
	# The fifty are done before the cool-down is over.
	[ "$(grep '^Read' <<<"$output" | tail -n 90 | grep -c 'slow')" -eq 90 ]
	expect_line "$output" '  host slow.localhost:[0-9]*: [0-9]* tries, 0 failed, [1-9]'
}

@test "a host that can't be reached is given up, its other entries at once" {
	{
		seq -f 'http://127.0.0.1:1/%g' 30
		seq -f 'http://origin.test/bytes/10%g' 5
	} >list
	run_apart fetch --origin -P out -t 20 -j 4 --host-failures=2 list
	expect_status 4
	expect_files 101 102 103 104 105
	[ "$(grep -c '^Failed http://127.0.0.1:1/' <<<"$errors")" -eq 30 ]
	expect_line "$errors" 'connect: 127.0.0.1:1 has failed 2 times in a row: '
}

@test "rules say which hosts may be contacted" {
	start_origin
	{
		echo "http://a.localhost:$PORT/bytes/1"
		echo "http://B.localhost:$PORT/bytes/2"
		echo "http://127.0.0.1:$PORT/bytes/3"
	} >list
	run_apart fetch -P out --hosts=deny:b.local*,allow:*.localhost list
	expect_status 1
	expect_files 1
	[ "$(grep -c 'input: --hosts does not allow its host' <<<"$errors")" -eq 2 ]
	run_apart fetch --hosts=nobody:x list
	expect_status 2
	expect_line "$errors" "'nobody:x': not allow:PATTERN or deny:PATTERN"
}

@test "-j auto finds what a host can take" {
	for i in $(seq 300); do
		echo "http://origin.test/busy/8/delay/10/bytes/10?$i"
	done >list
	run_apart fetch --origin --discard -v -j auto --max-jobs=64 list
	expect_status 0
	expect_line "$output" '  jobs: settled on [0-9]+$'
	run_apart fetch --origin --discard -j many list
	expect_status 2
}

@test "many hosts need few descriptors" {
	start_origin
	for i in $(seq 300); do
		echo "http://h$i.localhost:$PORT/bytes/5?1"
		echo "http://h$i.localhost:$PORT/bytes/5?2"
	done >list
	run_apart bash -c 'ulimit -n 256; shift; "$@"' bash \
		x timeout 60 "$PFETCH" -s "$STRATEGY" --discard list
	expect_status 0
	expect_line "$output" '^Downloaded 600 sites'
}

@test "names that nobody answers for delay no other entries" {
	begin_deaf_namespace
	{
		for i in $(seq 10); do echo "http://dead.example/$i"; done
		for i in $(seq 50); do echo "http://origin.test/bytes/10?$i"; done
	} >list
	# With one slot, there is nobody else until it is free.
	[ "$STRATEGY" != sequential ] || { tac list >reverse; mv reverse list; }
	cat >>inside.sh <<-INSIDE
	"$PFETCH" -s $STRATEGY --origin -j 8 --per-host=4 -t 1 --discard \
		--connect-timeout=$((4 * SLOW)) --host-failures=1 list >stdout 2>stderr & pid=\$!
	sleep $((2 * SLOW))
	grep -c '^Read' stdout >read
	status=0; wait \$pid || status=\$?
	echo \$status >status
	kill \$deaf
	INSIDE
	unshare -mn bash inside.sh 3>&-
	cat stdout stderr
	[ "$(cat read)" -eq 50 ]
	[ "$(cat status)" -eq 4 ]
	[ "$(grep -c '^Failed http://dead.example' stderr)" -eq 10 ]
}

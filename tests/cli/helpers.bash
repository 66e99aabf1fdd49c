# Shared by the command-line tests.  The runner sets STRATEGY and PFETCH; ROOT
# is the top of the source tree.

ROOT=${ROOT:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
PFETCH=${PFETCH:-$ROOT/build/pfetch}
STRATEGY=${STRATEGY:-event}
PYTHON3=${PYTHON3:-python3}
# Sanitizers make everything slower; the runner may allow more time.
SLOW=${SLOW:-1}

# Runs pfetch under the strategy that is being tested, for at most a minute
# (times SLOW); the exit status of a time-out is 124.
fetch() {
	timeout -k 5 $((60 * SLOW)) "$PFETCH" -s "$STRATEGY" "$@"
}

# Like run, but keeps standard output and error apart, in $output and $errors.
# Bats' own --separate-stderr is too new for Debian 12.
run_apart() {
	status=0
	"$@" >"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" ||
		status=$?
	output=$(tr -d '\0' <"$BATS_TEST_TMPDIR/stdout")
	errors=$(tr -d '\0' <"$BATS_TEST_TMPDIR/stderr")
}

# Each of these prints what it saw if it fails.
expect_status() {
	[ "$status" -eq "$1" ] && return
	echo "status $status, not $1"
	echo "stdout: $output"
	echo "stderr: $errors"
	return 1
}

expect_line() { # TEXT EXTENDED-REGULAR-EXPRESSION
	grep -Eq -- "$2" <<<"$1" && return
	echo "no line like: $2"
	echo "in: $1"
	return 1
}

expect_no_line() {
	local found=0
	grep -Eq -- "$2" <<<"$1" || found=$?
	[ $found -eq 1 ] && return
	echo "a line like, or not an expression: $2"
	echo "in: $1"
	return 1
}

expect_files() { # NAME... are all the files of directory out
	local have want
	have=$(cd out && find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort)
	want=$(printf '%s\n' "$@" | LC_ALL=C sort)
	[ $# -gt 0 ] || want=
	[ "$have" = "$want" ] && return
	echo "files: $have"
	echo "not:   $want"
	return 1
}

# Succeeds if COMMAND, a grep, finds nothing.  A bare `! grep` can't fail a test
# unless it is the last command, and it mistakes an error for finding nothing.
absent() {
	local found=0
	"$@" || found=$?
	[ $found -eq 1 ]
}

# Prints the LENGTH bytes that the origin answers for PATH.
origin_body() {
	yes "$1" | head -c "$2"
}

# Skips the test, or writes what a script for `unshare -mn` begins with to
# inside.sh: names are looked up at a server that never answers, $deaf.
begin_deaf_namespace() {
	[ "$(id -u)" -eq 0 ] || skip "needs root for a namespace"
	unshare -mn true 2>/dev/null || skip "no namespaces here"
	echo "nameserver 127.0.0.9" >resolv.conf
	cat >deaf.py <<-'PY'
	import socket, time
	s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	s.bind(("127.0.0.9", 53))
	open("deaf", "w").write("deaf")
	time.sleep(60)
	PY
	cat >inside.sh <<-INSIDE
	ip link set lo up
	mount --bind resolv.conf /etc/resolv.conf
	"$PYTHON3" deaf.py & deaf=\$!
	until [ -s deaf ]; do sleep 0.05; done
	INSIDE
}

# Prints COUNT ports that are free, from below those that the kernel gives to
# connections.
free_ports() { # COUNT
	"$PYTHON3" -c '
import random, socket, sys
held = []
while len(held) < int(sys.argv[1]):
    try:
        held.append(socket.create_server(
            ("127.0.0.1", random.randrange(10000, 32000))))
    except OSError:
        pass
ports = [s.getsockname()[1] for s in held]
for s in held:
    s.close()
print(*ports)  # not before they are free again' "$1"
}

# Waits until COMMAND succeeds.
await() {
	local tries=0
	until "$@"; do
		sleep 0.05
		tries=$((tries + 1))
		[ $tries -lt $((200 * SLOW)) ] || {
			echo "in vain: $*"
			return 1
		}
	done
}

# Waits until FILE exists and is not empty.
await_file() {
	await test -s "$1"
}

# Starts the hostile server for a test file; stop_hostile ends it.
start_hostile() {
	mkdir -p "$BATS_FILE_TMPDIR/hostile"
	mkfifo "$BATS_FILE_TMPDIR/hostile/life"
	"$PYTHON3" "$ROOT/tests/hostile.py" "$BATS_FILE_TMPDIR/hostile" \
		<"$BATS_FILE_TMPDIR/hostile/life" \
		>"$BATS_FILE_TMPDIR/hostile/log" 2>&1 3>&- &
	HOSTILE_PID=$!
	exec 9>"$BATS_FILE_TMPDIR/hostile/life"
	await_file "$BATS_FILE_TMPDIR/hostile/port"
	export HOSTILE_PID
	HOSTILE=http://127.0.0.1:$(cat "$BATS_FILE_TMPDIR/hostile/port")
	export HOSTILE HOSTILE_REQUESTS=$BATS_FILE_TMPDIR/hostile/requests
}

stop_hostile() {
	kill "$HOSTILE_PID" 2>/dev/null || true
}

# The process that timeout(1), process PID, has started.
pfetch_of() { # PID
	local child
	child=$(pgrep -P "$1" | head -n 1)
	# The shell may have run timeout in a process of its own.
	[ "$(cat "/proc/$child/comm")" != timeout ] || child=$(pgrep -P "$child" | head -n 1)
	echo "$child"
}

# Enters an empty directory, one for each test.
enter_directory() {
	mkdir -p "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

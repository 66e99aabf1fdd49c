# What the command-line tests share.  STRATEGY and PFETCH are set by the
# runner; ROOT is the top of the sources.

PFETCH=${PFETCH:-$PWD/pfetch}
STRATEGY=${STRATEGY:-event}
ROOT=${ROOT:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
PYTHON3=${PYTHON3:-python3}
# Sanitizers make everything slower; the runner may allow more time.
SLOW=${SLOW:-1}

# pfetch under the strategy that is being tested, never for longer than a
# minute; a time-out is a failure by its exit status, 124.
fetch() {
	timeout -k 5 $((60 * SLOW)) "$PFETCH" -s "$STRATEGY" "$@"
}

# Like run, with standard output and error apart: $output and $errors.
# Bats' own --separate-stderr is too new for Debian 12.
run_apart() {
	status=0
	"$@" >"$BATS_TEST_TMPDIR/stdout" 2>"$BATS_TEST_TMPDIR/stderr" ||
		status=$?
	output=$(tr -d '\0' <"$BATS_TEST_TMPDIR/stdout")
	errors=$(tr -d '\0' <"$BATS_TEST_TMPDIR/stderr")
}

# Each says what it saw when it fails, and fails closed.
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
	grep -Eq -- "$2" <<<"$1" || return 0
	echo "a line like: $2"
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

# COMMAND, a grep, finds nothing.  A bare `! grep` that is not the last command
# of a test can't fail it, and takes an error of grep's for an absence.
absent() {
	local found=0
	"$@" || found=$?
	[ $found -eq 1 ]
}

# What the origin answers for PATH, of LENGTH bytes.
origin_body() {
	yes "$1" | head -c "$2"
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

# Waits until FILE is there and not empty.
await_file() {
	await test -s "$1"
}

# Starts the hostile server for a test file; stop_servers ends it.
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

# Every test works in an empty directory of its own.
enter_directory() {
	mkdir -p "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work"
}

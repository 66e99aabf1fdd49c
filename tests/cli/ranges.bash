# For cases that need a server of ranges (tests/ranges.py); load after helpers.

setup_file() {
	mkdir -p "$BATS_FILE_TMPDIR/ranges"
	mkfifo "$BATS_FILE_TMPDIR/ranges/life"
	"$PYTHON3" "$ROOT/tests/ranges.py" "$BATS_FILE_TMPDIR/ranges" \
		<"$BATS_FILE_TMPDIR/ranges/life" 3>&- &
	RANGES_PID=$!
	exec 9>"$BATS_FILE_TMPDIR/ranges/life"
	await_file "$BATS_FILE_TMPDIR/ranges/port"
	RANGES=http://127.0.0.1:$(cat "$BATS_FILE_TMPDIR/ranges/port")
	SERVED=$BATS_FILE_TMPDIR/ranges/served
	export RANGES RANGES_PID SERVED
}

teardown_file() {
	kill "$RANGES_PID" 2>/dev/null || true
}

# Prints SIZE bytes as the server sends them for VERSION.
range_body() { # SIZE [VERSION]
	"$PYTHON3" -c 'import sys
size, version = int(sys.argv[1]), sys.argv[2]
block = "".join("%s%07d\n" % (version, i) for i in range(6400))
sys.stdout.write((block * (size // len(block) + 1))[:size])' "$1" "${2:-a}"
}

expect_no_leftover() {
	[ -z "$(find out -name '.pfetch-*' 2>/dev/null)" ] ||
		{ ls -la out; return 1; }
}

# The number of bytes that the server has sent.
bytes_served() {
	awk '{ sum += $4 } END { print sum + 0 }' "$SERVED"
}

# Signals, deaths of workers and shortages of resources, under one strategy.
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

# Starts pfetch, by the command LAUNCHER if that is set, in the background; its
# exit status is written to the file status.
start() {
	(status=0
	 ${LAUNCHER:-} "$PFETCH" -s "$STRATEGY" "$@" >stdout 2>stderr || status=$?
	 echo $status >status) 3>&- &
	STARTED=$!
	sleep "$(awk "BEGIN { print 0.4 * $SLOW }")"
	PFETCH_PID=$(pgrep -P "$STARTED" -x pfetch | head -n 1)
	[ -n "$PFETCH_PID" ]
}

# Waits for the started pfetch to end, which must take at most SECONDS.
expect_end() { # SECONDS STATUS
	local before=$SECONDS
	wait "$STARTED"
	[ $((SECONDS - before)) -le $(($1 + SLOW - 1)) ] ||
		{ echo "took $((SECONDS - before)) s"; return 1; }
	[ "$(cat status)" -eq "$2" ] ||
		{ echo "status $(cat status)"; cat stderr; return 1; }
}

# Runs pfetch as a user derived from UID, who may have PROCESSES processes and
# threads.  It runs from a copy in a directory that this user can reach, as the
# build directory may be out of reach.
run_as_other() { # UID PROCESSES ARGUMENT...
	local uid processes=$2 place
	# Strategies are tested in parallel, so each has a user of its own.
	uid=$(($1 + $(cksum <<<"$STRATEGY" | cut -c1-4) * 10))
	shift 2
	place=$(mktemp -d /tmp/pfetch-other-XXXXXX)
	cp "$PFETCH" list "$ROOT/tests/tsan.supp" "$place"
	chmod 755 "$place" "$place/pfetch"
	pushd "$place" >/dev/null
	# For builds with a sanitizer: the leak checker needs a process of its
	# own, which may exceed this user's limit, and the suppressions must be
	# readable too.
	ASAN_OPTIONS=detect_leaks=0 \
		TSAN_OPTIONS="suppressions=$place/tsan.supp exitcode=66" \
		run_apart setpriv --reuid "$uid" --clear-groups bash -c \
		'ulimit -u "$0"; exec ./pfetch "$@"' \
		"$processes" -s "$STRATEGY" "$@"
	popd >/dev/null
	rm -rf "$place"
}

expect_no_temporary() {
	[ -z "$(find out -name '.pfetch-*' 2>/dev/null)" ] ||
		{ ls -la out; return 1; }
}

@test "work that computes is cut short by a signal" {
	for offload in 0 2; do
		for i in $(seq 8); do echo "http://origin.test/bytes/100?$i"; done >list
		start --origin --discard -j 2 --cpu-work=60s --offload=$offload list
		kill -INT "$PFETCH_PID"
		expect_end 3 130
		expect_line "$(cat stdout)" ', interrupted$'
		# Bodies that had arrived are kept.
		expect_line "$(cat stdout)" '^Read 100 from '
		# Two being computed, two read ahead; most others were never
		# read.
		[ "$(cat stdout stderr | grep -c "^Read\|^Failed")" -ge 4 ]
	done
}

@test "SIGINT while servers are silent" {
	for i in 1 2 3 4 5 6; do echo "$HOSTILE/silence?$i"; done >list
	start -j 4 -P out list
	kill -INT "$PFETCH_PID"
	expect_end 2 130
	expect_no_temporary
	[ "$(grep -c ': aborted: interrupted' stderr)" -ge 1 ]
	grep -q '^Downloaded 0 of .*, interrupted$' stdout
}

@test "SIGTERM while bodies arrive" {
	for i in 1 2 3 4; do
		echo "http://origin.test/rate/400000/bytes/90000000?$i"
	done >list
	start --origin -j 4 -P out list
	kill -TERM "$PFETCH_PID"
	expect_end 2 143
	expect_files
}

@test "bodies that wait for their turn when a signal comes are failures" {
	start --origin -O out -j 4 http://origin.test/delay/5000/bytes/10 \
		http://origin.test/bytes/20 http://origin.test/bytes/30
	absent grep '^Read' stderr
	kill -INT "$PFETCH_PID"
	expect_end 2 130
	[ ! -s out ]
	[ "$(grep -c '^Failed .*: aborted: interrupted' stderr)" -ge 1 ]
	absent grep '^Read' stderr
}

@test "SIGINT while a retry waits" {
	start --origin -j 4 -P out http://origin.test/retry-after/50
	kill -INT "$PFETCH_PID"
	expect_end 2 130
	expect_files
}

@test "SIGINT while the list is awaited" {
	mkfifo pipe
	exec 8<>pipe
	start -j 4 --discard pipe
	kill -INT "$PFETCH_PID"
	expect_end 2 130
	exec 8>&-
}

@test "SIGINT while the reader is stalled" {
	mkfifo stalled
	exec 8<>stalled
	(status=0
	 seq 100000 | sed 's|.*|http://origin.test/bytes/1?&|' |
	 { "$PFETCH" -s "$STRATEGY" --origin --discard - >stalled 2>stderr ||
		status=$?
	   echo $status >status; } ) 3>&- &
	STARTED=$!
	sleep $((1 * SLOW))
	PFETCH_PID=$(pgrep -f "^$PFETCH -s $STRATEGY --origin --discard -\$" | head -n 1)
	kill -INT "$PFETCH_PID"
	expect_end 2 130
	exec 8>&-
}

@test "SIGINT while a name is looked up in vain" {
	begin_deaf_namespace
	cat >>inside.sh <<-INSIDE
	env --default-signal=INT "$PFETCH" -s $STRATEGY -j 3 --discard http://a.example/ http://b.example/ \
		http://c.example/ >stdout 2>stderr & pid=\$!
	sleep $((1 * SLOW))
	date +%s%N >before
	kill -INT \$pid
	status=0; wait \$pid || status=\$?
	date +%s%N >after
	echo \$status >status
	kill \$deaf
	INSIDE
	unshare -mn bash inside.sh 3>&-
	local ms=$((($(cat after) - $(cat before)) / 1000000))
	echo "took $ms ms, status $(cat status)"
	[ "$(cat status)" -eq 130 ]
	[ "$ms" -lt $((2000 * SLOW)) ]
}

# Both signals are pending when the program continues.
@test "a signal told twice is one signal" {
	start -j 2 -P out "$HOSTILE/silence"
	kill -STOP "$PFETCH_PID"
	kill -INT "$PFETCH_PID"
	kill -TERM "$PFETCH_PID"
	kill -CONT "$PFETCH_PID"
	wait "$STARTED"
	# The system decides which of the two is delivered first.
	case "$(cat status)" in
	130|143) ;;
	*) cat status stderr; return 1 ;;
	esac
	expect_line "$(cat stdout)" '^Downloaded .* sites .*interrupted'
	expect_no_temporary
}

@test "workers that can't answer do not keep a signal waiting" {
	start -j 2 -P out "$HOSTILE/silence" "$HOSTILE/silence"
	local workers
	workers=$(pgrep -P "$PFETCH_PID" || true)
	[ -z "$workers" ] || kill -STOP $workers
	kill -INT "$PFETCH_PID"
	expect_end 2 130
	expect_line "$(cat stdout)" '^Downloaded .* sites .*interrupted'
}

@test "signals at random moments leave nothing behind" {
	for i in $(seq 400); do
		echo "http://origin.test/bytes/$((i * 997))?$i"
	done >list
	for i in 1 2 3 4 5 6 7 8; do
		rm -rf out status
		(status=0
		 "$PFETCH" -s "$STRATEGY" --origin -j 8 -P out list \
			>stdout 2>stderr || status=$?
		 echo $status >status) 3>&- &
		STARTED=$!
		sleep 0.0$i
		kill -INT "$(pgrep -P "$STARTED" -x pfetch | head -n 1)" \
			2>/dev/null || true
		wait "$STARTED"
		case "$(cat status)" in
		0|130) ;;
		*) cat status stderr; return 1 ;;
		esac
		[ ! -d out ] || expect_no_temporary
		# Every file with its final name is complete.
		[ ! -d out ] || find out -type f -printf '%s %f\n' |
			awk '{ split($2, n, "?"); if ($1 != n[1]) exit 1 }'
	done
}

@test "few descriptors mean fewer transfers, not failures" {
	for i in $(seq 60); do
		echo "http://origin.test/delay/20/bytes/100?$i"
	done >list
	run_apart bash -c "ulimit -n 48; '$PFETCH' -s $STRATEGY --origin -j 50 -P out list"
	expect_status 0
	[ "$(ls out | wc -l)" -eq 60 ]
	[ "$(grep -c 'warning' <<<"$errors")" -le 1 ]
	[ "$(grep -c 'Failed' <<<"$errors")" -eq 0 ]
}

@test "few descriptors and spooled bodies" {
	for i in $(seq 60); do
		echo "http://origin.test/bytes/$((70000 + i))"
	done >list
	run_apart bash -c "ulimit -n 48; '$PFETCH' -s $STRATEGY --origin -j 5 --queue=100 -O x http://origin.test/delay/800/bytes/5 list"
	expect_status 0
	[ "$(grep -c 'Failed' <<<"$errors")" -eq 0 ]
}

@test "few threads or processes mean fewer transfers, not failures" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	command -v setpriv >/dev/null || skip "no setpriv"
	for i in $(seq 40); do
		echo "http://origin.test/delay/20/bytes/100?$i"
	done >list
	run_as_other 54321 8 --origin -j 30 --discard list
	expect_status 0
	[ "$(grep -c '^Read 100 from' <<<"$output")" -eq 40 ]
	[ "$(grep -c 'Failed' <<<"$errors")" -eq 0 ]
}

@test "an ordinary user's files get their names" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	command -v setpriv >/dev/null || skip "no setpriv"
	: >list
	mkdir -m 777 /tmp/pfetch-named-$$
	run_as_other 54324 200 --origin -j 2 -P /tmp/pfetch-named-$$ \
		http://origin.test/bytes/1001 http://origin.test/bytes/100001
	wc -c /tmp/pfetch-named-$$/* >sizes
	rm -rf /tmp/pfetch-named-$$
	expect_status 0
	grep -q '^ *1001 .*/1001$' sizes
	grep -q '^ *100001 .*/100001$' sizes
	grep -q '^ *101002 total$' sizes
}

@test "no thread and no process at all: the core works itself" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	command -v setpriv >/dev/null || skip "no setpriv"
	for i in $(seq 30); do echo "$HOSTILE/ok?$i"; done >list
	run_as_other 54323 1 -j 4 --discard list
	expect_status 0
	[ "$(grep -c '^Read 5 from' <<<"$output")" -eq 30 ]
}

@test "few threads are enough to look up names" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become another user"
	command -v setpriv >/dev/null || skip "no setpriv"
	local name
	name=$(uname -n)
	getent hosts "$name" >/dev/null || skip "this host has no name"
	# Nothing listens there; a refusal shows that the name was found.
	for i in $(seq 30); do echo "http://$name:1/$i"; done >list
	run_as_other 54322 8 -j 20 -t 1 --discard list
	expect_status 4
	[ "$(grep -c ': connect: ' <<<"$errors")" -eq 30 ]
}

@test "a list of bad lines does not keep a signal waiting" {
	start --origin --discard <(yes nonsense | head -n 30000000)
	kill -INT "$PFETCH_PID"
	expect_end 2 130
}

@test "workers and servers vanish with their parent" {
	for i in 1 2 3 4; do echo "$HOSTILE/silence?$i"; done >list
	start --origin -j 4 -P out list
	pgrep -g "$(ps -o pgid= "$PFETCH_PID" | tr -d ' ')" -x pfetch >before
	kill -KILL "$PFETCH_PID"
	wait "$STARTED"
	sleep $((1 * SLOW))
	while read -r pid; do
		# Gone, or a zombie that nobody has waited for yet.
		state=$(ps -o stat= "$pid" | cut -c1)
		[ -z "$state" ] || [ "$state" = Z ] ||
			{ ps "$pid"; return 1; }
	done < <(grep -v "^$PFETCH_PID$" before | while read -r pid; do
		[ "$(ps -o ppid= "$pid" | tr -d ' ')" = 1 ] && echo "$pid"; done)
}

@test "workers killed again and again: every entry has its result" {
	[ "$STRATEGY" = process ] || skip "only process has workers to kill"
	local entries=$((300 * SLOW))
	for i in $(seq $entries); do
		echo "http://origin.test/delay/10/bytes/100000?$i"
	done >list
	start --origin -j 4 -P out list
	local killed=0 origin
	# The oldest child is the origin, not a worker.
	origin=$(pgrep -o -P "$PFETCH_PID")
	while kill -0 "$PFETCH_PID" 2>/dev/null && [ $killed -lt 15 ]; do
		victim=$(pgrep -P "$PFETCH_PID" | grep -v "^$origin$" |
			shuf -n 1)
		[ -z "$victim" ] || { kill -KILL "$victim" && killed=$((killed + 1)); }
		sleep 0.05
	done
	wait "$STARTED"
	cat stderr
	[ $killed -ge 5 ]
	# A worker's death costs nothing, unless one entry loses two workers.
	local read failed
	read=$(grep -c '^Read 100000 from' stdout)
	failed=$(grep -c ': worker: ' stderr || true)
	[ $((read + failed)) -eq $entries ]
	[ "$failed" -le 2 ]
	[ "$(ls -A out | wc -l)" -eq "$read" ]
	[ -z "$(find out -type f ! -size 100000c)" ]
}

# Prints a worker of the started pfetch, which has a job by now; the oldest
# child is the origin.
pick_worker() {
	local origin
	origin=$(pgrep -o -P "$PFETCH_PID")
	pgrep -P "$PFETCH_PID" | grep -v "^$origin$" | head -n 1
}

@test "a worker that stops answering is replaced, and its job done by another" {
	[ "$STRATEGY" = process ] || skip "only process has workers to stop"
	for i in 1 2 3 4; do
		echo "http://origin.test/delay/1500/bytes/$((100000 + i))"
	done >list
	start --origin -j 2 -P out --connect-timeout=0.5 --stall-timeout=0.5 list
	kill -STOP "$(pick_worker)"
	# 1 + 5 seconds of silence, plus the time that the jobs take.
	expect_end 12 0
	expect_files 100001 100002 100003 100004
	[ ! -s stderr ] || { cat stderr; return 1; }
}

@test "a job whose workers stop answering twice fails, and nothing else does" {
	[ "$STRATEGY" = process ] || skip "only process has workers to stop"
	start --origin -j 1 -P out --max-time=$SLOW.9 -t 1 \
		http://origin.test/delay/$((800 * SLOW))/bytes/10 \
		http://origin.test/bytes/20
	local first second
	first=$(pick_worker)
	kill -STOP "$first"
	second=$first
	await pick_another
	kill -STOP "$second"
	expect_end $((16 + 2 * SLOW)) 3
	expect_line "$(cat stderr)" 'delay.*: worker: two worker processes stopped answering'
	expect_files 20
}

# Sets $second to a worker other than $first, if there is one.
pick_another() {
	second=$(pick_worker)
	[ -n "$second" ] && [ "$second" != "$first" ]
}

@test "timeout(1) ends it in order" {
	for i in 1 2 3; do echo "$HOSTILE/silence?$i"; done >list
	run_apart timeout $((1 * SLOW)) "$PFETCH" -s "$STRATEGY" -j 2 -P out list
	expect_status 124
	expect_line "$output" '^Downloaded 0 of 3 sites in .* seconds \(3 failed\), interrupted$'
	[ "$(grep -c ': aborted: interrupted' <<<"$errors")" -eq 3 ]
	expect_no_temporary
}

@test "nohup lets it live on when the terminal is gone" {
	for i in 1 2 3 4; do
		echo "http://origin.test/delay/$((700 * SLOW))/bytes/1?$i"
	done >list
	LAUNCHER=nohup start --origin -j 2 -P out list
	kill -HUP "$PFETCH_PID"
	expect_end $((8 * SLOW)) 0
	expect_line "$(cat stdout)" '^Downloaded 4 sites'
}

@test "SIGHUP ends it in order, as SIGTERM does" {
	for i in 1 2 3 4; do
		echo "http://origin.test/rate/400000/bytes/90000000?$i"
	done >list
	start --origin -j 4 -P out list
	kill -HUP "$PFETCH_PID"
	expect_end 2 129
	expect_line "$(cat stdout)" '^Downloaded 0 of .*, interrupted$'
	expect_files
}

has_temporary() {
	[ -n "$(find out -name '.pfetch-*' 2>/dev/null)" ] && : >begun
}

@test "ctrl-Z and fg in the middle of transfers cost nothing" {
	for i in 1 2 3; do
		echo "http://origin.test/rate/150000/bytes/30000$i"
	done >list
	await has_temporary 3>&- &
	run_apart "$PYTHON3" "$ROOT/tests/terminal.py" suspend \
		"'$PFETCH' -s $STRATEGY --origin -q -j 3 -P out list"
	wait
	[ "$output" = 0 ] || { echo "$output $errors"; return 1; }
	expect_files 300001 300002 300003
	for i in 1 2 3; do
		[ "$(md5sum <out/30000$i)" = "$(origin_body \
			/rate/150000/bytes/30000$i 30000$i | md5sum)" ]
	done
}

@test "a terminal that is closed ends it in order" {
	echo "http://origin.test/rate/400000/bytes/90000000" >list
	await has_temporary 3>&- &
	run_apart "$PYTHON3" "$ROOT/tests/terminal.py" close \
		"$PFETCH" -s "$STRATEGY" --origin -j 3 -P out list
	wait
	[ "$output" = "signal 1" ] || { echo "$output $errors"; return 1; }
	expect_files
}

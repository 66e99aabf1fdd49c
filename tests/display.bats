# What people see while a run goes on, on a terminal (tmux) and elsewhere, under
# every strategy.

ROOT=${ROOT:-$(cd "$BATS_TEST_DIRNAME/.." && pwd)}

setup() {
	load cli/helpers
	enter_directory
	command -v tmux >/dev/null || {
		[ -z "${NEED_TMUX:-}" ] && skip "no tmux"
		echo "no tmux"
		return 1
	}
	SOCKET=$BATS_TEST_TMPDIR/tmux SESSIONS=0
	for i in $(seq 100); do
		echo "http://origin.test/delay/60/bytes/20000?$i"
	done >list
	cat >slow <<-LIST
	http://origin.test/rate/20000/bytes/60000?long
	http://origin.test/rate/20000/bytes/60000?longer
	LIST
}

teardown() {
	tmux -S "$SOCKET" kill-server 2>/dev/null || true
}

on_terminal() { # COLUMNS ROWS COMMAND
	tmux -S "$SOCKET" kill-server 2>/dev/null || true
	SOCKET=$BATS_TEST_TMPDIR/tmux-$((++SESSIONS))
	rm -f end
	tmux -S "$SOCKET" -f /dev/null new-session -d -x "$1" -y "$2" \
		"trap : INT; TERM=xterm $3; echo status \$? >end; sleep 30"
}

# Prints the terminal, with what has scrolled away.
screen() {
	tmux -S "$SOCKET" capture-pane -p -S -2000
}

shows() { # EXTENDED-REGULAR-EXPRESSION
	screen >seen
	grep -Eq -- "$1" seen
}

strategies() {
	"$PFETCH" --list-strategies | awk '{ print $1 }'
}

@test "80 columns: how far the run has come, then only the report" {
	local strategy
	for strategy in $(strategies); do
		on_terminal 80 24 "$PFETCH -s $strategy --origin -j 4 --discard list"
		await shows '^[0-9]+ of 100 done, [0-9.]+ [KM]iB, [0-9.]+ [KM]iB/s, [0-9]:[0-9]{2} left$'
		# One line of it, at the foot.
		[ "$(grep -c ' of 100 done' seen)" -eq 1 ]
		grep -v '^$' seen | tail -n 1 | grep -q ' of 100 done'
		await test -s end
		screen >seen
		[ "$(cat end)" = "status 0" ]
		[ "$(grep -c '^Read 20000 from http://origin.test/delay/60/bytes/20000?[0-9]*$' seen)" -eq 100 ]
		[ "$(grep -c '^Downloaded 100 sites in' seen)" -eq 1 ]
		absent grep -v '^Read 20000\|^Downloaded\|^$' seen
		done
}

@test "40 columns: what matters most, in one line" {
	on_terminal 40 24 "$PFETCH --origin -j 4 --discard list >/dev/null"
	await shows '^[0-9]+ of 100 done, .*left$'
	absent grep -E '^.{40,}$' seen
	await test -s end
	screen >seen
	[ -z "$(tr -d '\n ' <seen)" ]
}

@test "the display follows the size of the terminal" {
	on_terminal 100 24 "$PFETCH --origin -j 1 --discard list >/dev/null"
	await shows ' of 100 done, .* [KM]iB, .* [KM]iB/s, .*left$'
	tmux -S "$SOCKET" resize-window -x 30 -y 24
	sleep 1
	await shows '^[0-9]+ of 100 done'
	# Nothing of the longer line is left.
	[ "$(grep -c . seen)" -le 2 ]
	tmux -S "$SOCKET" resize-window -x 100 -y 24
	await shows ' of 100 done, .* [KM]iB, .* [KM]iB/s, .*left$'
	await test -s end
}

@test "a taller terminal, or --verbose, shows the slowest transfers" {
	on_terminal 80 40 "$PFETCH --origin -j 2 --discard slow >/dev/null"
	await shows '^ +[0-9.]+ s receiving +[0-9.]+ KiB  http://origin.test/rate/20000/bytes/60000'
	[ "$(grep -c ' receiving ' seen)" -eq 2 ]
	on_terminal 80 24 "$PFETCH -v --origin -j 2 --discard slow >/dev/null"
	await shows '^ +[0-9.]+ s receiving '
	on_terminal 80 24 "$PFETCH --origin -j 2 --discard slow >/dev/null"
	await shows ' of 2 done'
	sleep 0.5
	screen | absent grep receiving
}

@test "ctrl-C leaves the terminal as it was" {
	local strategy
	for strategy in $(strategies); do
		on_terminal 80 24 "$PFETCH -s $strategy --origin -j 4 --discard list >/dev/null"
		await shows ' of 100 done'
		tmux -S "$SOCKET" send-keys C-c
		await shows 'aborted: '
		screen >seen
		absent grep ' of 100 done' seen
		done
}

@test "a long pause explains itself" {
	mkfifo pipe
	exec 8<>pipe
	on_terminal 80 24 "$PFETCH --discard pipe"
	await shows '^waiting for the list$'
	on_terminal 80 24 "$PFETCH --origin --discard http://origin.test/retry-after/9"
	await shows '^origin.test(:80)? is left alone until [0-9]{2}:[0-9]{2}:[0-9]{2}$'
	exec 8>&-
}

@test "elsewhere there is no display, unless lines are asked for" {
	run_apart fetch --origin --discard -j 4 slow
	expect_status 0
	[ -z "$errors" ]
	run_apart fetch --origin --discard -j 4 --progress=bar slow
	expect_line "$errors" ' of 2 done'
	on_terminal 80 24 "$PFETCH --origin -j 4 --progress=none --discard list >/dev/null"
	await test -s end
	screen | absent grep ' of 100'
	"$PFETCH" --discard --progress=plain <(sleep 11) >out 2>errors
	grep -Eq '^pfetch: 0 of 0\+ done, 0 B, 0 B/s; waiting for the list$' errors
	[ "$(wc -l <errors)" -eq 1 ]
	run_apart fetch --progress=other http://origin.test/
	expect_status 2
}

@test "SIGUSR1 asks what is in flight" {
	local strategy pid
	for strategy in $(strategies); do
		"$PFETCH" -s "$strategy" --origin -j 2 --discard slow >out 2>errors &
		pid=$!
		sleep 1
		kill -USR1 $pid
		await grep -q 'in flight$' errors
		wait $pid
		grep -Eq '^pfetch: 0 of 2\+? done, 0 failed, 0 retrying, 0 parked, [12] in flight$' errors
		grep -Eq '^  [0-9.]+ s, receiving, [1-9][0-9]* bytes, http://origin.test/rate/20000/bytes/60000\?long$' errors
		[ "$(grep -c '^Read 60000' out)" -eq 2 ]
	done
}

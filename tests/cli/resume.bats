# Going on from incomplete bodies, in one run and in the next, under one
# strategy.
load helpers
load ranges

setup() {
	enter_directory
	rm -f "$SERVED"
}

@test "a try goes on where the last one was cut off" {
	run_apart fetch -P out -t 5 "$RANGES/ok/1000000/300000"
	expect_status 0
	cmp out/300000 <(range_body 1000000)
	[ "$(bytes_served)" -eq 1000000 ]
	[ "$(grep -c ' 206 ' "$SERVED")" -eq 3 ]
	expect_line "$output" '^Read 1000000 from '
	expect_no_leftover
	run_apart fetch -P out2 -t 5 "$RANGES/date/1000000/600000"
	expect_status 0
	cmp out2/600000 <(range_body 1000000)
}

@test "digests and sizes of continued bodies are those of the whole" {
	local sum
	sum=$(range_body 1000000 | sha256sum | cut -d' ' -f1)
	printf '%s\tsha256=%s\tsize=1000000\n' "$RANGES/ok/1000000/600000" \
		"$sum" >list
	run_apart fetch -P out --checksum-file=sums list
	expect_status 0
	sha256sum -c sums
	grep -q " 206 600000 " "$SERVED"
	run_apart fetch -P out2 --max-size=900000 "$RANGES/ok/1000000/600000"
	expect_status 1
	[ -z "$(ls -A out2)" ]
}

@test "without a strong validator, the body is fetched anew" {
	for mode in weak none new; do
		rm -f "$SERVED"
		run_apart fetch -P out -t 3 "$RANGES/$mode/500000/300000"
		expect_status 7
		expect_line "$errors" 'truncated: '
		absent grep -v " 200 0 300000" "$SERVED"
		[ -z "$(ls -A out)" ]
	done
}

@test "versions are never mixed, whatever the server says" {
	# Another version: it is sent as a whole, and it is cut off, too.
	run_apart fetch -P out -t 6 "$RANGES/changed/500000/300000"
	expect_status 7
	[ -z "$(ls -A out)" ]
	for mode in ignore othertag otherdate wrongrange noend deny; do
		run_apart fetch -P out -t 3 "$RANGES/$mode/500000/300000"
		expect_status 7
		[ -z "$(ls -A out)" ] || { ls -la out; echo "$mode"; return 1; }
	done
}

@test "an interrupted run is continued by the next" {
	printf '%s\n' "$RANGES/ok/800000?2" "$RANGES/ok/800000/0/400000" >list
	"$PFETCH" -s "$STRATEGY" -c -P out list >log 2>&1 3>&- &
	local pid=$!
	await bash -c 'ls out/.pfetch-*.part >/dev/null 2>&1 &&
		[ "$(stat -c %s out/.pfetch-*.part | sort -n | tail -n 1)" -gt 200000 ]'
	kill -TERM $pid
	wait $pid || true
	expect_line "$(cat log)" '^Kept 1 incomplete file: run again with --continue'
	[ -f out/800000\?2 ]
	[ "$(stat -c %a out/.pfetch-*.partial)" = 600 ]
	await grep -q . "$SERVED"
	rm "$SERVED"
	# Another URL's list leaves it alone.
	run_apart fetch -c -P out "$RANGES/ok/1000"
	expect_status 0
	[ -n "$(ls out/.pfetch-*.part)" ]
	run_apart fetch -c -P out "$RANGES/ok/800000/0/400000"
	expect_status 0
	cmp out/400000 <(range_body 800000)
	[ "$(grep 'ok 206' "$SERVED" | cut -d' ' -f3)" -gt 200000 ]
	expect_no_leftover
	# Without --continue, nothing is left.
	"$PFETCH" -s "$STRATEGY" -P out3 list >log 2>&1 3>&- &
	pid=$!
	await bash -c 'ls out3/.pfetch-*.part >/dev/null 2>&1'
	kill -TERM $pid
	wait $pid || true
	[ -z "$(find out3 -name '.pfetch-*')" ]
}

@test "a run that was killed is continued by the next" {
	for i in 1 2 3 4; do
		echo "$RANGES/ok/2000000/0/1000000?$i"
	done >list
	"$PFETCH" -s "$STRATEGY" -j 4 -c -P out list >log 2>&1 3>&- &
	local pid=$! kept
	await bash -c '[ "$(stat -c %s out/.pfetch-*.part 2>/dev/null |
		awk "{ sum += \$1 } END { print sum + 0 }")" -gt 1200000 ]'
	kill -KILL $pid
	wait $pid || true
	kept=$(stat -c %s out/.pfetch-*.part |
		awk '{ sum += $1 } END { print sum }')
	sleep 0.2
	rm -f "$SERVED"
	run_apart fetch -j 4 -c -P out list
	expect_status 0
	for i in 1 2 3 4; do
		cmp "out/1000000?$i" <(range_body 2000000)
	done
	# Less than 5 % is fetched again, but for what sequential had not begun.
	[ "$(bytes_served)" -le $((8000000 - kept + 400000)) ]
	expect_no_leftover
}

@test "entries that differ in more than the URL do not share a file" {
	printf '%s\theader=A: b\n' "$RANGES/ok/800000/0/400000" >list
	"$PFETCH" -s "$STRATEGY" -c -P out list >log 2>&1 3>&- &
	local pid=$!
	await bash -c 'ls out/.pfetch-*.part >/dev/null 2>&1'
	kill -KILL $pid
	wait $pid || true
	rm -f "$SERVED"
	run_apart fetch -c -P out "$RANGES/ok/800000"
	expect_status 0
	grep -q '^ok 200 0 800000' "$SERVED"
}

@test "an entry that is skipped leaves its part to nobody" {
	"$PFETCH" -s "$STRATEGY" -c -P out "$RANGES/ok/800000/0/400000" \
		>log 2>&1 3>&- &
	local pid=$!
	await bash -c 'ls out/.pfetch-*.part >/dev/null 2>&1'
	kill -KILL $pid
	wait $pid || true
	echo old >out/400000
	run_apart fetch -c -P out --skip-existing "$RANGES/ok/800000/0/400000"
	expect_status 0
	[ "$(cat out/400000)" = old ]
	rm out/400000
	run_apart fetch -c -P out --skip-existing "$RANGES/ok/800000/0/400000"
	expect_status 0
	cmp out/400000 <(range_body 800000)
	expect_no_leftover
}

@test "a list that is not ours is not believed" {
	mkdir out
	echo secret >secret
	ln -s ../secret out/.pfetch-00000000000000aa-1.part
	head -c 5000 /dev/zero >out/.pfetch-00000000000000ab-1.part
	for run in aa ab ac; do
		printf 'boot %s\n1\t"a"\t%s/ok/1000\n2\t"a"\n\n3\t\t\n' \
			"$(cat /proc/sys/kernel/random/boot_id)" "$RANGES" \
			>"out/.pfetch-00000000000000$run.partial"
	done
	echo "boot of another time" >out/.pfetch-00000000000000ad.partial
	mkfifo out/.pfetch-00000000000000ae.partial
	# The file is longer than the body: the server says so, and all is
	# fetched.
	run_apart fetch -c -P out "$RANGES/ok/1000"
	expect_status 0
	cmp out/1000 <(range_body 1000)
	[ "$(cat secret)" = secret ]
	run_apart fetch -c -O - "$RANGES/ok/1000"
	expect_status 2
}

# Large bodies over several connections, under one strategy.
load helpers
load ranges

SIZE=6000000

setup() {
	enter_directory
	rm -f "$SERVED"
}

count_served() { # PATTERN
	grep -c "$1" "$SERVED"
}


served_parts() { # NUMBER
	[ -e "$SERVED" ] && [ "$(count_served ' 206 ')" -ge "$1" ]
}

# Ends a run by SIGNAL while parts are in flight.
end_by() { # SIGNAL
	"$PFETCH" -s "$STRATEGY" -P out -c --segments=4 \
		"$RANGES/ok/$SIZE/0/1000000" >log 2>&1 3>&- &
	local pid=$!
	await served_parts 4
	sleep 0.2
	kill "-$1" $pid
	wait $pid || true
}

@test "a large body comes in parts, a small one does not" {
	run_apart fetch -P out --segments=4 -v "$RANGES/ok/$SIZE/0/4000000"
	expect_status 0
	cmp out/4000000 <(range_body $SIZE)
	[ "$(bytes_served)" -eq $SIZE ]
	[ "$(count_served ' 206 ')" -ge 5 ]
	expect_no_leftover
	for size in 0 1 900000 1048576 1048577 3000000; do
		rm -f "$SERVED"
		run_apart fetch -P "small$size" --segments=4 "$RANGES/ok/$size"
		expect_status 0
		cmp "small$size/$size" <(range_body "$size")
		[ "$(bytes_served)" -eq "$size" ]
		[ "$(count_served .)" -le 3 ]
	done
}

@test "no more connections than --segments, --per-host and --jobs allow" {
	for options in "--segments=3" "--segments=9 --per-host=2" \
		"--segments=9 -j 2"; do
		run_apart fetch -P "out" $options --trace=trace \
			"$RANGES/ok/$SIZE/0/10000000"
		expect_status 0
		"$PYTHON3" - "${options}" <<-'PYTHON'
		import json, sys
		load = [e["args"]["jobs"] for e in json.load(open("trace"))
		        if e["ph"] == "C" and e["name"] == "in flight"]
		assert max(load) <= (3 if sys.argv[1] == "--segments=3" else 2), load
		PYTHON
	done
}

@test "digests and sizes of a body in parts are those of the whole" {
	local sum
	sum=$(range_body $SIZE | sha256sum | cut -d' ' -f1)
	printf '%s\tsha256=%s\tsize=%s\tout=good\n' \
		"$RANGES/ok/$SIZE" "$sum" $SIZE >list
	printf '%s\tsize=%s\tout=short\n' "$RANGES/ok/$SIZE?2" 5999999 >>list
	printf '%s\tmd5=%032d\tout=other\n' "$RANGES/ok/$SIZE?3" 0 >>list
	run_apart fetch -P out --segments=4 --checksum-file=sums list
	expect_status 7
	expect_line "$errors" "line 2): mismatch: body is $SIZE bytes"
	expect_line "$errors" 'line 3): mismatch: md5 of the body'
	sha256sum --quiet -c sums
	expect_files good
	expect_no_leftover
	run_apart fetch -P out --segments=4 --max-size=5M "$RANGES/ok/$SIZE"
	expect_line "$errors" 'limit: body exceeds'
	expect_no_leftover
}

@test "versions are never mixed, whatever the server says of its parts" {
	for mode in none weak new ignore deny tire changed othertag wrongrange \
		noend longer huge excess moved forbid; do
		run_apart fetch -P out -t 3 --segments=4 -q -o "$mode" "$RANGES/$mode/$SIZE"
		if [ "$status" -eq 0 ]; then
			cmp "out/$mode" <(range_body $SIZE a) ||
				cmp "out/$mode" <(range_body $SIZE b)
		else
			[ ! -e "out/$mode" ]
		fi
		echo "$mode: $status $errors"
		[ "$mode" = changed ] || [ "$status" -eq 0 ]
		expect_no_leftover
	done
}

@test "what has been fetched of a body in parts outlasts its server" {
	run_apart fetch -P out -c -t 1 --segments=2 "$RANGES/dies/$SIZE"
	expect_status 4
	expect_line "$output" '^Kept 1 incomplete file'
	[ "$(grep -c . out/.pfetch-*.partial)" -ge 3 ]
	run_apart fetch -P out2 -t 1 --segments=2 "$RANGES/dies/$SIZE"
	expect_status 4
	[ -z "$(ls -A out2)" ]
	printf '%s\tmirror=%s\n' "$RANGES/dies/$SIZE" "$RANGES/ok/$SIZE?m" >list
	run_apart fetch -P out3 -t 1 --segments=2 list
	expect_status 0
	cmp "out3/$SIZE" <(range_body $SIZE)
	[ "$(ls -A out3)" = $SIZE ]
}

@test "a part that is cut off is fetched to its end" {
	run_apart fetch -P out -t 9 --segments=4 "$RANGES/ok/$SIZE/400000"
	expect_status 0
	cmp out/400000 <(range_body $SIZE)
	expect_no_leftover
	run_apart fetch -P out2 -t 1 --segments=4 "$RANGES/ok/$SIZE/400000"
	expect_status 7
	expect_no_leftover
	[ -z "$(ls -A out2)" ]
}

@test "parts of a run that was killed are not taken for the whole" {
	end_by KILL
	sleep 0.3
	rm -f "$SERVED"
	run_apart fetch -P out -c --segments=4 "$RANGES/ok/$SIZE/0/1000000"
	expect_status 0
	cmp out/1000000 <(range_body $SIZE)
	expect_no_leftover
	[ "$(bytes_served)" -lt 3000000 ]
}

@test "an interrupted body in parts is continued" {
	end_by TERM
	expect_line "$(cat log)" '^Kept 1 incomplete file'
	rm -f "$SERVED"
	run_apart fetch -P out -c "$RANGES/ok/$SIZE/0/1000000"
	expect_status 0
	cmp out/1000000 <(range_body $SIZE)
	expect_no_leftover
	[ "$(bytes_served)" -lt 3000000 ]
}

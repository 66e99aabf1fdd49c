# Ordinary fetching, under one strategy: files, names, retries, redirects,
# limits, exit statuses.
load helpers

setup() {
	enter_directory
}

@test "files hold the bodies and have the URL's names" {
	cat >list <<-'LIST'
	http://origin.test/bytes/1256
	http://origin.test/bytes/0
	http://origin.test/chunked/70000
	http://origin.test/bytes/300000?with=query
	http://origin.test/delay/20/bytes/10
	LIST
	run_apart fetch --origin -P out list
	expect_status 0
	[ -z "$errors" ]
	expect_files 0 10 1256 70000 "300000?with=query"
	cmp out/1256 <(origin_body /bytes/1256 1256)
	cmp out/70000 <(origin_body /chunked/70000 70000)
	cmp "out/300000?with=query" <(origin_body "/bytes/300000?with=query" 300000)
	cmp out/10 <(origin_body /delay/20/bytes/10 10)
	[ ! -s out/0 ]
	expect_line "$output" '^Read 1256 from http://origin.test/bytes/1256$'
	expect_line "$output" '^Read 70000 from http://origin.test/chunked/70000$'
	expect_line "$output" '^Downloaded 5 sites in [0-9]+\.[0-9][0-9] seconds$'
	[ "$(wc -l <<<"$output")" -eq 6 ]
}

@test "no URL, one URL, fewer and more than slots all end well" {
	for count in 0 1 3 40; do
		for i in $(seq "$count"); do
			echo "http://origin.test/bytes/10?$i"
		done >list
		run_apart fetch --origin -j 8 --discard list
		expect_status 0
		expect_line "$output" "^Downloaded $count sites in "
		[ "$(grep -c '^Read 10 from' <<<"$output")" -eq "$count" ]
	done
}

@test "a URL may be an argument, beside lists" {
	echo "http://origin.test/bytes/2" >list
	run_apart fetch --origin -P out http://origin.test/bytes/1 list \
		http://origin.test/bytes/3
	expect_status 0
	expect_files 1 2 3
}

@test "a status of 400 or more is a failure and leaves no file" {
	run_apart fetch --origin -P out http://origin.test/status/404 \
		http://origin.test/bytes/7
	expect_status 8
	expect_files 7
	expect_line "$errors" '^Failed http://origin.test/status/404 \(argument 1\): http: HTTP 404'
	expect_line "$output" '^Downloaded 1 of 2 sites in .* seconds \(1 failed\)$'
}

@test "a failure names the list and the line" {
	printf '\n# comment\nhttp://origin.test/bytes/1\nhttp://origin.test/status/403\n' >list
	run_apart fetch --origin --discard list
	expect_status 8
	expect_line "$errors" '^Failed http://origin.test/status/403 \(list, line 4\): http: HTTP 403'
}

@test "redirects are followed, and the name stays the list's" {
	run_apart fetch --origin -P out http://origin.test/redirect/3/bytes/77
	expect_status 0
	expect_files 77
	cmp out/77 <(origin_body /bytes/77 77)
}

@test "redirects end at the limit" {
	run_apart fetch --origin -P out --max-redirect=2 \
		http://origin.test/redirect/3/bytes/77
	expect_status 8
	expect_line "$errors" ': redirect: more than 2 redirects$'
	run_apart fetch --origin -P out --max-redirect=3 \
		http://origin.test/redirect/3/bytes/77
	expect_status 0
}

@test "what can pass is tried again, as often as asked" {
	run_apart fetch --origin --discard -v http://origin.test/flaky/2
	expect_status 0
	expect_line "$output" '; tries 3'
	expect_line "$output" ' 2 retries$'
	run_apart fetch --origin --discard -t 2 http://origin.test/flaky/2
	expect_status 8
	expect_line "$errors" 'HTTP 503.*, after 2 tries$'
}

@test "what can't pass is tried once" {
	run_apart fetch --origin --discard -v http://origin.test/status/404
	expect_status 8
	expect_line "$output" ' 0 retries$'
}

@test "Retry-After is obeyed, up to the cap" {
	local before=$SECONDS
	run_apart fetch --origin --discard http://origin.test/retry-after/2
	expect_status 0
	[ $((SECONDS - before)) -ge 2 ]
	before=$SECONDS
	run_apart fetch --origin --discard --retry-max-wait=0.1 \
		http://origin.test/retry-after/99999
	expect_status 0
	[ $((SECONDS - before)) -lt $((5 * SLOW)) ]
}

@test "names that are taken get numbers in list order" {
	mkdir out
	echo old >out/5
	cat >list <<-'LIST'
	http://origin.test/delay/150/bytes/5
	http://origin.test/delay/100/bytes/5
	http://origin.test/delay/50/bytes/5
	http://origin.test/bytes/5
	LIST
	run_apart fetch --origin -P out list
	expect_status 0
	expect_files 5 5.1 5.2 5.3 5.4
	[ "$(cat out/5)" = old ]
	cmp out/5.1 <(origin_body /delay/150/bytes/5 5)
	cmp out/5.2 <(origin_body /delay/100/bytes/5 5)
	cmp out/5.4 <(origin_body /bytes/5 5)
}

@test "a name is taken even when its entry fails" {
	cat >list <<-'LIST'
	http://origin.test/status/404/x
	http://origin.test/delay/100/bytes/9?x
	http://origin.test/status/404/b/9?x
	http://origin.test/bytes/9?x
	LIST
	run_apart fetch --origin -P out list
	expect_status 8
	expect_files "9?x" "9?x.2"
	cmp "out/9?x" <(origin_body "/delay/100/bytes/9?x" 9)
}

@test "--output-document takes all bodies in list order" {
	for i in 150 100 50 0; do
		echo "http://origin.test/delay/$i/bytes/1000"
		echo "http://origin.test/bytes/200000?$i"
		echo "http://origin.test/status/404?$i"
	done >list
	for i in 150 100 50 0; do
		origin_body "/delay/$i/bytes/1000" 1000
		origin_body "/bytes/200000?$i" 200000
	done >want
	run_apart fetch --origin -O all list
	expect_status 8
	cmp all want
	expect_line "$output" '' # the report goes to stderr
	[ -z "$output" ]
	fetch --origin -O - list >all2 2>report || [ $? -eq 8 ]
	cmp all2 want
	expect_line "$(cat report)" '^Read 1000 from http://origin.test/delay/150/bytes/1000$'
	expect_line "$(cat report)" '^Downloaded 8 of 12 sites'
}

@test "a try that failed leaves nothing in the one document" {
	run_apart fetch --origin -O all -t 2 http://origin.test/drop/100000 \
		http://origin.test/bytes/3
	expect_status 7
	cmp all <(origin_body /bytes/3 3)
}

@test "--discard keeps nothing" {
	run_apart fetch --origin --discard http://origin.test/bytes/500
	expect_status 0
	expect_line "$output" '^Read 500 from '
	[ -z "$(ls)" ]
}

@test "--quiet reports failures only" {
	run_apart fetch --origin --discard -q http://origin.test/bytes/5 \
		http://origin.test/status/500 -t 1
	expect_status 8
	[ -z "$output" ]
	[ "$(wc -l <<<"$errors")" -eq 1 ]
}

@test "--verbose tells phases and totals" {
	run_apart fetch --origin --discard -v -j 2 --queue=3 \
		http://origin.test/delay/30/bytes/5
	expect_status 0
	expect_line "$output" 'dns .*, connect .*, tls .*, wait (2[5-9]|[3-9][0-9]|[0-9]{3,})\.[0-9], receive '
	expect_line "$output" '1 connection opened, 0 retries$'
	expect_line "$output" 'longest queue: [0-9]+ jobs; list held back for [0-9.]+ seconds$'
}

@test "a body over --max-size is cut, counted as it comes" {
	run_apart fetch --origin -P out --max-size=1000 \
		http://origin.test/bytes/1000 http://origin.test/bytes/1001 \
		http://origin.test/chunked/5000000
	expect_status 1
	expect_files 1000
	[ "$(grep -c ': limit: body exceeds the size limit$' <<<"$errors")" -eq 2 ]
}

@test "a body without a length is marked, not trusted" {
	run_apart fetch --origin -P out http://origin.test/unsized/100
	expect_status 0
	cmp out/100 <(origin_body /unsized/100 100)
	expect_line "$output" '^Read 100 from .* \(unverified'
	expect_line "$output" '\(1 unverified\)'
}

@test "the exit status is the lowest class, in any order" {
	local lost=http://127.0.0.1:1/ error=http://origin.test/status/404
	local cut=http://origin.test/drop/10
	run_apart fetch --origin --discard -t 1 "$error" "$cut" "$lost"
	expect_status 4
	run_apart fetch --origin --discard -t 1 "$lost" "$cut" "$error"
	expect_status 4
	run_apart fetch --origin --discard -t 1 "$error" "$cut"
	expect_status 7
	run_apart fetch --origin --discard -t 1 "$error" nonsense://x "$lost"
	expect_status 1
}

@test "time limits end what hangs" {
	local before=$SECONDS
	run_apart fetch --origin --discard -t 1 --max-time=0.3 \
		http://origin.test/delay/20000/bytes/1 \
		http://origin.test/rate/1000/bytes/100000
	expect_status 4
	[ "$(grep -c ': timeout: ' <<<"$errors")" -eq 2 ]
	run_apart fetch --origin --discard -t 1 --stall-timeout=1 \
		http://origin.test/delay/20000/bytes/1 \
		http://origin.test/rate/10/bytes/100000
	expect_status 4
	[ "$(grep -c ': timeout: ' <<<"$errors")" -eq 2 ]
	[ $((SECONDS - before)) -lt $((15 * SLOW)) ]
}

@test "a short job does not wait behind a long one beside an idle worker" {
	[ "$STRATEGY" != sequential ] || skip "one after another"
	cat >list <<-'LIST'
	http://origin.test/delay/4000/bytes/1
	http://origin.test/bytes/2
	http://origin.test/bytes/3
	http://origin.test/bytes/4
	http://origin.test/bytes/5
	LIST
	fetch --origin -j 2 -P out list >log 2>&1 3>&- &
	local pid=$!
	for i in 2 3 4 5; do await_file out/$i; done
	[ ! -e out/1 ]
	wait $pid
	expect_files 1 2 3 4 5
}

@test "the output is not a list" {
	echo http://origin.test/bytes/1 >list
	run_apart fetch --origin -O list list
	expect_status 2
	[ "$(cat list)" = http://origin.test/bytes/1 ]
}

@test "closed standard descriptors do no harm" {
	fetch --origin -P out http://origin.test/bytes/1 <&-
	cmp out/1 <(origin_body /bytes/1 1)
	fetch --origin -P out2 http://origin.test/bytes/1 2>&-
	cmp out2/1 <(origin_body /bytes/1 1)
}

@test "five thousand URLs: all there, all equal" {
	seq 5000 | sed 's|.*|http://origin.test/bytes/64?&|' >list
	run_apart fetch --origin -j 32 -P out list
	expect_status 0
	expect_line "$output" '^Downloaded 5000 sites in '
	[ "$(ls out | wc -l)" -eq 5000 ]
	[ "$(sort -u <<<"$output" | wc -l)" -eq 5001 ]
	"$PYTHON3" - <<-'PY'
	for i in range(1, 5001):
	    path = f"/bytes/64?{i}\n".encode()
	    want = (path * 64)[:64]
	    got = open(f"out/64?{i}", "rb").read()
	    assert got == want, (i, got)
	PY
}

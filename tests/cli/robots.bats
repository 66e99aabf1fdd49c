# robots.txt, under one strategy.
load helpers
load ranges

setup() {
	enter_directory
	rm -f "$SERVED" "$(dirname "$SERVED")/robots"
	for i in 1 2 3 4 5; do
		echo "$RANGES/ok/$i"
		echo "$RANGES/none/$i"
	done >list
}

robots() { # STATUS; the rest is read
	{ echo "$1"; cat; } >"$(dirname "$SERVED")/robots"
}

@test "what a robots.txt disallows is not requested" {
	robots 200 <<-'ROBOTS'
	User-agent: other
	Disallow: /

	User-agent: *
	Disallow: /none/
	Allow: /none/4
	Disallow: /*5$
	ROBOTS
	run_apart fetch --discard list
	expect_status 0
	run_apart fetch --discard --robots list
	expect_status 1
	expect_line "$errors" "^Failed $RANGES/none/1 \\(list, line 2\\): input: the host's robots.txt disallows it"
	expect_line "$output" '^Downloaded 5 of 10 sites'
	[ "$(grep -c '^robots' "$SERVED")" -eq 1 ]
	rm -f "$SERVED"
	robots 200 <<-'ROBOTS'
	user-agent: pfetch/2
	Disallow:
	User-agent: *
	Disallow: /
	ROBOTS
	run_apart fetch --discard --robots list
	expect_status 0
}

@test "without a robots.txt all is allowed; if it can't be had, nothing" {
	run_apart fetch --discard --robots list
	expect_status 0
	robots 503 </dev/null
	run_apart fetch --discard --robots -t 2 --retry-max-wait=0.2 list
	expect_status 8
	expect_line "$errors" "http: the host's robots.txt can't be had: HTTP 503"
	expect_line "$output" '^Downloaded 0 of 10 sites'
	run_apart fetch --discard --robots -t 1 http://127.0.0.1:1/ \
		"$RANGES/ok/1"
	[ "$(grep -c "can't be had" <<<"$errors")" -eq 2 ]
}

@test "redirects and mirrors are asked about as well" {
	robots 200 <<-'ROBOTS'
	User-agent: *
	Disallow: /none
	ROBOTS
	{
		printf '%s\tmirror=%s\n' "$RANGES/none/1" "$RANGES/ok/2"
		printf '%s\tmirror=%s\n' "http://origin.test/status/404" "$RANGES/none/3"
	} >list
	run_apart fetch --origin --discard --robots -j 1 list
	expect_status 1
	expect_line "$output" "^Read 2 from $RANGES/none/1"
	expect_line "$errors" "disallows it"
}

@test "a run that waits for a robots.txt can be interrupted" {
	"$PYTHON3" -c 'import socket, time
server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(50)
open("port", "w").write(str(server.getsockname()[1])); time.sleep(20)' 3>&- &
	local server=$!
	await test -s port
	for i in 1 2 3 4 5; do echo "http://127.0.0.1:$(cat port)/$i"; done >list
	"$PFETCH" -s "$STRATEGY" --discard --robots list >log 2>&1 3>&- &
	local pid=$! status=0
	sleep 0.5
	kill -TERM $pid
	wait $pid || status=$?
	kill $server
	[ $status -eq 143 ]
	cat log
	[ "$(grep -c 'aborted: interrupted' log)" -eq 5 ]
}

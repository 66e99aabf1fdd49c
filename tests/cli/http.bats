# What requests say, and to whom, under one strategy: with servers that tell what
# they have received, and with apache2.
load helpers
load real

setup_file() {
	begin_real
	start_witness
	persist start_apache
	persist start_httpbin
}

teardown_file() {
	stop_real
}

setup() {
	enter_directory
	: >"$REAL/witness/one"
	: >"$REAL/witness/two"
}

# The request that the server got, as the body of its response.
sent() { # OPTION-OR-URL...
	run_apart fetch -q -O - "$@"
	expect_status 0
	output=$(tr -d '\r' <<<"$output")
}

@test "header lines, agent, referer and media types are sent" {
	printf 'X-Three: 3\r\nX-Four: 4\n' >lines
	sent -H 'X-One: 1' --header='X-Two: two words' -H @lines -A 'me/1.0' \
		-e http://from/ --accept='text/html, */*;q=0.1' "$ONE/a"
	for line in 'X-One: 1' 'X-Two: two words' 'X-Three: 3' 'X-Four: 4' \
		'User-Agent: me/1\.0' 'Referer: http://from/' \
		'Accept: text/html, \*/\*;q=0\.1'; do
		expect_line "$output" "^$line\$"
	done
}

@test "a field of an entry takes the place of the option" {
	printf '%s\theader=X-One: own\tmethod=PUT\tdata=z\n' "$ONE/a" >list
	sent -H 'X-One: common' -H 'X-Two: common' list
	expect_line "$output" '^PUT '
	expect_line "$output" '^X-One: own$'
	expect_line "$output" '^X-Two: common$'
	expect_no_line "$output" '^X-One: common$'
}

@test "content and methods" {
	sent -d a=1 --data=b=2 "$ONE/a"
	expect_line "$output" '^POST /a '
	expect_line "$output" '^a=1&b=2$'
	printf 'bytes\0with NUL\n' >file
	run_apart fetch -q -O out -X PATCH --data-file=file "$ONE/b"
	expect_status 0
	grep -aq '^PATCH /b ' out
	tail -c 15 out | cmp - file
	sent -X DELETE "$ONE/c"
	expect_line "$output" '^DELETE /c '
}

@test "--head asks for headers only and keeps nothing" {
	run_apart fetch -v -I "$ONE/a" "$ONE/status/404"
	expect_status 8
	expect_line "$output" "^Read 0 from $ONE/a\$"
	[ -z "$(ls -A)" ] || ls -A | absent grep -v '^std'
	grep -q '^HEAD /a ' "$REAL/witness/one"
}

@test "bad requests are usage errors that do not show secrets" {
	for bad in "--header=SECRET" "--header=A: SECRET$(printf '\001')" \
		"--header=Content-Length: SECRET" "--user=@/nosuch" \
		"--method=CONNECT" "--accept-status=99" "--auth=ntlm" \
		"--tls-min=0.9" "--max-failures=101%" "--proxy=ftp://u:SECRET@h"; do
		run_apart fetch "$bad" "$ONE/a"
		expect_status 2
		expect_no_line "$errors" SECRET
	done
	run_apart fetch -I -d x "$ONE/a"
	expect_status 2
}

@test "a login reaches the server, from the command line, a file or the URL" {
	sent -u me:pw "$ONE/a"
	expect_line "$output" "^Authorization: Basic $(printf me:pw | base64)\$"
	echo me:pw >login
	sent -u @login "$ONE/a"
	expect_line "$output" "^Authorization: Basic $(printf me:pw | base64)\$"
	sent -u me:pw "${ONE/\/\////you:own@}/a"
	expect_line "$output" "^Authorization: Basic $(printf you:own | base64)\$"
	echo token >bearer
	sent --bearer-file=bearer "$ONE/a"
	expect_line "$output" '^Authorization: Bearer token$'
	sent --bearer-file=<(echo token) "$ONE/a"
	expect_line "$output" '^Authorization: Bearer token$'
}

@test "logins come from a netrc file, for the hosts that it names" {
	cat >netrc <<-'NETRC'
	# a comment
	machine other.test login wrong password wrong
	machine 127.0.0.1
	  login me
	  password "a \"b"
	macdef init
	  something

	default login anyone password x
	NETRC
	sent --netrc=netrc "$ONE/a"
	expect_line "$output" "^Authorization: Basic $(printf 'me:a "b' | base64)\$"
	sent --netrc-file netrc "http://localhost:${ONE##*:}/a"
	expect_line "$output" \
		"^Authorization: Basic $(printf anyone:x | base64)\$"
	HOME=$PWD
	mv netrc .netrc
	sent -n "$ONE/a"
	expect_line "$output" '^Authorization: '
	# Not to the same host's other port, and no default after a redirect.
	sent -n "$ONE/to/$TWO/b"
	expect_no_line "$output" '^Authorization: '
	sent -n "$ONE/to/http://localhost:${TWO##*:}/b"
	expect_no_line "$output" '^Authorization: '
	run_apart fetch --netrc=/nosuch "$ONE/a"
	expect_status 2
}

@test "a redirect to a host that netrc names gets that login" {
	printf 'machine localhost login me password pw\n' >netrc
	sent --netrc=netrc "$ONE/to/http://localhost:${TWO##*:}/b"
	expect_line "$output" "^Authorization: Basic $(printf me:pw | base64)\$"
}

@test "cookies that are given go to the host of the entry" {
	sent -b 'a=1; b=2' "$ONE/a"
	expect_line "$output" '^Cookie: a=1; b=2$'
	sent -b 'a=1; b=2' "$ONE/to/$TWO/b"
	expect_no_line "$output" '^Cookie'
}

@test "cookies that servers set are kept, sent, saved and loaded" {
	cat >list <<-LIST
	$ONE/set/kept=1;%20Path=/
	$ONE/set/gone=1;%20Max-Age=0
	$ONE/set/other=1;%20Domain=example.com
	$ONE/set/secure=1;%20Secure
	LIST
	run_apart fetch -j 1 --discard --save-cookies=jar list
	expect_status 0
	[ "$(stat -c %a jar)" = 600 ]
	[ "$(grep -c 'kept' jar)" -eq 1 ]
	absent grep -E 'gone|other|secure' jar
	sent --load-cookies=jar -b own=2 "$ONE/a"
	expect_line "$output" '^Cookie: kept=1; own=2$'
	printf 'not a cookie\n' >bad
	run_apart fetch --load-cookies=bad "$ONE/a"
	expect_status 2
	expect_line "$errors" "'bad', line 1"
}

@test "cookies are shared by all entries, whoever fetches them" {
	{
		echo "$ONE/set/shared=1;%20Path=/"
		for i in $(seq 30); do echo "$ONE/later/$i"; done
	} >list
	run_apart fetch -j 1 --discard --load-cookies=/dev/null list
	expect_status 0
	[ "$(grep -c '^Cookie: shared=1' "$REAL/witness/one")" -eq 30 ]
	# Those of many at once are all taken.
	for i in $(seq 40); do
		echo "$ONE/set/c$i=$i;%20Path=/"
	done >list
	run_apart fetch -j 8 --discard --save-cookies=jar list
	expect_status 0
	[ "$(grep -c '^127' jar)" -eq 40 ]
}

@test "nothing secret goes to another origin or is shown" {
	local secrets one=${ONE#http://}
	secrets="SECRET-u SECRET-url SECRET-bearer SECRET-cookie SECRET-header
		SECRET-netrc SECRET-data"
	printf 'machine 127.0.0.1 login x password SECRET-netrc\n' >netrc
	printf 'SECRET-bearer' >bearer
	printf 'Authorization: Basic %s\n' "$(printf x:SECRET-netrc | base64)"
	# Bodies are dropped, since the first server echoes what it got.
	try() {
		run_apart fetch -v --discard --trace=trace --digest=sha256 \
			-t 1 "$@"
		printf '%s\n' "$output" "$errors" >>shown
		cat trace >>shown
	}
	for how in to keep; do
		try -u me:SECRET-u -b c=SECRET-cookie -H 'X-K: SECRET-header' \
			-H 'Proxy-Authorization: SECRET-header' \
			-d SECRET-data "$ONE/$how/$TWO/a"
		try --bearer-file=bearer "$ONE/$how/$TWO/b"
		try --netrc=netrc "$ONE/$how/$TWO/c"
		try "http://me:SECRET-url@$one/$how/$TWO/d"
		try "http://me:SECRET-url@$one/status/404"
	done
	# Data that is not to be dropped (307) does not go there at all.
	[ "$(grep -ac '^GET /[abcd]' "$REAL/witness/two")" -eq 7 ]
	for secret in $secrets; do
		grep -aq "$secret" "$REAL/witness/one" ||
			grep -aq "$(printf 'x:%s' "$secret" | base64)" \
				"$REAL/witness/one" ||
			grep -aq "$(printf 'me:%s' "$secret" | base64)" \
				"$REAL/witness/one" ||
			{ echo "$secret never arrived"; return 1; }
		for code in "$secret" "$(printf 'x:%s' "$secret" | base64)" \
			"$(printf 'me:%s' "$secret" | base64)"; do
			absent grep -aqF "$code" "$REAL/witness/two" shown
		done
	done
}

@test "secrets of the command line are hidden from ps" {
	mkfifo list
	"$PFETCH" -s "$STRATEGY" -j 2 --discard -u me:SECRET-u -d SECRET-d \
		-b SECRET=b -HX-K:SECRET-h --proxy-user=p:SECRET-p \
		--proxy p:SECRET-p@127.0.0.1:1 \
		--key-password SECRET-k --proxy http://p:SECRET-p@127.0.0.1:1 \
		"http://me:SECRET-url@127.0.0.1:1/" list 3>&- &
	local pid=$!
	exec 7>list
	echo "# nothing yet" >&7
	sleep 0.3
	tr '\0' '\n' <"/proc/$pid/cmdline" >cmdline
	for child in $(pgrep -P $pid); do
		tr '\0' '\n' <"/proc/$child/cmdline" >>cmdline
	done
	exec 7>&-
	wait $pid || true
	grep -q -- '--discard' cmdline
	absent grep SECRET cmdline
}

@test "Digest: apache2 gets a login, and none in the clear" {
	local url=$APACHE/digest/base-files/copyright
	run_apart fetch -P out -u user:password --auth=digest "$url"
	expect_status 0
	cmp out/copyright /usr/share/doc/base-files/copyright
	run_apart fetch --discard -u user:password --auth=any "$url" \
		"$APACHE/basic/base-files/copyright"
	expect_status 0
	run_apart fetch --discard -u user:password "$url"
	expect_status 6
	run_apart fetch --discard -u user:wrong --auth=digest "$url"
	expect_status 6
	expect_line "$errors" ': auth: HTTP 401'
	for i in $(seq 20); do echo "$url?$i"; done >list
	run_apart fetch --discard -j 4 -u user:password --auth=digest list
	expect_status 0
}

@test "Digest: what one server says about logins is not sent to another" {
	for i in 1 2 3; do
		echo "$APACHE/digest/base-files/copyright?$i"
		echo "$OTHER/base-files/copyright?$i"
	done >list
	run_apart fetch --discard -j 1 -u user:password --auth=digest list
	expect_status 0
	run_apart fetch --discard -j 4 -u user:password --auth=any list
	expect_status 0
}

@test "a server that keeps asking for a login fails soon" {
	"$PYTHON3" - <<-'PY' &
	import os, socket
	server = socket.create_server(("127.0.0.1", 0))
	open("port.tmp", "w").write(str(server.getsockname()[1]))
	os.rename("port.tmp", "port")
	c, _ = server.accept()
	count = 0
	while c.recv(65536):
	    count += 1
	    open("count", "w").write(str(count))
	    c.sendall(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n"
	              b'WWW-Authenticate: Digest realm="r", nonce="%d", '
	              b'qop="auth", stale=true\r\n\r\n' % count)
	PY
	await_file port
	run_apart fetch --discard -t 1 -u a:b --auth=digest \
		"http://127.0.0.1:$(cat port)/x"
	expect_status 6
	expect_line "$errors" ': auth: HTTP 401: the server asks for the login again'
	[ "$(cat count)" -le 8 ]
}

@test "what changes something is not sent to another origin in part" {
	run_apart fetch --discard -d DATA "$ONE/keep/$TWO/a"
	expect_status 8
	expect_line "$errors" ': redirect: it leads to another origin'
	run_apart fetch --discard -X DELETE "$ONE/keep/$TWO/b"
	expect_status 8
	printf '%s\tdata=DATA\tmirror=%s\n' "$ONE/status/404" "$TWO/c" >list
	run_apart fetch --discard list
	expect_status 8
	[ ! -s "$REAL/witness/two" ]
	# As browsers do, 302 turns a POST into a GET.
	run_apart fetch --discard -d DATA "$ONE/to/$TWO/d"
	expect_status 0
	grep -q '^GET /d ' "$REAL/witness/two"
}

@test "a robots.txt is asked for within the limits of the request" {
	printf 'default login me password SECRET\n' >netrc
	run_apart fetch --discard --robots --netrc=netrc "$ONE/to/$TWO/a"
	expect_status 0
	grep -q '^GET /robots.txt' "$REAL/witness/two"
	absent grep '^Authorization' "$REAL/witness/two"
}

@test "httpbin: identity, content, cookies, codings and digest" {
	[ -n "$HTTPBIN" ] || skip "needs httpbin"
	echo token-1 >bearer
	sent --bearer-file=bearer "$HTTPBIN/bearer"
	expect_line "$output" '"token": *"token-1"'
	sent -u me:pw --auth=digest "$HTTPBIN/digest-auth/auth/me/pw" \
		"$HTTPBIN/digest-auth/auth-int/me/pw"
	[ "$(grep -c '"authenticated": *true' <<<"$output")" -eq 2 ]
	sent -u me:pw "$HTTPBIN/basic-auth/me/pw"
	sent --load-cookies=/dev/null -b own=1 "$HTTPBIN/cookies/set/a/b"
	expect_line "$output" '"a": *"b"'
	expect_line "$output" '"own": *"1"'
	sent --compressed "$HTTPBIN/gzip" "$HTTPBIN/brotli"
	[ "$(grep -cE '"(gzipped|brotli)": *true' <<<"$output")" -eq 2 ]
	run_apart fetch -t 1 --discard --compressed "$HTTPBIN/deflate"
	expect_status 7
	sent -X PUT -d a=b -H 'X-Key: z' -A me/2 --referer=http://f/ \
		"$HTTPBIN/put"
	for part in '"a": *"b"' '"X-Key": *"z"' '"User-Agent": *"me/2"' \
		'"Referer": *"http://f/"'; do
		expect_line "$output" "$part"
	done
	run_apart fetch --discard --accept-status=418 "$HTTPBIN/status/418"
	expect_status 0
}

@test "a comparison asks with the same options, and shows no secret" {
	echo SECRET-bearer >bearer
	"$PFETCH" compare -s "$STRATEGY" -j 1 --runs=3 --bearer-file=bearer \
		-H 'X-K: @SECRET-header' -b 'c="SECRET-cookie"' -d SECRET-data \
		--proxy-user=u:SECRET-proxy --wait=0.1 "$ONE/b" "$ONE/c" \
		"http://me:SECRET-url@${ONE#http://}/a" >shown 2>&1 3>&- &
	local pid=$! child
	while kill -0 $pid 2>/dev/null; do
		for child in $(pgrep -P $pid); do
			cat "/proc/$child/cmdline" 2>/dev/null |
				tr '\0' '\n' >>cmdline || true
		done
	done
	wait $pid || { cat shown; return 1; }
	absent grep SECRET shown
	grep -q -- '--measure-fd' cmdline
	absent grep SECRET cmdline
	[ "$(grep -c '^POST /a' "$REAL/witness/one")" -ge 4 ]
	[ "$(grep -c '^X-K: @SECRET-header' "$REAL/witness/one")" -ge 4 ]
	[ "$(grep -c '^Cookie: c="SECRET-cookie"' "$REAL/witness/one")" -ge 4 ]
	grep -q '^SECRET-data' "$REAL/witness/one"
	# The user's own netrc file is not a file without a name.
	printf 'machine 127.0.0.1 login me password pw\n' >.netrc
	: >"$REAL/witness/one"
	HOME=$PWD run_apart "$PFETCH" compare -n -s "$STRATEGY" -j 1 --runs=1 \
		"$ONE/netrc"
	expect_status 0
	grep -q '^Authorization: Basic ' "$REAL/witness/one"
}

@test "a part of a response cannot pose as another response" {
	# As for a login: 401, then a second header in the trailers of the first.
	"$PYTHON3" - <<-'PY' &
	import socket, threading
	server = socket.create_server(("127.0.0.1", 0))
	open("port.tmp", "w").write(str(server.getsockname()[1]))
	import os
	os.rename("port.tmp", "port")
	for _ in range(2):
	    c, _ = server.accept()
	    c.recv(65536)
	    c.sendall(b"HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n"
	              b"3\r\nabc\r\n0\r\nHTTP/1.1 200 OK\r\n"
	              b"Content-Length: 0\r\n\r\n")
	    c.close()
	PY
	await_file port
	run_apart fetch --discard -t 1 -u a:b --auth=any \
		"http://127.0.0.1:$(cat port)/x"
	[ "$status" -ne 0 ]
	kill %1 2>/dev/null || true
}

@test "--compressed: what apache2 sends coded is stored plain" {
	local file=/usr/share/doc/base-files/copyright
	for coding in gzip br; do
		curl -s -o coded -H "Accept-Encoding: $coding" \
			"$APACHE/$coding/base-files/copyright"
		absent cmp -s coded $file
		run_apart fetch --overwrite -P out --compressed \
			"$APACHE/$coding/base-files/copyright"
		expect_status 0
		cmp out/copyright $file
	done
	# Not asked for, it is stored as it comes.
	run_apart fetch -P raw -H 'Accept-Encoding: gzip' \
		"$APACHE/gzip/base-files/copyright"
	expect_status 0
	zcat <raw/copyright | cmp - $file
}

@test "--compressed: a limit of the run is told as such" {
	run_apart fetch --discard --compressed --max-total=1000 \
		"$APACHE/gzip/base-files/copyright"
	expect_status 1
	expect_line "$errors" ': limit: the bodies exceed --max-total'
}

@test "-c goes on with an incomplete file although --compressed is given" {
	run_apart fetch -c --compressed -P out "$APACHE/base-files/copyright"
	expect_status 0
	cmp out/copyright /usr/share/doc/base-files/copyright
}

@test "--accept-status keeps the bodies of other statuses" {
	run_apart fetch -P out --accept-status=404,5xx "$ONE/status/404" \
		"$ONE/status/503"
	expect_status 0
	expect_files 404 503
	grep -q '^GET /status/503' out/503
	[ "$(grep -c '^GET' "$REAL/witness/one")" -eq 2 ]
	run_apart fetch -t 1 -P out2 --accept-status=404 "$ONE/status/410"
	expect_status 8
	# Redirects that are wanted for themselves are not followed.
	run_apart fetch --discard --accept-status=302 "$ONE/to/$TWO/a"
	expect_status 0
	[ ! -s "$REAL/witness/two" ]
}

@test "-K reads options from a file or a descriptor" {
	cat >config <<-CONFIG
	# what to fetch
	--header = "X-Config: a \"b\" \\x41"
	user-agent	configured/1
	-j 3
	input-file = list
	quiet
	CONFIG
	echo "$ONE/a" >list
	sent -K config
	expect_line "$output" '^X-Config: a "b" A$'
	expect_line "$output" '^User-Agent: configured/1$'
	sent -K <(echo "user = me:pw") "$ONE/a"
	expect_line "$output" '^Authorization: Basic '
	sent -A later/1 -K config -A last/1
	expect_line "$output" '^User-Agent: last/1$'
	echo 'jobs = many' >config
	run_apart fetch -K config "$ONE/a"
	expect_status 2
	expect_line "$errors" '^pfetch: config:1: '
	printf '\nnosuch = 1\n' >config
	run_apart fetch -K config "$ONE/a"
	expect_status 2
	expect_line "$errors" "^pfetch: config:2: unknown option 'nosuch'"
}

@test "there is no hidden configuration" {
	mkdir -p .config/pfetch
	for file in .pfetchrc .curlrc .wgetrc .netrc .config/pfetch/config; do
		echo 'user = hidden:1' >$file
	done
	HOME=$PWD XDG_CONFIG_HOME=$PWD/.config sent "$ONE/a"
	expect_no_line "$output" 'Authorization'
}

@test "--no-keepalive uses a connection for each request" {
	for i in $(seq 6); do echo "$ONE/$i"; done >list
	run_apart fetch -v -j 1 --discard --no-keepalive list
	expect_status 0
	expect_line "$output" '^ *6 connections opened'
	[ "$(grep -c '^Connection: close' "$REAL/witness/one")" -eq 6 ]
}

# How servers are reached, under one strategy: through tinyproxy and microsocks,
# and by other addresses than their names have.
load helpers
load real

setup_file() {
	begin_real
	start_witness
	persist start_tinyproxy
	persist start_socks
	cd "$REAL"
	{
		make_ca
		make_certificate server DNS:localhost,IP:127.0.0.1
	} >openssl.log 2>&1
	persist start_tls
}

# nginx with TLS, which shows that CONNECT was used.
start_tls() {
	TLS_PORT=$(free_ports 1)
	mkdir -p "$REAL/nginx"
	cat >"$REAL/nginx/conf" <<-CONF
	daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
	$([ "$(id -u)" -ne 0 ] || echo "user root;")
	events { worker_connections 128; }
	http {
	  access_log off;
	  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
	  uwsgi_temp_path t4; scgi_temp_path t5;
	  server {
	    listen 127.0.0.1:$TLS_PORT ssl;
	    listen unix:$REAL/nginx/socket;
	    ssl_certificate $REAL/server.pem; ssl_certificate_key $REAL/server.key;
	    location / { return 200 "secret page\n"; }
	  }
	}
	CONF
	run_server nginx nginx -p "$REAL/nginx" -c conf
	export TLS_PORT
	await_server nginx "$TLS_PORT"
}

teardown_file() {
	stop_real
}

setup() {
	enter_directory
	: >"$REAL/witness/one"
	: >"$REAL/witness/two"
	: >"$REAL/tinyproxy.requests"
	: >"$REAL/openproxy.requests"
	OPEN=http://127.0.0.1:$OPEN_PROXY_PORT
	LOGIN=http://127.0.0.1:$PROXY_PORT
}

asked() { # PROXY: how many requests it has got
	grep -cE 'Request \(file descriptor|Connect \(file' \
		"$REAL/$1.requests" || true
}

@test "--proxy: requests go through it" {
	run_apart fetch -q -O - --proxy="$OPEN" "$ONE/a" "$ONE/b"
	expect_status 0
	expect_line "$output" '^GET /b '
	expect_line "$output" '^Via: '
	[ "$(asked openproxy)" -ge 1 ]
}

@test "--proxy: TLS goes through CONNECT" {
	run_apart fetch -v -O - --proxy="$OPEN" --cacert="$REAL/ca.pem" \
		"https://localhost:$TLS_PORT/x"
	expect_status 0
	expect_line "$output" '^secret page$'
	grep -q 'CONNECT localhost' "$REAL/openproxy.requests"
}

@test "a proxy's login comes from its URL, an option or a file" {
	printf 'proxy:proxypw\n' >login
	for how in "--proxy=http://proxy:proxypw@127.0.0.1:$PROXY_PORT" \
		"--proxy=$LOGIN --proxy-user=proxy:proxypw" \
		"--proxy=$LOGIN --proxy-user=@login" \
		"--proxy=$LOGIN --proxy-user=@login --proxy-auth=any"; do
		run_apart fetch -q -O - $how "$ONE/a"
		expect_status 0
		expect_no_line "$output" '[Pp]roxy-[Aa]uthorization'
		run_apart fetch -q -O - $how --cacert="$REAL/ca.pem" \
			"https://localhost:$TLS_PORT/x"
		expect_status 0
	done
	for secret in proxypw "$(printf proxy:proxypw | base64)"; do
		absent grep -aF "$secret" "$REAL/witness/one"
	done
}

@test "a proxy that refuses is named as the one to blame" {
	run_apart fetch --discard -t 1 --proxy="$LOGIN" "$ONE/a"
	expect_status 6
	expect_line "$errors" ': auth: HTTP 407'
	run_apart fetch --discard -t 1 --proxy="$LOGIN" \
		"https://localhost:$TLS_PORT/x"
	expect_status 6
	expect_line "$errors" ': auth: the proxy refused to connect: HTTP 407'
	run_apart fetch --discard -t 1 --proxy=http://nosuch.invalid:1 "$ONE/a"
	expect_status 4
	expect_line "$errors" ': dns: '
}

@test "proxies come from the environment, as for curl" {
	http_proxy=$OPEN run_apart fetch -q -O - "$ONE/a"
	expect_line "$output" '^Via: '
	HTTP_PROXY=$OPEN run_apart fetch -q -O - "$ONE/a"
	expect_no_line "$output" '^Via: '
	all_proxy=$OPEN run_apart fetch -q -O - "$ONE/a"
	expect_line "$output" '^Via: '
	http_proxy=$OPEN no_proxy=localhost,127.0.0.1 run_apart fetch -q \
		-O - "$ONE/a"
	expect_no_line "$output" '^Via: '
	http_proxy=$OPEN run_apart fetch -q -O - --noproxy='*' "$ONE/a"
	expect_no_line "$output" '^Via: '
	https_proxy=$OPEN run_apart fetch -q -O - --cacert="$REAL/ca.pem" \
		"https://localhost:$TLS_PORT/x"
	expect_status 0
	grep -q 'CONNECT localhost' "$REAL/openproxy.requests"
}

@test "a proxy that can't be one is refused without its password" {
	for bad in foo://u:SECRET@h http://u:SECRET@127.0.0.1:99999; do
		http_proxy=$bad run_apart fetch --discard "$ONE/a"
		expect_status 2
		expect_line "$errors" '^pfetch: http_proxy: '
		expect_no_line "$errors" SECRET
		run_apart fetch --discard --proxy="$bad" "$ONE/a"
		expect_status 2
		expect_no_line "$errors" SECRET
	done
}

@test "values that libcurl would ignore are usage errors" {
	for bad in --connect-to=foo --connect-to=:::: --connect-to=a:80:b:99999 \
		--resolve=:1:127.0.0.1 --resolve=a:80: --resolve=a:1:zz \
		--insecure-host=http://x --insecure-host=x:443 \
		--interface=if! --pinnedpubkey=sha256//zz --cert=/nosuch \
		--capath=/nosuch --cacert=/nosuch; do
		run_apart fetch --discard "$bad" "$ONE/a"
		expect_status 2
		expect_line "$errors" '^pfetch: --'
	done
	[ ! -s "$REAL/witness/one" ]
}

@test "the built-in server is reached without a proxy" {
	http_proxy=http://127.0.0.1:1 run_apart fetch --origin --discard \
		http://origin.test/bytes/10
	expect_status 0
}

@test "SOCKS5, with names looked up here or there" {
	for scheme in socks5 socks5h; do
		run_apart fetch -q -O - \
			--proxy="$scheme://proxy:proxypw@127.0.0.1:$SOCKS_PORT" \
			"$ONE/a" "http://localhost:${ONE##*:}/b"
		expect_status 0
		expect_line "$output" '^GET /b '
	done
	run_apart fetch --discard -t 1 --proxy="socks5://127.0.0.1:$SOCKS_PORT" \
		"$ONE/a"
	expect_status 4
	run_apart fetch -q -O - --cacert="$REAL/ca.pem" \
		--proxy="socks5h://proxy:proxypw@127.0.0.1:$SOCKS_PORT" \
		"https://localhost:$TLS_PORT/x"
	expect_line "$output" '^secret page$'
}

@test "--resolve and --connect-to say where a name leads" {
	run_apart fetch -q -O - --resolve="nosuch.test:${ONE##*:}:127.0.0.1" \
		"http://nosuch.test:${ONE##*:}/a"
	expect_status 0
	expect_line "$output" '^Host: nosuch.test'
	run_apart fetch -q -O - \
		--connect-to="nosuch.test:80:127.0.0.1:${ONE##*:}" \
		--connect-to="other.test::127.0.0.1:${TWO##*:}" \
		http://nosuch.test/a http://other.test/b
	expect_status 0
	expect_line "$output" '^Host: nosuch.test'
	grep -q '^GET /b' "$REAL/witness/two"
	for i in $(seq 60); do echo "http://nosuch.test:${ONE##*:}/$i"; done >list
	run_apart fetch -j 8 --discard \
		--resolve="nosuch.test:${ONE##*:}:127.0.0.1" list
	expect_status 0
}

@test "-4 and -6 choose the kind of address" {
	run_apart fetch --discard -t 1 -6 "$ONE/a"
	expect_status 4
	run_apart fetch --discard -4 "http://localhost:${ONE##*:}/a"
	expect_status 0
	run_apart fetch --discard -4 -6 "$ONE/a"
	expect_status 2
}

@test "--interface and --unix-socket" {
	run_apart fetch -q -O - --interface=127.0.0.2 "$ONE/a"
	expect_status 0
	run_apart fetch --discard -t 1 --interface=nosuchif "$ONE/a"
	expect_status 4
	run_apart fetch -q -O - --unix-socket="$REAL/nginx/socket" \
		http://any.test/a
	expect_status 0
	expect_line "$output" '^secret page$'
	run_apart fetch --discard -t 1 --unix-socket=/nosuch http://any.test/a
	expect_status 2
	expect_line "$errors" "--unix-socket: '/nosuch': No such file"
}

@test "--tcp-fastopen fetches, and --dns-servers does or says why not" {
	run_apart fetch --discard --tcp-fastopen "$ONE/a" "$ONE/b"
	expect_status 0
	run_apart fetch --discard --dns-servers=127.0.0.1 "$ONE/a"
	if [ "$status" -ne 0 ]; then
		expect_status 2
		expect_line "$errors" '--dns-servers: .*c-ares'
	fi
}

@test "--deny-private connects to no address that is not public" {
	run_apart fetch --discard -t 1 --deny-private "$ONE/a" \
		"http://localhost:${ONE##*:}/b" "http://2130706433:${ONE##*:}/c" \
		"http://[::ffff:127.0.0.1]:${ONE##*:}/d"
	expect_status 1
	[ "$(grep -c 'limit: the address is not public' <<<"$errors")" -eq 4 ]
	[ ! -s "$REAL/witness/one" ]
	run_apart fetch --deny-private --proxy="$OPEN" "$ONE/a"
	expect_status 2
	# A proxy of the environment would hide the address.
	http_proxy=$OPEN run_apart fetch --discard -t 1 --deny-private "$ONE/a"
	expect_status 1
}

@test "a public server may not redirect to a private address" {
	[ "$(id -u)" -eq 0 ] || skip "needs root for a namespace"
	unshare -n true 2>/dev/null || skip "no namespaces here"
	cat >server.py <<-'PY'
	import http.server, socketserver
	class Handler(http.server.BaseHTTPRequestHandler):
	    protocol_version = "HTTP/1.1"
	    def do_GET(self):
	        to = self.path[4:] if self.path.startswith("/to/") else ""
	        self.send_response(302 if to else 200)
	        if to:
	            self.send_header("Location", to)
	        self.send_header("Content-Length", "0")
	        self.end_headers()
	    def log_message(self, *arguments):
	        print(self.client_address, self.path, flush=True)
	socketserver.ThreadingTCPServer.request_queue_size = 64
	socketserver.ThreadingTCPServer(("", 80), Handler).serve_forever()
	PY
	cat >inside.sh <<-INSIDE
	ip link set lo up
	ip addr add 8.8.8.8/32 dev lo
	ip addr add 9.9.9.9/32 dev lo
	ip addr add 10.1.1.1/32 dev lo
	"$PYTHON3" server.py >asked & server=\$!
	until (exec 8<>/dev/tcp/127.0.0.1/80) 2>/dev/null; do sleep 0.05; done
	try() { timeout 20 "$PFETCH" -s $STRATEGY -t 1 --discard "\$@"; echo "status \$?"; }
	try http://8.8.8.8/to/http://9.9.9.9/x http://10.1.1.1/to/http://127.0.0.1/y
	try http://8.8.8.8/to/http://10.1.1.1/private
	try -j 1 http://10.1.1.1/kept http://8.8.8.8/to/http://10.1.1.1/private
	try http://8.8.8.8/to/http://9.9.9.9/to/http://127.1/private
	try --deny-private http://8.8.8.8/fine
	kill \$server
	INSIDE
	run_apart unshare -n bash inside.sh
	[ "$(grep '^status' <<<"$output" | tr '\n' ' ')" = \
		"status 0 status 8 status 8 status 8 status 0 " ]
	expect_line "$errors" ': redirect: a public server redirects to an address'
	grep -q ') /to/' asked
	absent grep -F ') /private' asked
}

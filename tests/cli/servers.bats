# A real server, nginx, with and without TLS, under one strategy.
load helpers

make_certificates() { # in the current directory
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 2 -subj "/CN=test CA" -keyout ca.key -out ca.pem \
		-addext basicConstraints=critical,CA:TRUE
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-subj "/CN=localhost" -keyout server.key -out server.csr
	openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -days 2 \
		-CAcreateserial -out server.pem \
		-extfile <(echo subjectAltName=DNS:localhost)
}

start_nginx() {
	local ports user=
	read -r HTTP_PORT HTTPS_PORT < <(free_ports 2)
	[ "$(id -u)" -ne 0 ] || user="user root;"
	cat >nginx.conf <<-CONF
	daemon off; $user worker_processes 1; pid nginx.pid;
	error_log stderr;
	events { worker_connections 512; }
	http {
	  access_log off; keepalive_requests 1000000; default_type text/plain;
	  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
	  uwsgi_temp_path t4; scgi_temp_path t5;
	  server {
	    listen 127.0.0.1:$HTTP_PORT;
	    listen 127.0.0.1:$HTTPS_PORT ssl http2;
	    ssl_certificate server.pem; ssl_certificate_key server.key;
	    root /usr/share/doc; autoindex off;
	    location = /moved { return 301 http://localhost:$HTTP_PORT/nosuch; }
	    location = /closed { return 444; }
	  }
	}
	CONF
	nginx -p . -c nginx.conf >nginx.log 2>&1 </dev/null 3>&- &
	echo $! >nginx.started
	for _ in $(seq 100); do
		curl -so /dev/null "http://127.0.0.1:$HTTP_PORT/" && return
		kill -0 "$(cat nginx.started)" || return 1
		sleep 0.05
	done
	return 1
}

setup_file() {
	cd "$BATS_FILE_TMPDIR"
	make_certificates >openssl.log 2>&1
	# A port that was free a moment ago may be taken by now.
	start_nginx || start_nginx || start_nginx
	export HTTP_PORT HTTPS_PORT
	export CA=$BATS_FILE_TMPDIR/ca.pem
}

teardown_file() {
	kill "$(cat "$BATS_FILE_TMPDIR/nginx.started")" || true
}

setup() {
	enter_directory
}

@test "a real tree of odd names comes through byte for byte" {
	HTTP_PORT=$HTTP_PORT "$PYTHON3" - <<-'PY'
	import os, urllib.parse
	base = f"http://127.0.0.1:{os.environ['HTTP_PORT']}"
	paths = []
	for folder, folders, files in os.walk("/usr/share/doc"):
	    folders.sort()
	    for name in sorted(files):
	        path = os.path.join(folder, name)
	        if os.path.isfile(path) and os.access(path, os.R_OK):
	            paths.append(path)
	paths = sorted(paths, key=lambda p: (p.count("%"), hash(p)))[-4000:]
	with open("list", "w") as urls, open("paths", "w") as files:
	    for path in paths:
	        tail = os.path.relpath(path, "/usr/share/doc")
	        urls.write(base + "/" + urllib.parse.quote(tail) + "\n")
	        files.write(path + "\n")
	PY
	[ "$(wc -l <list)" -gt 200 ]
	run_apart fetch -j 16 -v -P out list
	expect_status 0
	[ -z "$errors" ]
	"$PYTHON3" - "$BATS_TEST_TMPDIR/stdout" <<-'PY'
	import os, re, sys
	urls = open("list").read().split("\n")[:-1]
	paths = open("paths").read().split("\n")[:-1]
	got, url = {}, None
	for line in open(sys.argv[1], encoding="utf-8"):
	    if line.startswith("Read "):
	        url = line.rstrip("\n").split(" from ", 1)[1]
	    elif "; file " in line:
	        got[url] = line.rstrip("\n").split("; file ", 1)[1]
	assert len(got) == len(urls) == len(os.listdir("out"))
	taken = {}
	for url, path in zip(urls, paths):
	    base = os.path.basename(path)
	    number = taken.get(base, 0)
	    taken[base] = number + 1
	    want = base if number == 0 else f"{base}.{number}"
	    if len(base) <= 180 and base[0] not in ".-" and number == 0:
	        assert got[url] == want or got[url].startswith(base + "."), \
	            (got[url], want)
	    one = open(os.path.join("out", got[url]), "rb").read()
	    assert one == open(path, "rb").read(), path
	PY
}

@test "TLS: the test CA is trusted when named, and only then" {
	local url=https://localhost:$HTTPS_PORT/base-files/copyright
	run_apart fetch --ca-certificate="$CA" -P out "$url"
	expect_status 0
	cmp out/copyright /usr/share/doc/base-files/copyright
	run_apart fetch -P out2 "$url"
	expect_status 5
	expect_line "$errors" ': tls: '
	[ -z "$(ls -A out2)" ]
}

@test "TLS: a certificate for another host is refused" {
	run_apart fetch --ca-certificate="$CA" --discard \
		"https://127.0.0.1:$HTTPS_PORT/base-files/copyright"
	expect_status 5
}

@test "TLS: SSLKEYLOGFILE is not obeyed" {
	SSLKEYLOGFILE=$PWD/keys run_apart fetch --ca-certificate="$CA" --discard \
		"https://localhost:$HTTPS_PORT/base-files/copyright"
	expect_status 0
	[ ! -e keys ]
}

@test "HTTP/1.1 is the default, HTTP/2 on request" {
	local url=https://localhost:$HTTPS_PORT/base-files/copyright
	run_apart fetch -v --ca-certificate="$CA" --discard "$url"
	expect_line "$output" 'HTTP/1\.1 200'
	run_apart fetch -v --http2 --ca-certificate="$CA" --discard "$url"
	expect_status 0
	expect_line "$output" 'HTTP/2 200'
}

@test "connections are kept" {
	for i in $(seq 100); do
		echo "http://127.0.0.1:$HTTP_PORT/base-files/copyright?$i"
	done >list
	run_apart fetch -v -j 4 --discard list
	expect_status 0
	local opened
	opened=$(sed -n 's/^ *\([0-9]*\) connections\{0,1\} opened.*/\1/p' <<<"$output")
	echo "opened $opened"
	[ "$opened" -ge 1 ] && [ "$opened" -le 8 ]
}

@test "a connection closed without an answer is tried again, then failed" {
	run_apart fetch -t 2 --retry-max-wait=0.01 --discard \
		"http://127.0.0.1:$HTTP_PORT/closed"
	expect_status 4
	expect_line "$errors" ': reset: .*, after 2 tries$'
}

@test "--ca-certificate takes the place of the system's certificates" {
	[ "$(id -u)" -eq 0 ] || skip "needs root for a namespace"
	unshare -m true 2>/dev/null || skip "no namespaces here"
	[ "$(curl-config --ca 2>/dev/null)" != "" ] || skip "no system certificates"
	mkdir certs
	cp "$CA" certs/ca-certificates.crt
	cp "$CA" "certs/$(openssl x509 -hash -noout -in "$CA").0"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 2 -subj "/CN=other" -keyout other.key \
		-out other.pem 2>openssl.log
	cat >inside.sh <<-INSIDE
	mount --bind certs "$(dirname "$(curl-config --ca)")"
	"$PFETCH" -s $STRATEGY --discard https://localhost:$HTTPS_PORT/nosuch
	echo "system \$?"
	"$PFETCH" -s $STRATEGY --discard --ca-certificate=other.pem \
		https://localhost:$HTTPS_PORT/nosuch
	echo "other \$?"
	INSIDE
	run_apart unshare -m bash inside.sh
	expect_line "$output" '^system 8$'
	expect_line "$output" '^other 5$'
}

@test "a web archive of HTTP/2 has what readers of HTTP/1.1 know" {
	local url=https://localhost:$HTTPS_PORT/libc6/copyright
	fetch -q --http2 --ca-certificate="$CA" --warc=a "$url"
	zcat a.warc.gz | tr -d '\r' >plain
	[ "$(grep -ac '^WARC-Protocol: h2$' plain)" -eq 2 ]
	[ "$(grep -ac '^HTTP/1.1 200' plain)" -eq 1 ]
	[ "$(grep -ac '^GET /libc6/copyright HTTP/1.1$' plain)" -eq 1 ]
	absent grep -a '^HTTP/2\|HTTP/2$' plain
}

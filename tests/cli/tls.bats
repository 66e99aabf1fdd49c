# TLS and HTTP/2 under one strategy, with nginx, haproxy and a server that cuts
# bodies off.
load helpers
load real

setup_file() {
	begin_real
	cd "$REAL"
	{
		make_ca
		make_certificate server DNS:localhost
		make_certificate client DNS:client
		# Valid for less than no time.
		make_certificate expired DNS:localhost -1 ||
			make_expired
		mkdir hashed
		cp ca.pem "hashed/$(openssl x509 -hash -noout -in ca.pem).0"
		openssl ec -in client.key -aes128 -passout pass:keypw \
			-out locked.key
		pin=$(openssl x509 -in server.pem -pubkey -noout |
			openssl pkey -pubin -outform der |
			openssl dgst -sha256 -binary | base64)
		echo "sha256//$pin" >pin
	} >openssl.log 2>&1
	export CA=$REAL/ca.pem
	persist start_nginx
	persist start_haproxy
	start_h2
}

# `openssl x509 -days` does not go back in time everywhere.
make_expired() {
	mkdir -p db
	: >db/index
	echo 01 >db/serial
	cat >db/conf <<-CONF
	[ca]
	default_ca = d
	[d]
	dir = db
	database = db/index
	serial = db/serial
	new_certs_dir = db
	default_md = sha256
	policy = p
	[p]
	commonName = supplied
	CONF
	openssl ca -batch -config db/conf -cert ca.pem -keyfile ca.key \
		-in expired.csr -out expired.pem -notext \
		-startdate 20200101000000Z -enddate 20200102000000Z \
		-extfile <(echo subjectAltName=DNS:localhost)
}

start_nginx() {
	read -r TLS_PORT H2_PORT EXPIRED_PORT CLIENT_PORT OLD_PORT FEW_PORT \
		< <(free_ports 6)
	mkdir -p nginx/www
	for i in $(seq 200); do
		echo "file $i of many" >"nginx/www/$i"
	done
	cat >nginx/conf <<-CONF
	daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
	$([ "$(id -u)" -ne 0 ] || echo "user root;")
	events { worker_connections 512; }
	http {
	  log_format short "\$server_port \$connection \$server_protocol \$ssl_session_reused";
	  access_log $REAL/nginx/requests short;
	  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
	  uwsgi_temp_path t4; scgi_temp_path t5;
	  ssl_certificate $REAL/server.pem; ssl_certificate_key $REAL/server.key;
	  ssl_session_cache shared:s:1m;
	  root $REAL/nginx/www;
	  server { listen 127.0.0.1:$TLS_PORT ssl; }
	  server { listen 127.0.0.1:$H2_PORT ssl http2; }
	  server { listen 127.0.0.1:$FEW_PORT ssl http2;
	    http2_max_concurrent_streams 4; }
	  server { listen 127.0.0.1:$EXPIRED_PORT ssl;
	    ssl_certificate $REAL/expired.pem;
	    ssl_certificate_key $REAL/expired.key; }
	  server { listen 127.0.0.1:$CLIENT_PORT ssl;
	    ssl_client_certificate $REAL/ca.pem; ssl_verify_client on; }
	  server { listen 127.0.0.1:$OLD_PORT ssl; ssl_protocols TLSv1.2; }
	}
	CONF
	run_server nginx nginx -p "$REAL/nginx" -c conf
	export TLS_PORT H2_PORT EXPIRED_PORT CLIENT_PORT OLD_PORT FEW_PORT
	await_server nginx "$TLS_PORT"
}

# haproxy speaks HTTP/2 to its clients and HTTP/1.1 to nginx.
start_haproxy() {
	HAPROXY_PORT=$(free_ports 1)
	cat server.pem server.key >both.pem
	cat >haproxy.conf <<-CONF
	defaults
	  mode http
	  timeout connect 5s
	  timeout client 30s
	  timeout server 30s
	frontend f
	  bind 127.0.0.1:$HAPROXY_PORT ssl crt $REAL/both.pem alpn h2,http/1.1
	  default_backend b
	backend b
	  server n 127.0.0.1:$TLS_PORT ssl verify none
	CONF
	run_server haproxy haproxy -db -f "$REAL/haproxy.conf"
	export HAPROXY_PORT
	await_server haproxy "$HAPROXY_PORT"
}

start_h2() {
	mkfifo life
	"$(python_with h2)" "$ROOT/tests/cutter.py" "$REAL" server.pem server.key \
		<life >h2.log 2>&1 3>&- &
	echo $! >h2.started
	exec 9>life
	await_file h2.port || { cat h2.log; return 1; }
	export H2=https://localhost:$(cat h2.port)
}

teardown_file() {
	stop_real
}

setup() {
	enter_directory
	: >"$REAL/nginx/requests"
}

@test "what is wrong with a certificate is said in plain words" {
	run_apart fetch --discard "https://localhost:$TLS_PORT/1"
	expect_status 5
	expect_line "$errors" ': tls: .*issued by an untrusted CA'
	run_apart fetch --discard --cacert="$CA" "https://127.0.0.1:$TLS_PORT/1"
	expect_status 5
	expect_line "$errors" ': tls: .* is for another host'
	run_apart fetch --discard --cacert="$CA" \
		"https://localhost:$EXPIRED_PORT/1"
	expect_status 5
	expect_line "$errors" ': tls: .*certificate has expired'
}

@test "--capath, and --insecure-host for one host only" {
	run_apart fetch --discard --capath="$REAL/hashed" \
		"https://localhost:$TLS_PORT/1"
	expect_status 0
	cat >list <<-LIST
	https://localhost:$TLS_PORT/1
	https://127.0.0.1:$TLS_PORT/2
	https://localhost:$EXPIRED_PORT/3
	LIST
	run_apart fetch -v -j 1 --discard --insecure-host=localhost list
	expect_status 5
	expect_line "$errors" "^Failed https://127.0.0.1:$TLS_PORT/2 "
	[ "$(grep -c '^Read ' <<<"$output")" -eq 2 ]
	[ "$(grep -c 'certificate not checked' <<<"$output")" -eq 2 ]
}

@test "--cert and --key: the server sees who we are" {
	local url=https://localhost:$CLIENT_PORT/1
	run_apart fetch --discard --cacert="$CA" "$url"
	expect_status 8
	run_apart fetch --discard --cacert="$CA" --cert="$REAL/client.pem" \
		--key="$REAL/client.key" "$url"
	expect_status 0
	printf 'keypw\n' >password
	run_apart fetch --discard --cacert="$CA" --cert="$REAL/client.pem" \
		--key="$REAL/locked.key" --key-password=@password "$url"
	expect_status 0
	# It doesn't ask at the terminal.
	run_apart fetch --discard --cacert="$CA" --cert="$REAL/client.pem" \
		--key="$REAL/locked.key" "$url"
	expect_status 5
}

@test "--pinnedpubkey and --tls-min" {
	local url=https://localhost:$TLS_PORT/1
	run_apart fetch --discard --cacert="$CA" \
		--pinnedpubkey="$(cat "$REAL/pin")" "$url"
	expect_status 0
	run_apart fetch --discard --cacert="$CA" \
		--pinnedpubkey="sha256//$(printf %032d 0 | base64)" "$url"
	expect_status 5
	expect_line "$errors" ': tls: .*not one of --pinnedpubkey'
	url=https://localhost:$OLD_PORT/1
	run_apart fetch --discard --cacert="$CA" --tls-min=1.2 "$url"
	expect_status 0
	run_apart fetch --discard --cacert="$CA" --tls-min=1.3 "$url"
	expect_status 5
}

@test "HTTP/2 shares few connections in loops" {
	for i in $(seq 200); do echo "https://localhost:$H2_PORT/$i"; done >list
	run_apart fetch -j 50 --http2 --cacert="$CA" -P out list
	expect_status 0
	[ "$(cat out/* | sort -u | wc -l)" -eq 200 ]
	[ "$(grep -c 'HTTP/2' "$REAL/nginx/requests")" -eq 200 ]
	local most=50
	case $STRATEGY in
	event) most=2 ;;
	loops) most=$((2 * $(nproc))) ;;
	esac
	[ "$(sort -u "$REAL/nginx/requests" | cut -d' ' -f2 | sort -u |
		wc -l)" -le $most ]
	run_apart fetch --discard -v --http1.1 --cacert="$CA" \
		"https://localhost:$H2_PORT/1"
	expect_line "$output" 'HTTP/1\.1 200'
}

@test "HTTP/2: beyond the streams that a server allows, there are more connections" {
	for i in $(seq 200); do echo "https://localhost:$FEW_PORT/$i"; done >list
	run_apart fetch -j 40 -v --http2 --cacert="$CA" -P out list
	expect_status 0
	expect_line "$output" ' 0 retries'
	[ "$(cat out/* | sort -u | wc -l)" -eq 200 ]
	local used
	used=$(cut -d' ' -f1,2 "$REAL/nginx/requests" | grep "^$FEW_PORT " |
		sort -u | wc -l)
	echo "$used connections"
	case $STRATEGY in
	event | loops) [ "$used" -ge 3 ] && [ "$used" -le 40 ] ;;
	esac
}

@test "HTTP/2 by haproxy" {
	for i in $(seq 100); do
		echo "https://localhost:$HAPROXY_PORT/$i"
	done >list
	run_apart fetch -j 20 -v --http2 --cacert="$CA" -P out list
	expect_status 0
	[ "$(cat out/* | sort -u | wc -l)" -eq 100 ]
	[ "$(grep -c 'HTTP/2 200' <<<"$output")" -eq 100 ]
}

@test "HTTP/2: a body is ok only with its length, and never when cut" {
	run_apart fetch --discard --http2 --cacert="$CA" "$H2/whole/yes"
	expect_status 0
	expect_no_line "$output" unverified
	run_apart fetch --discard --http2 --cacert="$CA" "$H2/whole/no"
	expect_status 0
	expect_line "$output" unverified
	for how in reset cancel noerror goaway close; do
		for i in 1 2 3; do
			echo "$H2/$how/yes?$i"
			echo "$H2/$how/no?$i"
		done
	done >list
	run_apart fetch -j 8 -t 1 --max-cooldown=0 --stall-timeout=2 --http2 \
		--cacert="$CA" -P out list
	[ "$status" -ne 0 ]
	# What had no length is at best unverified, and says so.
	expect_no_line "$output" '^Read .*/yes'
	[ "$(grep '^Read ' <<<"$output" | absent grep -v unverified; echo $?)" \
		-eq 0 ]
	[ "$(($(grep -c '^Failed' <<<"$errors") + $(grep -c '^Read' \
		<<<"$output")))" -eq 30 ]
}

@test "TLS sessions are resumed" {
	for i in $(seq 20); do echo "https://localhost:$TLS_PORT/$i"; done >list
	run_apart fetch --discard -j 1 --no-keepalive --cacert="$CA" list
	expect_status 0
	[ "$(grep -c ' r$' "$REAL/nginx/requests")" -ge 15 ]
}

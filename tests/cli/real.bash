# Real servers and proxies of the system, for tests that load this after helpers.
# Each start_NAME runs in a directory of its own below $REAL, which the servers'
# own users can enter, and exports the ports; stop_real ends all of them.

begin_real() {
	REAL=$(mktemp -d)
	chmod 755 "$REAL"
	export REAL
	PATH=$PATH:/usr/sbin:/sbin
}

stop_real() {
	local pid
	for pid in "$REAL"/*.started; do
		kill "$(cat "$pid")" 2>/dev/null || true
	done
	rm -rf "$REAL"
}

# Runs COMMAND in the background as NAME.
run_server() { # NAME COMMAND...
	local name=$1
	shift
	[ ! -e "$REAL/$name.started" ] ||
		kill "$(cat "$REAL/$name.started")" 2>/dev/null || true
	"$@" >"$REAL/$name.log" 2>&1 </dev/null 3>&- &
	echo $! >"$REAL/$name.started"
}

port_answers() { # PORT
	(exec 8<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Waits until NAME listens on PORT.  If somebody else does, NAME has ended.
await_server() { # NAME PORT
	local tries=0
	until port_answers "$2"; do
		kill -0 "$(cat "$REAL/$1.started")" && [ $tries -lt 400 ] || {
			cat "$REAL/$1.log"
			return 1
		}
		tries=$((tries + 1))
		sleep 0.05
	done
	sleep 0.1
	kill -0 "$(cat "$REAL/$1.started")"
}

# A port that is free now may be taken a moment later: tries three times.
persist() { # COMMAND...
	"$@" || "$@" || "$@"
}

# ca.pem and, signed by it, NAME.pem and NAME.key for SUBJECTALTNAMES, valid for
# DAYS; in the current directory.
make_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 2 -subj "/CN=test CA" -keyout ca.key -out ca.pem \
		-addext basicConstraints=critical,CA:TRUE
}

make_certificate() { # NAME SUBJECTALTNAMES [DAYS]
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key \
		-CAcreateserial -days "${3:-2}" -out "$1.pem" \
		-extfile <(echo "subjectAltName=$2")
}

# The first Python that has MODULE: packages of the system are for the system's.
python_with() { # MODULE
	local python
	for python in "$PYTHON3" /usr/bin/python3; do
		! "$python" -c "import $1" 2>/dev/null || {
			echo "$python"
			return
		}
	done
	echo "no Python has the module $1" >&2
	return 1
}

# Two servers that tell what they have received; see tests/witness.py.
start_witness() {
	mkdir "$REAL/witness"
	mkfifo "$REAL/witness/life"
	"$PYTHON3" "$ROOT/tests/witness.py" "$REAL/witness" \
		<"$REAL/witness/life" >"$REAL/witness.log" 2>&1 3>&- &
	echo $! >"$REAL/witness.started"
	exec 9>"$REAL/witness/life"
	await_file "$REAL/witness/two.port"
	ONE=http://127.0.0.1:$(cat "$REAL/witness/one.port")
	TWO=http://127.0.0.1:$(cat "$REAL/witness/two.port")
	export ONE TWO
}

# apache2 with /usr/share/doc, logins user:password, and compression; $OTHER is
# another origin of it that asks for a login.
start_apache() {
	local module modules=/usr/lib/apache2/modules
	read -r APACHE_PORT OTHER_PORT < <(free_ports 2)
	mkdir -p "$REAL/apache"
	printf 'user:test:%s\n' "$(printf user:test:password | md5sum |
		cut -d' ' -f1)" >"$REAL/apache/digest"
	printf 'user:other:%s\n' "$(printf user:other:password | md5sum |
		cut -d' ' -f1)" >>"$REAL/apache/digest"
	printf 'user:%s\n' "$(openssl passwd -apr1 password)" \
		>"$REAL/apache/basic"
	cat >"$REAL/apache/conf" <<-CONF
	ServerRoot $REAL/apache
	ServerName localhost
	Listen 127.0.0.1:$APACHE_PORT
	Listen 127.0.0.1:$OTHER_PORT
	PidFile $REAL/apache/pid
	Mutex sem
	ErrorLog $REAL/apache/errors
	$(for module in mpm_event authn_core authn_file authz_core authz_user \
		auth_basic auth_digest deflate brotli filter headers alias env; do
		echo "LoadModule ${module}_module $modules/mod_$module.so"
	done)
	$([ "$(id -u)" -ne 0 ] || echo "User nobody")
	AddDefaultCharset off
	DocumentRoot /usr/share/doc
	<Directory /usr/share/doc>
	  Require all granted
	</Directory>
	Alias /digest /usr/share/doc
	<Location /digest>
	  AuthType Digest
	  AuthName test
	  AuthDigestProvider file
	  AuthUserFile $REAL/apache/digest
	  Require valid-user
	</Location>
	<VirtualHost 127.0.0.1:$OTHER_PORT>
	  <Location />
	    AuthType Digest
	    AuthName other
	    AuthDigestProvider file
	    AuthUserFile $REAL/apache/digest
	    Require valid-user
	  </Location>
	</VirtualHost>
	Alias /basic /usr/share/doc
	<Location /basic>
	  AuthType Basic
	  AuthName test
	  AuthUserFile $REAL/apache/basic
	  Require valid-user
	</Location>
	Alias /gzip /usr/share/doc
	<Location /gzip>
	  SetOutputFilter DEFLATE
	</Location>
	Alias /br /usr/share/doc
	<Location /br>
	  SetOutputFilter BROTLI_COMPRESS
	</Location>
	CONF
	run_server apache apache2 -DFOREGROUND -f "$REAL/apache/conf"
	export APACHE_PORT APACHE=http://127.0.0.1:$APACHE_PORT
	export OTHER=http://127.0.0.1:$OTHER_PORT
	await_server apache "$APACHE_PORT"
}

# httpbin, if there is a Python that has it; else HTTPBIN is empty.
start_httpbin() {
	local python
	HTTPBIN_PORT=$(free_ports 1)
	export HTTPBIN=
	python=$(python_with httpbin 2>/dev/null) || return 0
	run_server httpbin "$python" -c "
from httpbin import app
app.run(port=$HTTPBIN_PORT, threaded=True)"
	await_server httpbin "$HTTPBIN_PORT"
	HTTPBIN=http://127.0.0.1:$HTTPBIN_PORT
}

# tinyproxy with the login proxy:proxypw, and one without a login.
start_tinyproxy() {
	local name
	read -r PROXY_PORT OPEN_PROXY_PORT < <(free_ports 2)
	for name in "tinyproxy $PROXY_PORT BasicAuth" \
		"openproxy $OPEN_PROXY_PORT"; do
		set -- $name
		{
			printf 'Listen 127.0.0.1\nPort %s\nTimeout 60\n' "$2"
			echo "LogFile \"$REAL/$1.requests\""
			[ -z "${3:-}" ] || echo 'BasicAuth proxy proxypw'
		} >"$REAL/$1.conf"
		run_server "$1" tinyproxy -d -c "$REAL/$1.conf"
		await_server "$1" "$2"
	done
	export PROXY_PORT OPEN_PROXY_PORT
}

# A SOCKS5 proxy with the login proxy:proxypw.
start_socks() {
	SOCKS_PORT=$(free_ports 1)
	run_server socks microsocks -i 127.0.0.1 -p "$SOCKS_PORT" \
		-u proxy -P proxypw
	export SOCKS_PORT
	await_server socks "$SOCKS_PORT"
}

# Where files are written, and where they never are, under one strategy.
load helpers

setup() {
	enter_directory
}

@test "no name leaves the directory, hides, or looks like an option" {
	mkdir in && cd in
	local long
	long=$(head -c 5000 /dev/zero | tr '\0' n)
	cat >list <<-LIST
	http://origin.test/bytes/3/..%2f..%2fescaped
	http://origin.test/bytes/3/%2e%2e
	http://origin.test/bytes/3/.bashrc
	http://origin.test/bytes/3/-rf
	http://origin.test/bytes/3/a%00b%0ac
	http://origin.test/bytes/3/x%5c..%5cy
	http://origin.test/bytes/3/?a=/../../b
	http://origin.test/bytes/3/%252e%252e%252fz
	http://origin.test/bytes/3/.pfetch-1.part
	http://origin.test/bytes/3/$long
	http://origin.test/bytes/3/${long}2
	http://origin.test/bytes/3/
	http://origin.test/bytes/3/caf%c3%a9%20au%20lait
	LIST
	run_apart fetch --origin -P out list
	expect_status 0
	(cd out && find . -mindepth 1 -maxdepth 1 -type f -printf '%P\n') |
		LC_ALL=C sort >names
	[ "$(wc -l <names)" -eq 13 ]
	[ "$(ls -A .. | wc -l)" -eq 1 ]
	[ "$(find .. -type f | wc -l)" -eq 15 ]
	absent grep -q '^[.-]' names
	absent grep -q '[^[:print:]]' <(LC_ALL=C.UTF-8 cat names)
	awk 'length($0) > 210 { exit 1 }' names
	grep -qx 'café au lait' names
	grep -qx '%2e%2e%2fz' names
	grep -qx 'index.html?a=_.._.._b' names
	grep -qx '_._.._escaped' names
	[ "$(grep -c '^nnnn.*-[0-9a-f]\{16\}$' names)" -eq 2 ]
}

@test "what is planted in the directory is neither followed nor changed" {
	mkdir out
	echo canary >canary
	ln -s ../canary out/1
	ln -s /nowhere out/2
	mkdir out/3
	mkfifo out/4
	echo kept >out/5
	chmod 444 out/5
	for i in 1 2 3 4 5; do
		echo "http://origin.test/bytes/$i"
	done >list
	run_apart fetch --origin -P out list
	expect_status 0
	expect_files 1 1.1 2 2.1 3 3.1 4 4.1 5 5.1
	[ "$(cat canary)" = canary ] && [ "$(cat out/5)" = kept ]
	[ -L out/1 ] && [ -L out/2 ] && [ -d out/3 ] && [ -p out/4 ]
}

@test "a file that appears meanwhile is not replaced" {
	fetch --origin -P out http://origin.test/delay/1000/bytes/6 \
		>log 2>&1 3>&- &
	local pid=$!
	until [ -d out ]; do sleep 0.05; done
	sleep 0.3
	echo mine >out/6
	wait $pid
	[ "$(cat out/6)" = mine ]
	cmp out/6.1 <(origin_body /delay/1000/bytes/6 6)
}

@test "directories are made, and one that can't be is told at once" {
	run_apart fetch --origin -P a/b/c http://origin.test/bytes/1
	expect_status 0
	[ -f a/b/c/1 ]
	run_apart fetch --origin -P a/b/c/1/d http://origin.test/bytes/1
	expect_status 3
	expect_line "$errors" "^pfetch: cannot write to directory 'a/b/c/1/d': "
}

@test "a disk that is full is a failure of class file, and leaves no file" {
	cat >list <<-'LIST'
	http://origin.test/bytes/10
	http://origin.test/bytes/3000000
	http://origin.test/bytes/11
	LIST
	run_apart bash -c "ulimit -f 100; '$PFETCH' -s $STRATEGY --origin -P out list"
	expect_status 3
	expect_files 10 11
	expect_line "$errors" ': file: cannot write: File too large$'
}

@test "a small file system that fills up" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount"
	mkdir out
	mount -t tmpfs -o size=256k none out || skip "can't mount here"
	cat >list <<-'LIST'
	http://origin.test/bytes/1000
	http://origin.test/bytes/3000000
	LIST
	run_apart fetch --origin -P out -j 1 list
	files=$(ls -A out)
	umount out
	expect_status 3
	expect_line "$errors" ': file: cannot write: No space left on device$'
	[ "$files" = 1000 ]
}

@test "a full standard output ends the run with status 3" {
	[ -c /dev/full ] || skip "no /dev/full"
	run_apart bash -c "'$PFETCH' -s $STRATEGY --origin --discard http://origin.test/bytes/1 >/dev/full"
	expect_status 3
	expect_line "$errors" '^pfetch: cannot write the output: No space left'
	run_apart bash -c "'$PFETCH' -s $STRATEGY --origin --discard http://origin.test/bytes/1 >&-"
	expect_status 3
}

@test "an output that can't be written is the failure of all that is left" {
	[ -c /dev/full ] || skip "no /dev/full"
	for i in $(seq 40); do echo "http://origin.test/bytes/9000?$i"; done >list
	run_apart fetch --origin -O /dev/full list
	expect_status 3
	expect_no_line "$errors" ': aborted: '
}

@test "a reader that goes away while the list is awaited ends the run" {
	local before=$SECONDS
	(set +o pipefail
	 { echo http://origin.test/bytes/100000
	   sleep 3; } | fetch --origin -q -O - - 2>errors 3>&- | true)
	# The pipeline lasts until the producer's sleep ends, but pfetch has
	# ended long before.
	[ ! -s errors ]
	pgrep -f -- "-s $STRATEGY --origin -q -O - -$" && return 1
	[ $((SECONDS - before)) -lt $((7 * SLOW)) ]
}

@test "lines are never torn when both outputs are one slow pipe" {
	for i in $(seq 4000); do
		echo "http://origin.test/bytes/10?$i"
		echo "nonsense://x/$i"
	done >list
	(fetch --origin --discard list 2>&1 3>&- || true) |
		while IFS= read -r line; do
			case $line in
			"Read 10 from http://origin.test/bytes/10?"* | \
			"Failed nonsense://x/"*" supported" | Downloaded*) ;;
			*) echo "$line" ;;
			esac
		done >torn
	cat torn
	[ ! -s torn ]
}

@test "a reader that goes away ends the run as SIGPIPE does" {
	seq 20000 | sed 's|.*|http://origin.test/bytes/1?&|' >list
	(set +o pipefail
	 fetch --origin --discard list 2>errors 3>&- | head -n 1 >first
	 echo "${PIPESTATUS[0]}" >status)
	[ -s first ]
	[ ! -s errors ]
	[ "$(cat status)" -eq 141 ]
}

@test "templates name files, and never outside" {
	local date
	date=$(date +%Y-%m-%d)
	{
		echo 'http://origin.test/bytes/3'
		echo 'http://origin.test/delay/1/bytes/4.txt?a=%2fb'
	} >list
	name() { # TEMPLATE NAME...
		rm -rf out
		run_apart fetch --origin -P out -q -o "$1" \
			http://origin.test/bytes/3 'http://origin.test/delay/1/bytes/4?a=%2fb'
		expect_status 0
		shift
		[ "$(cd out && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs)" = "$*" ]
	}
	name '{host}/{path}' origin.test/bytes/3 origin.test/delay/1/bytes/4
	name '{n:06}{ext}' 000001 000002
	name '{name}/{n}' 3/1 4/2
	name '{n}/..{name}{query}' '1/_.3' '2/_.4?a=_b'
	name '{name}-{date}' "3-$date" "4-$date"
	name x x x.1
	name '{hash}/.{name}' 62b84fda0fd25131/_3 bf2d7da90b3fb2dd/_4 || [ "$(ls out | wc -l)" -eq 2 ]
	for option in -x -nH "-x --cut-dirs=1" "-nH --cut-dirs=9"; do
		rm -rf out
		run_apart fetch --origin -P out $option \
			'http://origin.test/delay/1/bytes/4?q'
		expect_status 0
		find out -type f >>names
	done
	diff names - <<-'NAMES'
	out/origin.test/delay/1/bytes/4?q
	out/delay/1/bytes/4?q
	out/origin.test/1/bytes/4?q
	out/4?q
	NAMES
	for bad in '{name' 'a}' '{nobody}' '{name:3}' '{n:1234}' '' ../a /a a/; do
		run_apart fetch --origin -o "$bad" list
		expect_status 2
	done
}

@test "files that are there can be skipped or replaced" {
	seq -f 'http://origin.test/bytes/%g' 5 >list
	mkdir out
	echo old >out/3
	run_apart fetch --origin -P out --skip-existing list
	expect_status 0
	expect_files 1 2 3 4 5
	[ "$(cat out/3)" = old ]
	expect_line "$output" '^Skipped http://origin.test/bytes/3 \(its file is'
	expect_line "$output" '^Downloaded 4 of 5 sites in [0-9.]* seconds \(1 skipped\)$'
	run_apart fetch --origin -P out --overwrite list
	expect_status 0
	expect_files 1 2 3 4 5
	cmp out/3 <(origin_body /bytes/3 3)
	# What this run has written is neither skipped nor replaced.
	printf 'http://origin.test/delay/%s/bytes/7\n' 1 2 3 >list
	run_apart fetch --origin -P out --overwrite list
	expect_files 1 2 3 4 5 7 7.1 7.2
	rm -rf out
	run_apart fetch --origin -P out --skip-existing list
	expect_files 7 7.1 7.2
	# A failure leaves the old file, and a directory is not replaced.
	echo old >out/9
	mkdir out/8
	run_apart fetch --origin -P out --overwrite \
		http://origin.test/status/404/9 http://origin.test/bytes/8
	[ "$(cat out/9)" = old ]
	[ -d out/8 ]
	# Large bodies, too.
	echo old >out/200000
	run_apart fetch --origin -P out --overwrite http://origin.test/bytes/200000
	expect_status 0
	cmp out/200000 <(origin_body /bytes/200000 200000)
	[ -z "$(find out -name '.pfetch*')" ]
}

@test "-N fetches what is newer, and keeps the server's times" {
	start_dated() {
		mkfifo life
		"$PYTHON3" - 3>&- <<-'PY' &
		import http.server, os
		class Handler(http.server.SimpleHTTPRequestHandler):
		    def log_message(self, *arguments):
		        pass
		os.makedirs("www", exist_ok=True)
		os.chdir("www")
		server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		with open("../port.new", "w") as file:
		    file.write(str(server.server_address[1]))
		os.rename("../port.new", "../port")
		server.serve_forever()
		PY
		SERVER_PID=$!
	}
	mkdir www
	echo one >www/f
	head -c 100000 /dev/zero >www/large
	touch -d '2020-01-02 03:04:05 UTC' www/f www/large
	start_dated
	await_file port
	printf "http://127.0.0.1:$(cat port)/%s\n" f large >list
	run_apart fetch -P out -N list
	expect_status 0
	expect_files f large
	[ "$(stat -c %Y out/f)" -eq 1577934245 ]
	[ "$(stat -c %Y out/large)" -eq 1577934245 ]
	run_apart fetch -P out -N list
	expect_line "$output" '^Downloaded 0 of 2 sites .*\(2 skipped\)$'
	expect_line "$output" '^Skipped .*/f \(not modified\)$'
	echo two >www/f
	run_apart fetch -P out -N list
	kill "$SERVER_PID"
	expect_status 0
	expect_files f large
	[ "$(cat out/f)" = two ]
}

@test "a directory and a file may be wanted by the same name" {
	printf 'http://origin.test/bytes/1\tout=a\n' >list
	printf 'http://origin.test/bytes/2\tout=a/b\n' >>list
	printf 'http://origin.test/bytes/3\tout=a/c/d\n' >>list
	printf 'http://origin.test/bytes/4\tout=e/f\n' >>list
	printf 'http://origin.test/bytes/5\tout=e\n' >>list
	printf 'http://origin.test/status/404\tout=g\n' >>list
	printf 'http://origin.test/bytes/6\tout=g/h\n' >>list
	run_apart fetch --origin -P out -j 7 list
	expect_status 8
	(cd out && find . -type f -printf '%P %s\n') | sort >files
	diff files - <<-FILES
	a 1
	a.1/b 2
	a.1/c/d 3
	e.1 5
	e/f 4
	g.1/h 6
	FILES
}

@test "names may nest as deep as they like" {
	local name=a
	for i in $(seq 300); do
		printf 'http://origin.test/bytes/%s\tout=%s\n' "$i" "$name"
		name+=/a
	done >list
	run_apart fetch --origin -P out list
	expect_status 0
	[ "$(find out -type f | wc -l)" -eq 300 ]
}

@test "a file of the moment before was there before" {
	for i in 1 2 3 4; do
		rm -rf out
		fetch -q --origin -P out http://origin.test/bytes/5
		fetch -q --origin -P out --overwrite http://origin.test/bytes/5
		fetch -q --origin -P out --skip-existing http://origin.test/bytes/5
		[ "$(ls out)" = 5 ]
	done
}

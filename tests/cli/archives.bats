# Bodies that go to one stream: joined, as they arrive, in tar and in web
# archives, under one strategy.
load helpers
load ranges

setup() {
	enter_directory
	: >"$SERVED"
}

members() { # TAR
	tar tvf "$1" | awk '{ print $6, $3 }' | xargs
}

# ---- joined ----

@test "bodies are separated as asked" {
	run_apart fetch --origin -q -O out --separator='--\n' -j 4 \
		http://origin.test/delay/200/bytes/9 http://origin.test/nosuch \
		http://origin.test/bytes/0 http://origin.test/bytes/8
	expect_status 8
	[ "$(cat out)" = "/delay/20--
--
/bytes/8" ]
	run_apart fetch --origin -q -O out --null-out http://origin.test/bytes/9 \
		http://origin.test/bytes/8
	[ "$(tr '\0' '|' <out)" = "/bytes/9
|/bytes/8|" ]
	run_apart fetch --origin --separator=x --discard http://origin.test/
	expect_status 2
}

@test "bodies come as they end if that is asked for" {
	fetch --origin -q -O out --order=done -j 4 \
		http://origin.test/delay/600/bytes/9 http://origin.test/bytes/8
	if [ "$STRATEGY" = sequential ]; then
		[ "$(cat out)" = "/delay/60/bytes/8" ]
	else
		[ "$(cat out)" = "/bytes/8/delay/60" ]
	fi
}

@test "with one job at a time, a body is passed on as it arrives" {
	mkfifo pipe
	fetch --origin -q -j 1 -O - http://origin.test/rate/50000/bytes/100000 \
		http://origin.test/bytes/200000 >pipe &
	"$PYTHON3" - <<-'PY'
	import time
	with open("pipe", "rb", buffering=0) as pipe:
	    begun, got, half = time.monotonic(), b"", 0
	    while part := pipe.read(65536):
	        got += part
	        half = half or len(got) > 25000 and time.monotonic() - begun
	    whole = time.monotonic() - begun
	line, other = b"/rate/50000/bytes/100000\n", b"/bytes/200000\n"
	assert got == (line * 4000)[:100000] + (other * 20000)[:200000]
	assert half < whole - 0.5, (half, whole)
	PY
	wait $!
}

@test "a try that failed does not show in what was passed on" {
	# Each response ends after 300000 bytes.
	run_apart fetch -q -j 1 -t 2 --retry-max-wait=0.05 -O out \
		"$RANGES/ok/1000000/300000/1000000" "$RANGES/ok/1000"
	expect_status 1
	[ "$(stat -c %s out)" -le 300000 ]
	cmp -n "$(stat -c %s out)" out <(range_body 1000000)
	expect_line "$errors" '^pfetch: stopping: the output ends within a body'
	expect_line "$errors" 'ok/1000 .*: aborted: the run was stopped'
	expect_line "$errors" 'ok/1000000/.*: truncated: .*, after 2 tries'
	# The second response is whole, and begins with the same bytes.
	run_apart fetch -q -j 1 -t 3 --retry-max-wait=0.05 -O out \
		"$RANGES/second/1000000/300000/1000000" "$RANGES/ok/1000"
	expect_status 0
	cmp out <(range_body 1000000; range_body 1000)
}

@test "what was passed on is never followed by bytes of another body" {
	run_apart fetch -q -j 1 -t 4 --retry-max-wait=0.05 -O out \
		"$RANGES/turning/1000000/300000/1000000" "$RANGES/ok/1000"
	expect_status 1
	[ "$(stat -c %s out)" -le 300000 ]
	cmp -n "$(stat -c %s out)" out <(range_body 1000000)
	expect_line "$errors" 'mismatch: the body is not the one of which a part was passed on'
}

@test "a worker that is lost does not show in what was passed on" {
	[ "$STRATEGY" = process ] || skip "only processes can be lost"
	fetch -q -j 1 -O out "$RANGES/turning/2000000/0/500000" >report 2>&1 &
	local pid=$! core worker
	await test -s out
	core=$(pfetch_of $pid)
	worker=$(pgrep -P "$core" | head -n 1)
	kill -KILL "$worker"
	local status=0
	wait $pid || status=$?
	# The other worker gets another version, which does not fit.
	[ "$status" -eq 7 ]
	cmp -n "$(stat -c %s out)" out <(range_body 2000000)
	grep -q 'the body is not the one of which a part was passed on' report
}

@test "a reader that leaves ends even one body that would go on for long" {
	local begun=$SECONDS
	{ fetch --origin -q -j 1 -O - http://origin.test/rate/20000/bytes/9000000 || echo $? >status; } |
		head -c 10 >part
	[ "$(cat status)" -eq 141 ]
	[ $((SECONDS - begun)) -lt $((10 * SLOW)) ]
}

# ---- tar ----

@test "names need not be ASCII" {
	printf 'http://origin.test/bytes/5\tout=\303\274/\342\202\254.txt\nhttp://origin.test/bytes/6\n' >list
	run_apart fetch --origin --tar=a.tar list
	expect_status 0
	mkdir x && tar xf a.tar -C x
	[ "$(find x -type f -size -2 | LC_ALL=C sort | xargs)" = "x/6 x/ü/€.txt" ]
}

@test "an archive that can't be written does not confuse the counts" {
	run_apart fetch --origin --tar=/nonexistent/x.tar --tar-shard=5 http://origin.test/nosuch
	expect_status 3
	expect_line "$errors$output" 'Downloaded 0 of 1 sites .*\(1 failed\)'
}

@test "a tar archive has the names that files would have" {
	{
		echo http://origin.test/bytes/1000
		echo http://origin.test/bytes/200000
		printf 'http://origin.test/bytes/0\tout=d/e/empty\n'
		echo http://origin.test/bytes/1000
		echo http://origin.test/nosuch
	} >list
	run_apart fetch --origin --tar=a.tar -j 4 --order=input list
	expect_status 8
	expect_line "$output" '^Downloaded 4 of 5 sites'
	[ "$(members a.tar | sed 's/ \.failed.*//')" = \
		"1000 1000 200000 200000 d/e/empty 0 1000.1 1000" ]
	mkdir x && tar xf a.tar -C x
	cmp x/200000 <(origin_body /bytes/200000 200000)
	expect_line "$(cat x/.failed/nosuch.json)" '"class":"http"'
	fetch --origin --tar -q --discard-failed -j 4 -x list >b.tar 2>err || true
	tar tf b.tar | LC_ALL=C sort | xargs >names
	[ "$(cat names)" = "d/e/empty origin.test/bytes/1000 origin.test/bytes/1000.1 origin.test/bytes/200000" ]
}

@test "an archive of nothing, and one that can't be written" {
	: >list
	fetch --tar=a.tar list
	[ -z "$(tar tf a.tar)" ]
	run_apart fetch --origin --tar=/dev/full http://origin.test/bytes/100000
	expect_status 3
	run_apart fetch --origin --tar=nosuch/a.tar http://origin.test/bytes/1
	expect_status 3
	run_apart fetch --origin --tar --json http://origin.test/bytes/1
	expect_status 2
	run_apart fetch --origin --tar=x --warc=y http://origin.test/bytes/1
	expect_status 2
}

@test "a killed run leaves a tar archive that ends where it ends" {
	{
		echo http://origin.test/bytes/5000
		echo http://origin.test/delay/30000/bytes/1
	} >list
	fetch --origin --tar=a.tar list >out 2>&1 &
	await grep -q '^Read 5000' out
	kill -INT "$(pfetch_of $!)"
	wait $! || true
	[ "$(tar xOf a.tar 5000 | wc -c)" -eq 5000 ]
}

@test "shards are samples of WebDataset" {
	{
		printf 'http://origin.test/bytes/10\tout=a/x.jpg\n'
		printf 'http://origin.test/bytes/11\tout=a/x.png\n'
		printf 'http://origin.test/bytes/12\tout=y.json\n'
		printf 'http://origin.test/bytes/13\tout=z.tar.gz\n'
		printf 'http://origin.test/nosuch\tout=w.jpg\n'
	} >list
	run_apart fetch --origin --tar=s.tar --tar-shard=2 --order=input list
	expect_status 8
	[ "$(ls s-*)" = "s-000000.tar
s-000001.tar" ]
	[ "$(tar tf s-000000.tar | xargs)" = "a/x.jpg a/x.json a/x-2.png a/x-2.json" ]
	[ "$(tar tf s-000001.tar | xargs)" = "y.json y.pfetch.json z.tar.gz z.json w.json" ]
	tar xOf s-000000.tar a/x.json | "$PYTHON3" -c '
import json, sys
record = json.load(sys.stdin)
assert record["size_download"] == 10 and record["out"] == "a/x.jpg", record'
	run_apart fetch --origin --tar=s.tar --tar-shard=2 --discard-failed --order=input list
	[ "$(tar tf s-000001.tar | xargs)" = "y.json y.pfetch.json z.tar.gz z.json" ]
	run_apart fetch --tar-shard=2 http://origin.test/
	expect_status 2
}

# ---- WARC ----

# Prints the records of FILE as a library sees them that is not ours.
read_warc() { # FILE
	local modules=${WARCIO_MODULES:-$ROOT/node_modules}
	node "$ROOT/tests/warc-check.mjs" "$modules" "$1"
}

need_warcio() {
	node -e "require.resolve('warcio', { paths: ['${WARCIO_MODULES:-$ROOT/node_modules}'] })" \
		2>/dev/null && return
	[ -z "${NEED_WARCIO:-}" ] || { echo "no warcio"; return 1; }
	skip "needs node with warcio (npm install warcio)"
}

@test "a web archive has what was sent and received" {
	run_apart fetch --origin --warc=a --order=input -j 4 -u me:planted -H 'X-Key: planted' \
		-b 'c=planted' http://origin.test/bytes/1000 \
		http://origin.test/chunked/300000 http://origin.test/nosuch \
		http://origin.test/redirect/1 http://me:planted@origin.test/bytes/0
	expect_status 8
	zcat a.warc.gz >plain
	[ "$(grep -ac '^WARC/1.1' plain)" -eq 9 ]
	absent grep -a planted plain
	absent grep -a planted a.cdx
	expect_line "$(tr -d '\r' <plain | grep -a .)" '^X-Key: \*\*\*$'
	# Each line of the index leads to a record of its own.
	"$PYTHON3" - <<-'PY'
	import base64, hashlib, zlib
	data = open("a.warc.gz", "rb").read()
	lines = open("a.cdx").read().splitlines()
	assert lines[0] == " CDX a b a m s k r M V g u", lines[0]
	assert len(lines) == 5, lines
	for line, size in zip(lines[1:], (1000, 300000, 1024, 0)):
	    url, date, same, mime, status, digest, _, _, offset, file, urn = line.split(" ")
	    assert url == same and len(date) == 14 and file == "a.warc.gz", line
	    assert mime == "text/html" and status == "200", line
	    record = zlib.decompressobj(31).decompress(data[int(offset):])
	    fields, _, block = record.partition(b"\r\n\r\n")
	    assert urn.encode() in fields and url.encode() in fields, fields
	    head, _, payload = block.partition(b"\r\n\r\n")
	    payload = payload[:-4]
	    if b"chunked" in head:
	        count, _, payload = payload.partition(b"\r\n")
	        assert payload.endswith(b"\r\n0\r\n\r\n"), payload[-20:]
	        payload = payload[:-7]
	        assert int(count, 16) == len(payload)
	    assert len(payload) == size, (line, len(payload))
	    assert base64.b32encode(hashlib.sha1(payload).digest()) == digest.encode()
	PY
}

@test "a web archive is read by a library that is not ours" {
	need_warcio
	fetch --origin -q --warc=a.warc.gz --order=input http://origin.test/bytes/1000 \
		http://origin.test/chunked/70000 http://origin.test/unsized/9
	read_warc a.warc.gz >seen
	[ "$(cut -d' ' -f1-3,5 seen)" = "warcinfo - - good
response http://origin.test/bytes/1000 200 good
request http://origin.test/bytes/1000 - good
response http://origin.test/chunked/70000 200 good
request http://origin.test/chunked/70000 - good
response http://origin.test/unsized/9 200 good
request http://origin.test/unsized/9 - good" ]
	[ "$(awk '/^response/ { print $4 }' seen | xargs)" = "1000 70000 9" ]
}

@test "robots.txt is understood when there is an archive" {
	printf '200\nUser-agent: BadBot\nDisallow: /\nUser-agent: *\nDisallow: /no\n' \
		>"$(dirname "$SERVED")/robots"
	run_apart fetch -q --robots --warc=a "$RANGES/ok/10" "$RANGES/no/10"
	rm "$(dirname "$SERVED")/robots"
	expect_status 1
	[ "$(grep -c . a.cdx)" -eq 2 ]
	grep -q "/ok/10 " a.cdx
}

@test "another web archive begins when one is large enough" {
	fetch --origin -q --warc=a --warc-max-size=1K --order=input http://origin.test/bytes/1000 \
		http://origin.test/bytes/2000 http://origin.test/bytes/3000 http://origin.test/bytes/4000
	[ -e a-00001.warc.gz ]
	local file
	for file in a*.warc.gz; do
		[ "$(zcat "$file" | grep -ac '^WARC-Type: warcinfo')" -eq 1 ]
	done
	[ "$(cat a*.warc.gz | zcat | grep -ac '^WARC-Type: response')" -eq 4 ]
	[ "$(awk 'NR > 1 { print $10 }' a.cdx | sort -u | xargs)" = "$(ls a*.warc.gz | sort | xargs)" ]
	run_apart fetch --origin --warc=nosuch/a http://origin.test/bytes/1
	expect_status 3
	run_apart fetch --warc=a --compressed http://origin.test/
	expect_status 2
}

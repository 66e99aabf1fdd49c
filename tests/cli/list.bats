# What a list may contain, under one strategy.
load helpers

setup() {
	enter_directory
}

@test "CRLF, BOM, blanks, comments and a missing newline are fine" {
	printf '\xef\xbb\xbfhttp://origin.test/bytes/1\r\n\r\n  # no\r\n  http://origin.test/bytes/2  \n\n\nhttp://origin.test/bytes/3' >list
	run_apart fetch --origin -P out list
	expect_status 0
	expect_files 1 2 3
}

@test "NUL-separated lists" {
	printf 'http://origin.test/bytes/1\0http://origin.test/bytes/2\0' >list
	run_apart fetch --origin -P out -0 list
	expect_status 0
	expect_files 1 2
}

@test "a bad line is one failed result that names it; the rest goes on" {
	{
		echo "http://origin.test/bytes/1"
		printf 'http://origin.test/a\0b\n'
		printf 'http://origin.test/\033[31m\n'
		echo "ftp://origin.test/bytes/1"
		echo "gopher://origin.test/x"
		echo "file:///etc/passwd"
		echo "www.origin.test/x"
		echo "http:/origin.test/x"
		echo "http:///origin.test/x"
		printf 'http://origin.test\\@evil/\n'
		echo "http://origin.test:99999/"
		echo "http://origin.test/a b"
		echo "http://"
		head -c 70000 /dev/zero | tr '\0' a
		echo
		echo "http://origin.test/bytes/2"
	} >list
	run_apart fetch --origin -P out list
	expect_status 1
	expect_files 1 2
	[ "$(grep -c ': input: ' <<<"$errors")" -eq 13 ]
	for line in 2 3 4 5 6 7 8 9 10 11 12 13 14; do
		expect_line "$errors" "\\(list, line $line\\): input: "
	done
	expect_line "$output" '^Downloaded 2 of 15 sites'
	expect_line "$errors" 'line 2\): input: contains a NUL byte'
	expect_line "$errors" 'line 3\): input: contains a control character'
	expect_line "$errors" 'line 14\): input: line longer than 64 KiB'
	absent grep -q $'\033' <<<"$errors"
}

@test "every byte at every place is a result, and never a crash" {
	"$PYTHON3" - <<-'PY'
	with open("list", "wb") as f:
	    for byte in range(256):
	        for at in range(5):
	            url = bytearray(b"http://origin.test/bytes/1")
	            place = [0, 4, 7, 19, len(url)][at]
	            url[place:place] = bytes([byte])
	            f.write(url + b"\n")
	PY
	run_apart fetch --origin --discard -t 1 --connect-timeout=2 list
	[ "$status" -ge 1 ] && [ "$status" -le 8 ]
	"$PYTHON3" - "$BATS_TEST_TMPDIR/stdout" "$BATS_TEST_TMPDIR/stderr" <<-'PY'
	import re, sys
	out, err = (open(p, "rb").read() for p in sys.argv[1:])
	failed = [int(n) for n in re.findall(rb"list, line (\d+)\)", err)]
	read = out.count(b"Read ")
	assert len(failed) == len(set(failed))
	lines = [l for l in open("list", "rb").read().split(b"\n")]
	blank = sum(1 for l in lines if not l.strip(b" \r") or
	            l.strip(b" ").startswith(b"#"))
	assert len(failed) + read == len(lines) - blank, (len(failed), read)
	for byte in list(range(0x20)) + [0x7f]:
	    assert bytes([byte]) not in (out + err).replace(b"\n", b""), byte
	PY
}

@test "a line of any length costs no memory and one result" {
	run_apart fetch --origin -P out - < <(
		head -c 300000000 /dev/zero | tr '\0' a
		echo
		echo http://origin.test/bytes/3)
	expect_status 1
	expect_files 3
	[ "$(grep -c 'line longer than 64 KiB' <<<"$errors")" -eq 1 ]
}

@test "the first URL of a pipe is fetched while the pipe stays open" {
	mkfifo pipe
	fetch --origin -P out - <pipe >log 2>&1 3>&- &
	local pid=$!
	exec 8>pipe
	echo http://origin.test/bytes/11 >&8
	await_file out/11
	echo http://origin.test/bytes/12 >&8
	await_file out/12
	exec 8>&-
	wait $pid
	grep -q '^Downloaded 2 sites' log
}

@test "a slow producer never stalls what is in flight" {
	mkfifo pipe
	fetch --origin -P out pipe >log 2>&1 3>&- &
	local pid=$!
	exec 8>pipe
	echo http://origin.test/delay/100/bytes/200000 >&8
	await_file out/200000
	exec 8>&-
	wait $pid
}

@test "an endless producer is held back by a stalled consumer" {
	mkfifo stalled
	# The producer counts the lines that it could write.
	cat >producer.py <<-'PY'
	import os, sys
	out, count = 1, open(sys.argv[1], "w")
	for n in range(1, 1000001):
	    os.write(out, b"http://origin.test/bytes/1?%d\n" % n)
	    if n % 100 == 0:
	        count.seek(0)
	        count.write(str(n))
	        count.flush()
	PY
	("$PYTHON3" producer.py taken 2>/dev/null |
		fetch --origin --discard -j 4 - >stalled 2>/dev/null) 3>&- &
	local pid=$!
	exec 8<stalled
	sleep $((2 * SLOW))
	local first second
	first=$(cat taken)
	sleep 1
	second=$(cat taken)
	# Two pipes and an outlet, of 64 KiB each, hold some 5,000 lines.
	echo "taken: $first, a second later $second"
	[ "$first" -gt 100 ]
	[ "$second" -lt 10000 ]
	[ $((second - first)) -le 100 ]
	exec 8<&-
	wait $pid || true
}

@test "an unreadable list is told before anything begins" {
	echo http://origin.test/bytes/1 >list
	run_apart fetch --origin -P out list missing
	expect_status 2
	expect_line "$errors" "cannot read list 'missing': No such file"
	[ ! -e out ]
	run_apart fetch --origin -P out list .
	expect_status 2
	run_apart fetch --origin -P out - <.
	expect_status 2
}

@test "standard input is read when nothing is named" {
	run_apart fetch --origin -P out < <(echo http://origin.test/bytes/4)
	expect_status 0
	expect_files 4
}

@test "fields say where a body goes and what it must be" {
	local sum
	sum=$(origin_body /bytes/7 7 | sha256sum | cut -d' ' -f1)
	{
		printf 'http://origin.test/bytes/5\tout=d/e/five\tsize=5\ttag=one\n'
		printf '%s  http://origin.test/bytes/7\n' "$sum"
		printf 'http://origin.test/bytes/8\tsize=9\n'
		printf 'http://origin.test/bytes/9\tsha256=%s\n' "$sum"
		printf 'http://origin.test/bytes/3\tout=../x\n'
		printf 'http://origin.test/bytes/4\tcolour=red\n'
		printf 'http://origin.test/bytes/6\tsecret\n'
	} >list
	run_apart fetch --origin -v -P out list
	expect_status 1
	expect_files d d/e d/e/five 7
	expect_line "$output" 'tag one; file d/e/five'
	expect_line "$errors" 'line 3\): mismatch: body is 8 bytes, not'
	expect_line "$errors" 'line 4\): mismatch: '
	expect_line "$errors" "line 5\\): input: field 'out': not a safe name"
	expect_line "$errors" "line 6\\): input: field 'colour': unknown"
	expect_line "$errors" "bytes/6 \\(list, line 7\\): input: a field is not"
	expect_no_line "$errors" secret
}

@test "fields make requests of their own" {
	start_hostile
	{
		printf '%s/sink?1\tmethod=HEAD\n' "$HOSTILE"
		printf '%s/sink?2\n' "$HOSTILE"
		printf '%s/sink?3\tdata=a=b\treferer=http://r/\n' "$HOSTILE"
	} >list
	run_apart fetch -P out list
	stop_hostile
	grep -q '^HEAD /sink?1 ' "$HOSTILE_REQUESTS"
	grep -q '^GET /sink?2 ' "$HOSTILE_REQUESTS"
	grep -q '^POST /sink?3 ' "$HOSTILE_REQUESTS"
	grep -q '^Referer: http://r/' "$HOSTILE_REQUESTS"
}

@test "directories on the way to a file are never links" {
	mkdir out elsewhere
	ln -s ../elsewhere out/link
	printf 'http://origin.test/bytes/5\tout=link/f\n' >list
	run_apart fetch --origin -P out list
	expect_status 0
	[ -z "$(ls elsewhere)" ]
	[ "$(stat -c %s out/link.1/f)" -eq 5 ]
}

@test "relative lines need a base" {
	printf 'bytes/1\n/bytes/2\n../bytes/3\nhttp://origin.test/bytes/4\n' >list
	run_apart fetch --origin -P out --base=http://origin.test/a/b list
	expect_status 8
	expect_files 2 3 4
	expect_line "$errors" 'http://origin.test/a/bytes/1 .*line 1\): http: HTTP 404'
	run_apart fetch --base=ftp://x/ list
	expect_status 2
}

@test "repeats can be skipped" {
	printf 'http://origin.test/bytes/%s\n' 1 2 1 3 2 1 >list
	run_apart fetch --origin -P out --unique list
	expect_status 0
	expect_files 1 2 3
	expect_line "$output" '^Downloaded 3 sites .*\(3 repeats skipped\)'
}

@test "checksums are written as their tools read them" {
	printf 'http://origin.test/bytes/%s\n' 1 200000 404x 3 >list
	printf 'http://origin.test/bytes/2\tout=d/f\n' >>list
	local kind
	for kind in sha256 sha512 sha1 md5; do
		rm -rf out
		run_apart fetch --origin -P out --digest=$kind \
			--checksum-file=sums list
		expect_files 1 200000 3 d d/f
		[ "$(wc -l <sums)" -eq 4 ]
		${kind}sum -c sums
	done
	run_apart fetch --origin --discard -v --digest=md5 list
	expect_line "$output" "; md5 $(origin_body /bytes/3 3 | md5sum | cut -c1-32)"
	run_apart fetch --discard --checksum-file=sums list
	expect_status 2
	run_apart fetch --checksum-file=list list
	expect_status 2
	run_apart fetch --digest=crc32 list
	expect_status 2
}

@test "JSON objects are entries, with the same fields" {
	local sum
	sum=$(origin_body /bytes/7 7 | sha256sum | cut -d' ' -f1)
	cat >list <<-LIST
	{"url": "http://origin.test/bytes/7", "sha256": "$sum", "out": "a/b", "size": 7}
	  {"tag": "t", "url": "http://origin.test/bytes/5", "header": ["A: b", "C: d"]}
	http://origin.test/bytes/6
	{"url": "http://origin.test/bytes/1", "url": "http://origin.test/bytes/2"}
	{"url": 5}
	{"size": 5}
	{"url": "http://origin.test/bytes/1", "size": [1, "x"]}
	{"url": "http://origin.test/bytes/1", "header": "A: b\\r\\nC: d"}
	{"url": "http://origin.test/bytes/1", "colour": "red"}
	{"url": "http://origin.test/bytes/\\u001b1"}
	{
	LIST
	run_apart fetch --origin -v -P out list
	expect_status 1
	expect_files a a/b 5 6
	expect_line "$output" 'tag t; file 5'
	for line in 4 5 6 7 8 9 10 11; do
		expect_line "$errors" "\\(list, line $line\\): input: "
	done
	expect_line "$errors" "line 4\\): input: not JSON at byte "
	expect_line "$errors" "line 6\\): input: a JSON object without 'url'"
	expect_line "$errors" "line 8\\): input: field 'header': contains a contr"
	[ "$(grep -c ': input: ' <<<"$errors")" -eq 8 ]
	absent grep -q $'\033' <<<"$errors"
}

@test "compressed lists are read directly" {
	seq -f 'http://origin.test/bytes/1?%g' 3000 >list
	"$PYTHON3" - <<-'PY'
	import gzip
	data = open("list", "rb").read()
	with open("list.gz", "wb") as f:    # two members
	    f.write(gzip.compress(data[:5000]) + gzip.compress(data[5000:]))
	with open("cut.gz", "wb") as f:
	    f.write(gzip.compress(data)[:-9])
	with open("bad.gz", "wb") as f:
	    packed = bytearray(gzip.compress(data))
	    packed[len(packed) // 2] ^= 255
	    f.write(packed)
	with open("bomb.gz", "wb") as f:
	    f.write(gzip.compress(b"a" * 50000000))
	PY
	run_apart fetch --origin --discard list.gz
	expect_status 0
	expect_line "$output" '^Downloaded 3000 sites'
	run_apart fetch --origin --discard - <list.gz
	expect_line "$output" '^Downloaded 3000 sites'
	run_apart bash -c 'cat list.gz | timeout 30 "$1" -s "$2" --origin --discard' \
		bash "$PFETCH" "$STRATEGY"
	expect_line "$output" '^Downloaded 3000 sites'
	run_apart fetch --origin --discard cut.gz
	expect_status 2
	expect_line "$errors" "cannot read list 'cut.gz': its compressed data is cut short"
	run_apart fetch --origin --discard bad.gz
	[ "$status" -ge 1 ] && [ "$status" -le 2 ]
	expect_line "$errors" "cannot read list 'bad.gz': its compressed data is damaged"
	run_apart fetch --origin --discard bomb.gz
	expect_status 1
	expect_line "$errors" 'line 1\): input: line longer than 64 KiB'
	zstd -q list
	run_apart fetch --origin --discard list.zst
	expect_status 0
	expect_line "$output" '^Downloaded 3000 sites'
	head -c -5 list.zst >cut.zst
	run_apart fetch --origin --discard cut.zst
	expect_line "$errors" "cannot read list 'cut.zst': its compressed data is"
}

@test "what makes no sense together is told" {
	printf 'http://origin.test/bytes/1\tmethod=HEAD\tdata=x\n' >list
	echo '{"url": "http://origin.test/bytes/1", "tag": {"a": 1}}' >>list
	echo '{"url": "http://origin.test/bytes/1", "a": {"b": 1}}' >>list
	echo '{"url": "x", "url": "secret"}' >>list
	echo '["http://origin.test/bytes/1"]' >>list
	echo 'abcdef0123456789abc  http://origin.test/bytes/1' >>list
	echo http://origin.test/bytes/1 >>list
	run_apart fetch --origin --discard list
	expect_status 1
	expect_line "$errors" "line 1): input: a HEAD request has no data"
	expect_line "$errors" "line 2): input: field 'tag': not a string"
	expect_line "$errors" "line 3): input: field 'a': unknown field"
	expect_line "$errors" "line 4): input: not JSON at byte [0-9]*: duplicate"
	expect_line "$errors" "line 5): input: a JSON array"
	expect_line "$errors" "line 6): input: the digest before the URL"
	absent grep -q secret <<<"$errors"
	expect_line "$output" "Downloaded 1 of 7 sites"
}

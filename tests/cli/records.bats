# Records, lines in a format, lists of failures, metrics, and the order of
# reports, under one strategy.
load helpers

setup() {
	enter_directory
}

# A Python that has the library jsonschema (Debian: python3-jsonschema).
python_with_schemas() {
	local python
	for python in /usr/bin/python3 "$PYTHON3"; do
		"$python" -c 'import jsonschema' 2>/dev/null || continue
		echo "$python"
		return
	done
	return 1
}

check_records() { # FILE: prints how many entries there are
	"$(python_with_schemas)" "$ROOT/tests/check-records.py" \
		"$ROOT/docs/record.schema.json" <"$1"
}

value() { # FILE N KEY: of the record of entry N
	# Python takes long to start: one flat file for all questions.
	[ flat -nt "$1" ] || "$PYTHON3" -c '
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    record = json.loads(line)
    for key, value in record.items():
        print(record.get("n"), key, value)' "$1" >flat
	sed -n "s/^$2 $3 //p" flat
}

@test "records are as the schema says, whatever becomes of an entry" {
	{
		printf 'http://origin.test/bytes/1000\ttag=a\tout=d/one\n'
		echo http://origin.test/chunked/70000
		echo http://origin.test/unsized/10
		echo http://origin.test/status/204
		echo http://origin.test/redirect/2
		echo http://origin.test/nosuch
		echo http://origin.test/drop/10
		echo http://127.0.0.1:1/
		echo 'http://h st/'
		echo http://user:secret@origin.test/bytes/3
	} >list
	run_apart fetch --origin -P out -t 1 --digest=sha256 --json list
	expect_status 1
	printf '%s\n' "$output" >records
	[ "$(check_records records)" -eq 10 ]
	[ "$(value records 1 verdict)/$(value records 1 complete)" = ok/length ]
	[ "$(value records 1 tag)/$(value records 1 out)" = a/d/one ]
	[ "$(value records 1 filename_effective)" = out/d/one ]
	[ "$(value records 1 digests)" = "{'sha256': '$(sha256sum <out/d/one | cut -d' ' -f1)'}" ]
	[ "$(value records 2 complete)" = chunked ]
	[ "$(value records 3 verdict)/$(value records 3 complete)" = unverified/unsized ]
	[ "$(value records 4 complete)/$(value records 4 http_code)" = none/204 ]
	[ "$(value records 5 hops)" = 2 ]
	[ "$(value records 5 url_effective)" = http://origin.test/bytes/1024 ]
	[ "$(value records 6 class)/$(value records 6 exitcode)" = http/8 ]
	[ "$(value records 7 class)/$(value records 8 class)" = truncated/connect ]
	[ "$(value records 9 class)/$(value records 9 worker)" = input/None ]
	[ "$(value records 10 url)" = 'http://user:***@origin.test/bytes/3' ]
	absent grep secret records
	[ "$(value records 1 strategy)" = "$STRATEGY" ]
	# People still hear of failures and of the run.
	[ "$(grep -c '^Failed' <<<"$errors")" -eq 4 ]
	expect_line "$errors" '^Downloaded 6 of 10 sites'
	expect_no_line "$errors" '^Read'
}

@test "records are valid UTF-8, and what is not is there in Base64" {
	"$PYTHON3" -c '
import sys
for byte in list(range(1, 10)) + list(range(11, 256)):
    sys.stdout.buffer.write(b"http://h/%c\xe2\x80\xae %c\n" % (byte, byte))' >list
	run_apart fetch --discard --json=records -q list
	expect_status 1
	[ "$(check_records records)" -eq 254 ]
	"$PYTHON3" - <<-'PY'
	import base64, json
	lines = open("list", "rb").read().split(b"\n")
	for line in open("records", "rb"):
	    record = json.loads(line)
	    if record["record"] == "entry" and "url_b64" in record:
	        url = base64.b64decode(record["url_b64"])
	        want = lines[record["n"] - 1]
	        assert url and want.startswith(url), (url, want)
	PY
}

@test "a file of records leaves the report as it is" {
	run_apart fetch --origin --discard --json=records http://origin.test/bytes/3
	expect_status 0
	expect_line "$output" '^Read 3 from'
	[ "$(check_records records)" -eq 1 ]
}

@test "--write-out takes formats of curl" {
	run_apart fetch --origin -P out -q --order=input \
		-w '%{http_code} %{size_download} %{filename_effective} %{num_redirects} %{urlnum} 100%%\t%{scheme}\n' \
		http://origin.test/bytes/30 http://origin.test/redirect/1
	expect_status 0
	[ "$output" = "200 30 out/30 0 0 100%	HTTP
200 1024 out/1 1 1 100%	HTTP" ]
	run_apart fetch --origin --discard -w '%{onerror}%{stderr}%{errormsg}\n' \
		http://origin.test/bytes/30 http://origin.test/nosuch
	[ -z "$output" ]
	expect_line "$errors" '^HTTP 404 Not Found$'
	printf '%%{response_code}' >format
	run_apart fetch --origin --discard -w @format http://origin.test/bytes/1
	[ "$output" = 200 ]
	run_apart fetch --origin --discard -w '%{json}\n' http://origin.test/bytes/1
	expect_line "$output" '^\{"record":"entry","n":1,.*\}$'
	run_apart fetch --discard -w '%{no_such}' http://origin.test/
	expect_status 2
	expect_line "$errors" "unknown variable 'no_such'"
}

@test "reports come in the order of the list if that is asked for" {
	local i
	for i in 5 1 4 2 3; do
		echo "http://origin.test/delay/$((i * 60))/bytes/$i"
		echo "http://origin.test/flaky/1/bytes/2$i"
		echo "http://x y/$i"
	done >list
	run_apart fetch --origin -P out -j 4 --retry-max-wait=0.1 --order=input --json list
	expect_status 1
	[ "$("$PYTHON3" -c 'import json, sys
print(*(json.loads(l).get("n") for l in sys.stdin))' <<<"$output")" = \
		"$(seq -s ' ' 15) None" ]
	# And otherwise as they end; sequential has no choice.
	run_apart fetch --origin --discard -j 4 --json -q \
		http://origin.test/delay/400/bytes/1 http://origin.test/bytes/2
	[ "$STRATEGY" = sequential ] || expect_line "$(head -n 1 <<<"$output")" '"n":2,'
}

@test "a list in order does not run ahead of a slow entry" {
	{
		echo http://origin.test/delay/700/bytes/1
		yes http://origin.test/bytes/2 | head -n 3000
	} >list
	run_apart fetch --origin --discard -j 2 --queue=2 --order=input --json list
	expect_status 0
	# While the first is awaited, no more than the window is fetched.
	expect_line "$(head -n 1 <<<"$output")" '"n":1,'
	local ahead
	ahead=$("$PYTHON3" -c '
import json, sys
all = [json.loads(l) for l in sys.stdin][:-1]
end = all[0]["start"] + all[0]["time_total"]
print(sum(r["start"] + r["time_total"] < end - 0.1 for r in all))' <<<"$output")
	[ "$ahead" -le 1010 ]
}

@test "what failed is a list that can be fetched" {
	{
		printf 'http://origin.test/status/500\tout=a\ttag=t\theader=X-A: b\n'
		echo http://origin.test/bytes/1
		echo http://origin.test/nosuch
		echo 'http://x y'
	} >list
	run_apart fetch --origin -P out -t 1 --failed=again list
	expect_status 1
	[ "$(LC_ALL=C sort again)" = "$(sed 2d list | LC_ALL=C sort)" ]
	[ "$(stat -c %a again)" = 600 ]
	run_apart fetch --origin -P out -t 1 --failed=more again
	expect_status 1
	[ "$(LC_ALL=C sort more)" = "$(LC_ALL=C sort again)" ]
	run_apart fetch --origin -P out --failed=none http://origin.test/bytes/1
	expect_status 0
	[ -e none ] && [ ! -s none ]
	run_apart fetch --failed=list list
	expect_status 2
	expect_line "$errors" "'list' is both a list and the list of failed entries"
}

@test "metrics are complete and in Prometheus' format" {
	run_apart fetch --origin --discard --metrics=m.prom -t 2 --retry-max-wait=0.1 \
		http://origin.test/bytes/100 http://origin.test/nosuch \
		http://origin.test/bytes/7 http://origin.test/drop/5
	expect_status 7
	"$PYTHON3" - "$STRATEGY" <<-'PY'
	import re, sys
	values, types = {}, {}
	for line in open("m.prom"):
	    if line.startswith("# TYPE"):
	        types[line.split()[2]] = line.split()[3]
	    elif not line.startswith("#"):
	        name, labels, value = re.fullmatch(
	            r'([a-z_]+)\{strategy="%s"(.*)\} (\S+)\n' % sys.argv[1],
	            line).groups()
	        values[name + labels] = float(value)
	assert values['pfetch_entries_total,verdict="ok"'] == 2, values
	assert values['pfetch_failures_total,class="http"'] == 1, values
	assert values["pfetch_received_bytes_total"] == 107, values
	assert values["pfetch_retries_total"] == 1, values
	assert values["pfetch_request_duration_seconds_count"] == 4
	assert values['pfetch_request_duration_seconds_bucket,le="+Inf"'] == 4
	assert types["pfetch_request_duration_seconds"] == "histogram"
	PY
	[ -z "$(find . -name 'm.prom.*')" ]
	# What is no file stays what it is.
	mkfifo pipe
	cat pipe >read &
	fetch --origin -q --discard --metrics=pipe http://origin.test/bytes/1
	wait $!
	grep -q '^pfetch_entries_total' read
	[ -p pipe ]
	ln -s target link
	fetch --origin -q --discard --metrics=link http://origin.test/bytes/1
	[ -L link ] && grep -q '^pfetch_entries_total' target
	run_apart fetch --discard --metrics=nosuch/m http://origin.test/
	expect_status 3
}

@test "a reader that is gone ends the run in order, and a full disk with an error" {

	yes http://origin.test/bytes/10 | head -n 20000 >list
	{ fetch --origin --discard --json list 2>err || echo $? >status; } | head -n 1 >one
	[ "$(cat status)" -eq 141 ]
	[ "$(wc -l <one)" -eq 1 ]
	[ ! -s err ]
	run_apart fetch --origin --discard --json=/dev/full http://origin.test/bytes/1
	expect_status 3
	expect_line "$errors" "cannot write records '/dev/full': No space left"
	fetch --origin --discard --json http://origin.test/bytes/1 >/dev/full 2>err &&
		return 1
	status=$?
	[ "$status" -eq 3 ]
	grep -q 'cannot write the output: No space left' err
	run_apart fetch --origin --discard --failed=/dev/full http://origin.test/nosuch
	expect_status 3
}

@test "a slow reader stops new transfers, not those in flight" {
	yes http://origin.test/bytes/10 | head -n 20000 >list
	mkfifo pipe
	fetch --origin --discard --json list >pipe 2>err &
	local pid=$! first
	exec 7<pipe
	sleep 1
	# Everything but what fits into the pipe and the buffers is still to come.
	local seen peak
	peak=$(awk '/VmHWM/ { print $2 }' "/proc/$(pfetch_of $pid)/status")
	seen=$(cat <&7 | wc -l)
	wait $pid
	exec 7<&-
	[ "$seen" -eq 20001 ]
	[ "$peak" -lt $((20000 * (SLOW > 1 ? 20 : 1))) ]
}

@test "bodies of several lines to one pipe keep their lines" {
	local i
	for i in 1 2 3 4 5 6 7 8; do
		echo "http://origin.test/bytes/400000?$i"
	done >list
	fetch --origin -q -j 8 -O - list | cat >all
	[ "$(wc -c <all)" -eq 3200000 ]
	"$PYTHON3" - <<-'PY'
	data = open("all", "rb").read()
	line = b"/bytes/400000?%d\n"
	assert data == b"".join(line % i * (400000 // len(line % i))
	                        for i in range(1, 9)), "mixed"
	PY
}

# pfetch compare: what it runs, what it leaves out, what it writes.

ROOT=${ROOT:-$(cd "$BATS_TEST_DIRNAME/.." && pwd)}

setup_file() {
	load cli/helpers
	start_hostile
}

teardown_file() {
	load cli/helpers
	stop_hostile
}

setup() {
	load cli/helpers
	enter_directory
	FAULTY=${FAULTY:-$(dirname "$PFETCH")/tests/unit/faulty-pfetch}
}

compare() {
	timeout -k 5 $((120 * SLOW)) "$PFETCH" compare "$@"
}

# Compares strategies that cheat; see tests/unit/faulty.c.
compare_faulty() {
	timeout -k 5 $((120 * SLOW)) "$FAULTY" compare --origin=urls=5 -j 2 --runs=3 "$@"
}

json() { # PYTHON-EXPRESSION of d, the document, and r, its first result
	"$PYTHON3" -c "
import json
d = json.load(open('json'))
r = d['results'][0]
assert ($1)"
}

@test "--help fits two screens and names every option once" {
	run_apart "$PFETCH" compare --help
	expect_status 0
	[ "$(wc -l <<<"$output")" -le 100 ]
	[ "$(wc -L <<<"$output")" -le 79 ]
	[ -z "$(grep -Eo -- '^ .{5}--[a-z0-9-]+' <<<"$output" | sort | uniq -d)" ]
}

@test "the answer comes first and last, and one table in 100 columns between" {
	run_apart compare --origin=urls=6,latency=10ms -j 2,6 --runs=7
	expect_status 0
	[ "$(head -n 1 <<<"$output")" = "$(tail -n 1 <<<"$output")" ]
	expect_line "$(head -n 1 <<<"$output")" '^Use [a-z]+ -j 6: it is [0-9.]+ times as fast as sequential\.'
	[ "$(grep -c 'strategy  ' <<<"$output")" -eq 1 ]
	expect_line "$output" '^ +strategy +-j +wall time s +speed-up +CPU s +memory +connections$'
	expect_line "$output" '^ +sequential +1 +[0-9.]+ ± [0-9.]+ +baseline +[0-9.]+ +[0-9.]+ MiB +1'
	[ "$(awk '/strategy  /,/^$/' <<<"$output" | LC_ALL=C.UTF-8 wc -L)" -le 100 ]
	[ "$(grep -c '^>' <<<"$output")" -eq 2 ] # one row, and the legend
	absent grep -q $'\033' <<<"$output"
}

@test "-v prints the other tables, without columns that would be empty" {
	run_apart compare --origin=urls=6 -s event -j 2 --runs=2 -v
	[ "$(grep -c 'strategy  ' <<<"$output")" -eq 5 ]
	# In the headings: the CPU time may happen to be 95 %.
	expect_no_line "$(grep -E '^ *strategy' <<<"$output")" \
		'95 %|offload|p99  |p99$|ideal'
	expect_line "$output" '^Intervals need at least 6 valid runs\.$'
	expect_line "$output" '^The p99 latencies need at least 84 runs of this list\.$'
}

@test "colour on a terminal, or as --color and NO_COLOR say" {
	script -qec true /dev/null >/dev/null || skip "no terminal to be had"
	local one="'$PFETCH' compare --origin=urls=3 -s event -j 2 --runs=1"
	TERM=xterm NO_COLOR= script -qec "$one" /dev/null >out
	grep -q $'\033\\[1;32m> ' out
	TERM=xterm NO_COLOR=1 script -qec "$one" /dev/null >out
	absent grep -q $'\033\\[[0-9;]*m' out
	TERM=dumb script -qec "$one" /dev/null >out
	absent grep -q $'\033\\[[0-9;]*m' out
	TERM=xterm script -qec "$one --color=never" /dev/null >out
	absent grep -q $'\033\\[[0-9;]*m' out
	NO_COLOR=1 compare --origin=urls=3 -s event -j 2 --runs=1 --color=always >out
	grep -q $'\033\\[1;32m> ' out
	run_apart compare --origin=urls=3 --color=purple
	expect_status 2
	expect_line "$errors" "^pfetch: --color is auto, always or never, not 'purple'"
}

@test "charts are as wide as the terminal" {
	compare --origin=urls=6,latency=10ms -s sequential,event -j 2 --runs=1 --chart >out
	[ "$(grep -E '^(sequential|event|[ ].*\|$)' out | wc -L)" -le 80 ]
	expect_line "$(cat out)" '^ +slot 1 \|[.=# ]{60}\|$'
	COLUMNS=132 compare --origin=urls=6,latency=10ms -s event -j 2 --runs=1 --chart >out
	expect_line "$(cat out)" '^ +slot 1 \|[.=# ]{112}\|$'
	script -qec true /dev/null >/dev/null || return 0
	script -qec "stty cols 60; '$PFETCH' compare --origin=urls=6,latency=10ms -s event -j 2 --runs=1 --chart" /dev/null | tr -d '\r' >out
	expect_line "$(cat out)" '^ +slot 1 \|[.=# ]{40}\|$'
}

@test "every combination once in each block, sequential once" {
	run_apart compare --origin=urls=4 -s sequential,pool,event -j 1,3 \
		--runs=2 --seed=5 --export-json=json
	expect_status 0
	expect_line "$output" '^4 URLs, 5 combinations, 2 blocks .*--seed=5\)'
	json "[(x['parameters']['strategy'], x['parameters']['jobs'])
	       for x in d['results']] == [('sequential', '1'), ('pool', '1'),
	       ('pool', '3'), ('event', '1'), ('event', '3')]"
	json "all(len(x['runs']) == 2 for x in d['results'])"
	json "d['pfetch']['seed'] == 5 and d['pfetch']['entries'] == 4"
	json "'--seed=5' in d['pfetch']['arguments']"
}

@test "hyperfine's own reader would take the JSON" {
	compare --origin=urls=4 -s sequential,event -j 2 --runs=7 \
		--export-json=json >/dev/null
	json "{'command', 'mean', 'stddev', 'median', 'user', 'system', 'min',
	       'max', 'times', 'exit_codes', 'parameters'} <= set(r)"
	json "len(r['times']) == len(r['exit_codes']) == 7"
	json "r['min'] <= r['median_ci95'][0] <= r['median'] and (
	      r['median'] <= r['median_ci95'][1] <= r['max'])"
	json "r['speedup'] == 1 and d['results'][1]['speedup_ci95'][0] is not None"
	json "abs(r['mean'] - sum(r['times']) / 7) < 1e-6"
	json "{'pfetch', 'libcurl', 'kernel', 'processors'} <=
	      set(d['pfetch']['environment'])"
}

@test "at least 10 blocks and 3 seconds, or as many as --max-runs" {
	compare --origin=urls=1 -s event -j 1 --max-runs=12 --export-json=json >/dev/null
	json "10 <= len(r['runs']) <= 12"
	compare --origin=urls=1,latency=320ms -s event -j 1 --export-json=json >/dev/null
	json "len(r['runs']) == 10"
}

@test "--until-ci says whether it was reached" {
	run_apart compare --origin=urls=2,latency=300ms -s event -j 2 --until-ci=50% --export-json=json
	expect_line "$output" '^Intervals within 50 % of the median: reached\.$'
	run_apart compare --origin=urls=1 -s event -j 1 --until-ci=0.001% --max-runs=11 --export-json=json
	expect_line "$output" '^Intervals within 0.001 % of the median: not reached\.$'
	json "len(r['runs']) == 11"
}

@test "without an interval nothing is said to be clear" {
	run_apart compare --origin=urls=2 -s sequential,event -j 2 --runs=3
	expect_status 0
	expect_line "$output" "^[>*]? +event +2 +[0-9.]+ +[0-9.]+ "
	expect_no_line "$output" ' it is |±'
	expect_line "$output" '^Intervals need at least 6 valid runs\.$'
}

@test "a strategy that loses a body is caught and left out" {
	run_apart compare_faulty -s event,sound,loses
	expect_status 1
	expect_line "$errors" 'block 1, loses -j 2: left out: 4096 bytes, not 5120'
	expect_line "$output" '^3 runs did not do the same work as the others and were left out'
	expect_line "$output" '^ +loses .* 3 runs left out$'
	expect_no_line "$output" 'sound .* left out'
}

@test "a body with other bytes is caught and left out" {
	run_apart compare_faulty -s event,sound,swaps --export-json=json
	expect_status 1
	expect_line "$errors" 'swaps -j 2: left out: the digest of all bodies differs'
	json "all(x['left_out'] for x in d['results'][2]['runs'])"
	json "d['results'][2]['times'] == [] and d['results'][2]['median'] is None"
	json "len(r['times']) == 3 and d['pfetch']['runs_left_out'] == 3"
}

@test "a strategy that fetches twice is caught and left out" {
	run_apart compare_faulty -s event,sound,twice
	expect_status 1
	expect_line "$errors" 'twice -j 2: left out: it began 6 transfers for 5 jobs'
	expect_no_line "$output" 'event .* left out'
}

@test "the sound one is not caught" {
	run_apart compare_faulty -s event,sound,pool
	expect_status 0
	[ -z "$errors" ]
}

@test "bodies that change from run to run can't be compared, and that is said" {
	run_apart compare -s event,pool,sequential -j 1 --runs=2 "$HOSTILE/counter"
	expect_status 1
	expect_line "$errors" "left out: no more than half of its block's runs agree"
	expect_line "$output" '^No conclusion: no run is valid\.$'
}

@test "entries that fail in every run are told, and the rest compared" {
	echo http://origin.test/status/404 >list
	echo http://origin.test/bytes/10 >>list
	run_apart compare --origin -s event,pool -j 2 --runs=2 list
	expect_status 0
	expect_line "$output" '^1 of 2 entries failed in every run\. The first: .*status/404 \(line 1\): http: HTTP 404'
}

@test "every form of list is read again by each run" {
	echo http://origin.test/bytes/10 >list
	expected=$(sha256sum <list | cut -d' ' -f1)
	for way in file pipe input; do
		case $way in
		file) compare --origin -s event,pool -j 1 --runs=2 --export-json=json list ;;
		pipe) compare --origin -s event,pool -j 1 --runs=2 --export-json=json <(cat list) ;;
		input) compare --origin -s event,pool -j 1 --runs=2 --export-json=json - <list ;;
		esac >/dev/null
		json "d['pfetch']['list_sha256'] == '$expected'"
		json "all(x['entries'] == 1 for x in r['runs'])"
	done
	compare --origin -s event -j 1 --runs=1 --export-json=json list \
		http://origin.test/bytes/20 >/dev/null
	json "r['runs'][0]['bytes'] == 30"
}

@test "--keep keeps every run's bodies apart" {
	compare --origin=urls=3,size=10 -s event,pool -j 2 --runs=2 --keep=kept >/dev/null
	[ "$(find kept -name '10*' | wc -l)" -eq 18 ]
	[ -d kept/event-j2/block-2 ] && [ -d kept/pool-j2/block-0 ]
}

@test "options of a run reach the runs" {
	run_apart compare -s event,pool -j 1 --runs=1 --tries=1 --max-size=4 \
		"$HOSTILE/length/5"
	expect_line "$output" 'The first: .*: limit: '
}

@test "other machines are asked only by those who say so" {
	run_apart compare -s event,pool -j 1 --runs=2 http://192.0.2.1/ http://192.0.2.1/x \
		http://127.0.0.1:1/ </dev/null
	expect_status 2
	expect_line "$errors" 'will send 12 requests to other machines.*: 192\.0\.2\.1$'
	expect_line "$errors" '--yes'
	[ -z "$output" ]
}

@test "on a terminal it asks, and no is no" {
	script -qec true /dev/null >/dev/null || skip "no terminal to be had"
	status=0
	echo n | script -qec "'$PFETCH' compare -s event --runs=1 http://192.0.2.1/" /dev/null >out || status=$?
	[ "$status" -eq 1 ]
	grep -q 'Continue?' out
	absent grep -q 'wall time' out
}

@test "a signal leaves what is complete, and kills by that signal" {
	compare --origin=urls=2,latency=100ms -s event,pool -j 1 --runs=1000 >out 2>&1 3>&- &
	local pid=$! status=0
	sleep $((3 * SLOW))
	pkill -INT -P $pid
	wait $pid || status=$?
	[ "$status" -eq 130 ]
	expect_line "$(cat out)" '^Interrupted: only complete blocks count\.$'
	expect_line "$(cat out)" '^.  event +1 '
}

@test "a signal among the pictures leaves those that were taken" {
	compare --origin=urls=4,latency=300ms -s event,sequential -j 4 --runs=1 \
		--chart --trace=traces >out 2>&1 3>&- &
	local pid=$! status=0
	await_file traces/sequential-j1.json
	pkill -INT -P $pid
	wait $pid || status=$?
	[ "$status" -eq 130 ]
	expect_line "$(cat out)" '^Interrupted before all time lines were recorded\.$'
	expect_line "$(cat out)" '^event -j 4, 0 to '
	expect_no_line "$(cat out)" '^sequential -j 1, 0 to '
}

@test "usage errors are told before anything is run" {
	for wrong in -s\ nosuch -s\ event, -j\ 0 -j\ 1,,2 -j\ x --runs=0 \
		--origin=urls=0 --until-ci=x% --gil --offload=2 \
		--runs=7\ --until-ci=5% --runs=7\ --max-runs=9; do
		# shellcheck disable=SC2086
		run_apart compare --origin=urls=1 $wrong
		expect_status 2
		[ -z "$output" ]
	done
	run_apart compare --origin
	expect_status 2
	run_apart compare --origin=urls=1 --export-json=/nonexistent/x
	expect_status 3
	run_apart compare missing-list
	expect_status 2
	: >empty
	run_apart compare empty
	expect_status 2
	expect_line "$errors" 'empty'
}

@test "CSV, Markdown and charts have a row for each combination" {
	run_apart compare --origin=urls=6,latency=10ms -s sequential,thread,event -j 2,3 --runs=2 \
		--chart --export-csv=csv --export-markdown=md
	expect_status 0
	[ "$(wc -l <csv)" -eq 6 ]
	[ "$(head -n 1 csv | cut -d, -f1-8)" = command,mean,stddev,median,user,system,min,max ]
	[ "$(awk -F, '{ print NF }' csv | sort -u | wc -l)" -eq 1 ]
	[ "$(grep -c '^| thread | 3 |' md)" -eq 4 ]
	expect_line "$output" '^event +3 +[]#[]+'
	expect_line "$output" '^ +thread 2 \|[.=# ]{60}\|$'
	[ "$(grep -Ec '^ +slot [123] \|' <<<"$output")" -eq 3 ]
}

@test "the page needs no network and no script, and is sound HTML" {
	compare --origin=urls=6,latency=10ms -s sequential,thread,process -j 2,3 --runs=7 \
		--cpu-work=5ms --report=page.html >/dev/null
	absent grep -Eiq '<script|<link|<img|https?://[^o]|@import|url\(' page.html
	"$PYTHON3" - <<-'PYTHON'
	from html.parser import HTMLParser
	void = {"meta", "br"}
	class Check(HTMLParser):
	    stack, images, ids, labels, tables = [], 0, [], set(), 0
	    def handle_starttag(self, tag, attributes):
	        a = dict(attributes)
	        if tag not in void:
	            self.stack.append(tag)
	        if a.get("role") == "img":
	            self.images += 1
	            assert "aria-labelledby" in a
	        if "aria-labelledby" in a:
	            self.labels.add(a["aria-labelledby"])
	        if "id" in a:
	            self.ids.append(a["id"])
	        self.tables += tag == "table"
	    def handle_startendtag(self, tag, attributes):
	        pass
	    def handle_endtag(self, tag):
	        assert self.stack.pop() == tag, tag
	check = Check()
	check.feed(open("page.html").read())
	assert check.stack == [], check.stack
	assert len(check.ids) == len(set(check.ids)) == check.images == 5
	assert check.labels == set(check.ids)
	assert check.tables == 4
	PYTHON
}

@test "text from outside can't get into the page as markup" {
	compare --origin -s event -j 1 --runs=1 --report=page.html \
		'http://origin.test/status/404?<script>alert(1)</script>' >/dev/null || true
	absent grep -q '<script' page.html
	grep -q '&lt;script' page.html
}

@test "--trace=DIR has one for each combination" {
	compare --origin=urls=3 -s sequential,loops -j 2 --runs=1 --trace=traces >/dev/null
	for name in sequential-j1 loops-j2; do
		[ "$("$PYTHON3" -c "
import json
print(sum(e['name'].startswith('http') for e in json.load(open('traces/$name.json'))))")" -eq 3 ]
	done
}

@test "a password in the list is shown nowhere" {
	run_apart compare --origin -s event,pool -j 1 --runs=1 --chart --export-json=json \
		--export-markdown=md --export-csv=csv --report=page.html --trace=traces \
		http://user:hunter2@origin.test/status/404
	absent grep -rq hunter2 .
	expect_no_line "$output$errors" hunter2
}

@test "what servers and lists say is shown to no terminal as it is" {
	printf '%s\n' "$HOSTILE/reason" $'nonsense\033[31m' >list
	run_apart compare -s event,pool -j 1 --runs=1 --export-markdown=md list
	expect_line "$output" 'The first: '
	absent grep -q $'[\033\007]' <<<"$output$errors"
	absent grep -q $'[\033\007]' md
	run_apart compare -s event --runs=1 $'http://c1\xc2\x9b31m.invalid/' \
		http://notexample.invalid/ http://example.invalid/ </dev/null
	expect_line "$errors" 'notexample.invalid, example.invalid$'
	absent grep -q $'\xc2\x9b' <<<"$errors"
}

@test "no list and no other output is written over" {
	echo http://origin.test/bytes/10 >list
	run_apart compare --origin -s event --runs=1 --export-csv=list list
	expect_status 2
	[ "$(cat list)" = http://origin.test/bytes/10 ]
	run_apart compare --origin -s event --runs=1 --export-csv=x --report=x list
	expect_status 2
	run_apart compare --origin -s event --runs=1 --export-csv=y missing
	expect_status 2
	[ ! -e x ] && [ ! -e y ]
}

@test "a made-up list keeps to --null" {
	run_apart compare -0 --origin=urls=5 -s event,pool -j 1 --runs=1
	expect_status 0
	expect_line "$output" '^5 URLs'
}

@test "when every entry fails there is nothing to recommend" {
	run_apart compare --origin -s event,pool -j 1 --runs=2 http://origin.test/status/404
	expect_status 1
	expect_line "$output" '^No conclusion: every entry failed\.$'
}

@test "a narrow interval is found though --max-runs ends it" {
	run_apart compare --origin=urls=1,latency=300ms -s event -j 1 --until-ci=90% --max-runs=7
	expect_line "$output" '^Intervals within 90 % of the median: reached\.$'
}

@test "a trace that can't be written is told, and costs the status" {
	[ -e /dev/full ] || skip "no /dev/full"
	mkdir traces
	ln -s /dev/full traces/event-j1.json
	run_apart compare --origin=urls=3 -s event -j 1 --runs=1 --trace=traces
	expect_status 3
	expect_line "$errors" 'cannot write trace of event -j 1: No space left'
}

@test "the service time is that of all hops and tries" {
	compare --origin -s event -j 1 --runs=1 --export-json=json \
		http://origin.test/delay/100/redirect/1/bytes/10 >/dev/null
	json "0.1 <= r['service_s']['max'] < r['sojourn_s']['max'] + 0.001"
}

@test "a run that dies is left out, and its figures are not made up" {
	"$PFETCH" compare --origin=urls=1,latency=${SLOW}500ms -s event -j 1 --runs=2 --keep=kept \
		--export-json=json >out 2>errors 3>&- &
	local pid=$! status=0
	await test -e kept/event-j1/block-1
	pkill -KILL -P $pid -f '^pfetch measure '
	wait $pid || status=$?
	[ "$status" -eq 1 ]
	expect_line "$(cat errors)" 'block 1, event -j 1: left out: it was killed by signal 9'
	json "r['runs'][0]['exit_code'] == 137 and 'wall_s' not in r['runs'][0]"
	json "r['runs'][1]['exit_code'] == 0 and r['runs'][1]['wall_s'] > 0.5"
	# Unless the server counts requests, their number is left out.
	compare -s event -j 1 --runs=1 --export-json=json "$HOSTILE/length/5" >out
	json "r['runs'][0]['transfers_begun'] == 1 and 'server_requests' not in r['runs'][0]"
}

has_ended() { # PID
	[ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status"
}

@test "a run ends with the comparison, however that ends" {
	(exec "$PFETCH" compare --origin=urls=2,latency=30s -s event,pool -j 1 --runs=1 >out 2>&1 3>&-) 3>&- &
	local pid=$! child
	await pgrep -f -P "$pid" 'pfetch measure' >found
	child=$(cat found)
	kill -KILL $pid
	wait $pid || true
	await has_ended "$child"
}

@test "the last line tells what there is to tell" {
	run_apart compare --origin=urls=3,latency=100ms -s sequential,event -j 2,3 --runs=6
	expect_line "$(tail -n 1 <<<"$output")" '^Use event -j 3: it is [23]\.[0-9] times as fast as sequential\. More than 3 jobs were not tried\.$'
	run_apart compare --origin=urls=3,latency=200ms -s sequential,event -j 3,30 --runs=6
	expect_line "$(tail -n 1 <<<"$output")" '^Use event -j 3: it is [23]\.[0-9] times as fast as sequential\. More jobs gain (nothing|less than 5 %)\.$'
	# So long that it does not matter how soon the server answers.
	run_apart compare --origin=urls=3 --cpu-work=90ms -s sequential,event -j 3 --runs=6
	expect_line "$(tail -n 1 <<<"$output")" '^Use sequential: nothing else is (clearly|more than 5 %) faster\.$'
	run_apart compare --origin=urls=2,latency=20ms -s sequential,event -j 1 --runs=6
	expect_line "$(tail -n 1 <<<"$output")" '^Use sequential: nothing else is (clearly|more than 5 %) faster\.$'
	run_apart compare --origin=urls=3,latency=20ms -s sequential,event -j 3 --runs=2
	expect_line "$(tail -n 1 <<<"$output")" '^Use event -j 3: it was .* times as fast as sequential\..* There were too few runs to be sure\.$'
	run_apart compare --origin=urls=3,latency=20ms -s event -j 3 --runs=2
	expect_line "$(tail -n 1 <<<"$output")" '^Use event -j 3: nothing else was tried\.$'
}

@test "the ideal is known of plain latencies and nothing else" {
	run_apart compare --origin -s sequential -j 1 --runs=2 --export-json=json \
		http://origin.test/delay/50/bytes/1 http://origin.test/delay/50/bytes/2
	json "abs(r['ideal'] - 0.1) < 1e-6"
	for other in delay/20/delay/30/bytes/1 delay/50/rate/1000/bytes/9 delay/50/status/404; do
		run_apart compare --origin -s sequential -j 1 --runs=2 --export-json=json \
			"http://origin.test/delay/50/bytes/1" "http://origin.test/$other"
		json "r['ideal'] is None"
	done
	# No work is done for an entry that fails.
	run_apart compare --origin -s sequential -j 1 --runs=2 --tries=1 --max-size=5 \
		--cpu-work=20ms --export-json=json http://origin.test/bytes/9 \
		http://origin.test/bytes/1
	json "r['ideal'] is None"
}

@test "the interval of the speed-up is that of the pairs" {
	compare --origin=urls=3,latency=5ms -s sequential,event -j 3 --runs=13 --export-json=json >/dev/null
	"$PYTHON3" - <<-'PYTHON'
	import json, random
	slow, fast = json.load(open("json"))["results"]
	pairs = sorted(a["wall_s"] / b["wall_s"]
	               for a, b in zip(slow["runs"], fast["runs"]))
	low, high = fast["speedup_ci95"]
	assert abs(fast["speedup"] - pairs[6]) < 1e-6, pairs
	# With 13 pairs, the bounds are the third or fourth value from either
	# end.
	assert pairs[2] - 1e-6 <= low <= pairs[3] + 1e-6, (low, pairs)
	assert pairs[9] - 1e-6 <= high <= pairs[10] + 1e-6, (high, pairs)
	PYTHON
}

@test "a goal is not reached by runs of which none is valid" {
	run_apart compare -s event,pool -j 1 --until-ci=50% --max-runs=2 "$HOSTILE/counter"
	expect_status 1
	expect_line "$output" ': not reached\.$'
}

@test "an output is no list and no other output, however it is named" {
	mkdir traces
	for name in traces/event-j2.json list; do
		echo http://origin.test/bytes/1 >$name
		run_apart compare --origin -s event -j 2 --runs=1 --trace=traces \
			--export-csv=./list $name
		expect_status 2
		expect_line "$errors" "'$name' is both a list and an output"
		[ "$(cat $name)" = http://origin.test/bytes/1 ]
		rm $name
	done
	run_apart compare --origin=urls=1 -s event -j 2 --runs=1 --export-csv=x --export-json=./x
	expect_status 2
	run_apart compare --origin=urls=1 -s event -j 2 --runs=1 --trace=traces \
		--export-json=traces/event-j2.json
	expect_status 2
	ln -s target link
	run_apart compare --origin=urls=1 -s event -j 2 --runs=1 --export-csv=link --export-json=target
	expect_status 2
	run_apart compare --origin=urls=1 -s event -j 2 --runs=1 --export-csv=link
	expect_status 0
	[ -L link ] && [ -s target ]
	run_apart compare --origin=urls=1 -s event -j 2 --runs=1 --export-csv=.
	expect_status 3
	[ -z "$output" ]
}

@test "only what is drawn is run for it" {
	compare --origin=urls=3 -s event,pool -j 1,2,3 --runs=1 --keep=kept --chart >/dev/null
	[ "$(cd kept && echo */pictures)" = "event-j3/pictures pool-j3/pictures" ]
}

@test "a warm-up that fails is no norm" {
	run_apart compare --origin -s event -j 1 --runs=2 --tries=1 \
		http://origin.test/flaky/1/bytes/10
	expect_status 0
}

@test "children that end are found though their end is ignored" {
	env --ignore-signal=CHLD true 2>/dev/null || skip "env(1) can't ignore signals"
	run_apart env --ignore-signal=CHLD "$PFETCH" compare --origin=urls=2 -s event,process -j 1 --runs=1
	expect_status 0
}

@test "a list that changes meanwhile is caught" {
	for i in 1 2 3 4; do echo "http://origin.test/delay/100/bytes/10?$i"; done >list
	compare --origin -s sequential -j 1 --runs=6 --keep=kept --export-json=json list \
		>out 2>errors 3>&- &
	local pid=$!
	await test -e kept/sequential-j1/block-2
	head -n 1 list >fewer && mv fewer list
	wait $pid && return 1
	expect_line "$(cat errors)" 'left out: its list had 1 entries, not 4'
	json "r['min'] >= 0.4"
}

@test "one strategy alone is held to its own past" {
	run_apart compare -s event -j 1 --runs=3 "$HOSTILE/counter"
	expect_status 1
	expect_line "$errors" 'event -j 1: left out: the digest of all bodies differs'
}

@test "no redirect leads to another machine unasked" {
	run_apart compare -s event,pool -j 1 --runs=1 "$HOSTILE/to/http:%2f%2f192.0.2.1%2f"
	expect_line "$output" 'redirect: it leads to another machine; --yes allows it'
	expect_status 1
}

@test "one output that fails costs no other" {
	[ -e /dev/full ] || skip "no /dev/full"
	run_apart compare --origin=urls=2 -s event -j 1 --runs=1 --export-json=/dev/full \
		--export-csv=csv --report=page.html
	expect_status 3
	expect_line "$errors" "cannot write '/dev/full'"
	[ -s csv ] && [ -s page.html ]
}

@test "an export goes to a pipe, or to standard output" {
	mkfifo pipe
	cat pipe >copy 3>&- &
	local reader=$!
	compare --origin=urls=2 -s event -j 1 --runs=1 --export-csv=pipe >out
	wait $reader
	expect_line "$(cat copy)" '^pfetch -s event -j 1,'
	# Standard output then holds nothing else.
	run_apart compare --origin=urls=2 -s event -j 1 --runs=1 --export-json=-
	"$PYTHON3" -m json.tool <<<"$output" >/dev/null
	expect_line "$errors" '^.  event +1 '
}

@test "-j auto is a combination like any other" {
	run_apart compare --origin=urls=40,latency=10ms -s sequential,event,loops \
		-j 1,8,auto --runs=3 --report=page.html --export-json=all.json
	expect_status 0
	expect_line "$output" 'event +auto '
	expect_line "$output" 'loops +auto '
	grep -q 'event <b>auto' page.html
	[ "$("$PYTHON3" -c 'import json
d = json.load(open("all.json"))
print(sum(r["parameters"]["jobs"] == "auto" for r in d["results"]))')" -eq 2 ]
	run_apart compare --origin=urls=4 -j 1,automatic
	expect_status 2
	expect_line "$errors" "invalid number of jobs in '1,automatic': 'automatic'"
}

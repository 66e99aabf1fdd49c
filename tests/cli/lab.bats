# What every strategy supports besides fetching: synthetic work, traces, and the
# runs of a comparison.

setup() {
	load helpers
	enter_directory
}

# Prints how many of the 8 computations in the trace begin before the previous
# one has ended.
count_overlaps() {
	"$PYTHON3" - <<-'PYTHON'
	import json
	work = sorted((e["ts"], e["ts"] + e["dur"])
	              for e in json.load(open("trace")) if e["name"] == "compute")
	assert len(work) == 8
	print(sum(b[0] < a[1] for a, b in zip(work, work[1:])))
	PYTHON
}

@test "--cpu-work is done once for each body, in its worker" {
	for i in $(seq 8); do echo "http://origin.test/bytes/100?$i"; done >list
	fetch --origin --discard -q -j 2 --cpu-work=40ms --trace=trace list
	"$PYTHON3" - <<-'PYTHON'
	import json
	events = json.load(open("trace"))
	work = [e for e in events if e["name"] == "compute"]
	fetches = {(e["tid"], e["ts"]): e for e in events
	           if e["ph"] == "X" and e["name"].startswith("http")}
	assert len(work) == 8 and len(fetches) == 8, (len(work), len(fetches))
	for e in work:
	    assert e["dur"] >= 40000, e
	    assert any(f["tid"] == e["tid"] and f["ts"] <= e["ts"] and
	               e["ts"] + e["dur"] <= f["ts"] + f["dur"]
	               for f in fetches.values()), e
	PYTHON
}

@test "with --gil no two of a process compute at once" {
	for i in $(seq 8); do echo "http://origin.test/bytes/100?$i"; done >list
	fetch --origin --discard -q -j 4 --cpu-work=20ms --gil --trace=trace list
	overlaps=$(count_overlaps)
	if [ "$STRATEGY" = process ]; then
		[ "$overlaps" -gt 0 ]
	else
		[ "$overlaps" -eq 0 ]
	fi
}

@test "--offload takes the work out of the loop" {
	for i in $(seq 8); do echo "http://origin.test/bytes/100?$i"; done >list
	fetch --origin --discard -j 4 --loops=1 --cpu-work=30ms --offload=2 --trace=trace list >out
	expect_line "$(cat out)" '^Downloaded 8 sites'
	overlaps=$(count_overlaps)
	if [ "$STRATEGY" = sequential ]; then
		[ "$overlaps" -eq 0 ]
	else
		[ "$overlaps" -gt 0 ]
	fi
}

@test "a failure is not computed on" {
	fetch --origin --discard -q --cpu-work=10ms --trace=trace \
		http://origin.test/status/404 http://origin.test/bytes/9 || true
	[ "$(grep -c '"name":"compute"' trace)" -eq 1 ]
}

@test "a trace has each try and hop, nested, in lanes without overlap" {
	cat >list <<-LIST
	http://origin.test/delay/$((20 * SLOW))/bytes/1000
	http://origin.test/redirect/2/bytes/50
	http://origin.test/flaky/1/bytes/60
	http://origin.test/rate/100000/bytes/5000
	http://user:secret@origin.test/delay/10/bytes/10?"quoted"
	nonsense
	LIST
	fetch --origin --discard -q -j 3 --trace=trace list 2>errors || true
	absent grep -q secret trace
	"$PYTHON3" - <<-'PYTHON'
	import json
	events = json.load(open("trace"))
	spans = [e for e in events if e["ph"] == "X"]
	fetches = [e for e in spans if e["name"].startswith("http")]
	# 5 entries, one with 3 hops and one with 2 tries; the bad line is not
	# fetched.
	assert len(fetches) == 8, len(fetches)
	for lane in {e["tid"] for e in fetches}:
	    one = sorted((e["ts"], e["ts"] + e["dur"]) for e in fetches
	                 if e["tid"] == lane)
	    assert all(a[1] <= b[0] for a, b in zip(one, one[1:])), one
	names = {e["tid"] for e in events if e["name"] == "thread_name"}
	assert names == {e["tid"] for e in fetches}
	for e in spans:
	    if e in fetches:
	        continue
	    assert e["name"] in ("dns", "connect", "tls", "wait", "receive",
	                         "compute"), e
	    assert any(f["tid"] == e["tid"] and f["ts"] <= e["ts"] and
	               e["ts"] + e["dur"] <= f["ts"] + f["dur"]
	               for f in fetches), e
	waits = [e["dur"] for e in spans if e["name"] == "wait"]
	assert max(waits) >= 19000
	load = [e["args"]["jobs"] for e in events
	        if e["ph"] == "C" and e["name"] == "in flight"]
	assert max(load) in (1, 2, 3) and load[-1] == 0, load
	PYTHON
}

is_larger() { # FILE BYTES
	[ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -gt "$2" ]
}

@test "a trace that is cut has whole events up to the cut" {
	for i in $(seq 2000); do echo "http://origin.test/delay/1/bytes/10?$i"; done >list
	"$PFETCH" -s "$STRATEGY" --origin --discard -q -j 8 --trace=trace list 3>&- &
	local pid=$!
	await is_larger trace 40000
	kill -KILL $pid
	wait $pid || true
	"$PYTHON3" - <<-'PYTHON'
	import json
	text = open("trace").read()
	assert not text.rstrip().endswith("]")
	# A write that is cut by SIGKILL may leave a part of the last line.
	whole = text[:text.rindex("\n")].rstrip(",")
	assert len(json.loads(whole + "]")) > 100
	PYTHON
}

@test "a trace that can't be written costs no download" {
	[ -e /dev/full ] || skip "no /dev/full"
	run_apart fetch --origin -P out --trace=/dev/full http://origin.test/bytes/10
	expect_status 3
	expect_line "$errors" "cannot write trace '/dev/full'"
	expect_files 10
}

@test "a list is not written over by a trace" {
	echo http://origin.test/bytes/10 >list
	run_apart fetch --origin --discard --trace=list list
	expect_status 2
	[ "$(cat list)" = http://origin.test/bytes/10 ]
}

@test "a run of a comparison tells what the others tell" {
	for i in $(seq 12); do echo "http://origin.test/bytes/1000?$i"; done >list
	echo http://origin.test/status/404 >>list
	echo http://origin.test/redirect/2/bytes/10 >>list
	run_apart timeout 120 "$PFETCH" compare --origin -s "$STRATEGY,sequential" -j 3 \
		--runs=2 --export-json=json list
	expect_status 0
	"$PYTHON3" - "$STRATEGY" <<-'PYTHON'
	import json, sys
	results = json.load(open("json"))["results"]
	assert [r["parameters"]["strategy"] for r in results][0] == sys.argv[1]
	for result in results:
	    for run in result["runs"]:
	        assert run["valid"] and run["entries"] == 14, run
	        assert run["successes"] == 13 and run["bytes"] == 12010, run
	        assert run["jobs_submitted"] == run["transfers_begun"] == 16
	        assert run["server_requests"] == 16 and run["retries"] == 0
	        assert 0 < run["wall_s"] < run["total_s"]
	        assert run["memory_core_bytes"] > 1 << 20
	    assert len({run["digest"] for run in result["runs"]}) == 1
	assert len({r["runs"][0]["digest"] for r in results}) == 1
	workers = results[0]["runs"][0]["memory_workers_bytes"]
	assert (workers > 1 << 20) == (sys.argv[1] == "process"), workers
	PYTHON
}

# Runs each experiment of docs/experiments.md on a small scale: the commands are
# those of the text, with fewer URLs, jobs and runs.

ROOT=${ROOT:-$(cd "$BATS_TEST_DIRNAME/.." && pwd)}

setup() {
	load cli/helpers
	enter_directory
	mkdir data
	for list in "$ROOT"/data/*.txt; do
		head -n 9 "$list" | sed 's|delay/50/|delay/3/|' >"data/${list##*/}"
	done
}

commands() { # TEXT-OF-HEADING: the commands of that experiment
	awk -v text="$1" '/^## /{ on = index($0, text) }
		on && /^    \$ build\/pfetch/ { sub(/^    \$ /, ""); print }' \
		"$ROOT/docs/experiments.md"
}

run_small() {
	local count=0
	while IFS= read -r command; do
		command=$(sed -E "s|^build/pfetch|'$PFETCH'|
			s/urls=[0-9]+/urls=4/; s/latency=[0-9]+ms/latency=5ms/
			s/--cpu-work=[0-9]+ms/--cpu-work=2ms/
			s/-j [0-9,]+/-j 1,2/; s/--runs=[0-9]+//
			s/ compare / compare --runs=2 --export-json=json /" <<<"$command")
		count=$((count + 1))
		echo "$command"
		bash -c "$command" >out 2>errors
		[ ! -s errors ]
		[ -n "$(tail -n 1 out)" ]
		"$PYTHON3" -c '
import json
results = json.load(open("json"))["results"]
assert all(run["valid"] for result in results for run in result["runs"])'
	done < <(commands "$1")
	[ "$count" -gt 0 ]
}

@test "the experiments are six, and their lists are as long as they say" {
	[ "$(grep -c '^http' "$ROOT/data/waiting.txt")" -eq 50 ]
	[ "$(grep -c '^http' "$ROOT/data/computing.txt")" -eq 40 ]
	[ "$(grep -c '^http' "$ROOT/data/small.txt")" -eq 1000 ]
	[ "$(grep -c '^## [1-6]\. ' "$ROOT/docs/experiments.md")" -eq 6 ]
}

@test "experiment 1: waiting overlaps" { run_small "1. "; }
@test "experiment 2: computing needs processors" { run_small "2. "; }
@test "experiment 3: a lock takes them away" { run_small "3. "; }
@test "experiment 4: an event loop hands work on" { run_small "4. "; }
@test "experiment 5: pools are made once" { run_small "5. "; }
@test "experiment 6: queues are bounded" { run_small "6. "; }

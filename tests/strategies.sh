#!/usr/bin/env bash
# Runs all command-line cases once for each strategy that --list-strategies
# prints, two strategies at a time, and prints one TAP stream of the whole.
#
# PFETCH, ROOT, BATS: as the makefile sets them.  ONLY: a strategy or more,
# instead of all.  CASES: files of tests/cli to run, instead of all.
set -u

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mapfile -t strategies < <(
	if [ -n "${ONLY:-}" ]; then
		tr ' ' '\n' <<<"$ONLY"
	else
		"$PFETCH" --list-strategies | awk '{ print $1 }'
	fi)
cases=()
for name in ${CASES:-fetch list files hostile stop servers lab}; do
	cases+=("$ROOT/tests/cli/$name.bats")
done

run_strategy() {
	STRATEGY=$1 "$BATS" --formatter tap "${cases[@]}" \
		>"$scratch/$1.tap" 2>"$scratch/$1.err" </dev/null
	echo $? >"$scratch/$1.status"
}

for name in "${strategies[@]}"; do
	while [ "$(jobs -rp | wc -l)" -ge "${PARALLEL:-2}" ]; do
		wait -n
	done
	run_strategy "$name" &
done
wait

# One stream: tests are numbered anew, and a strategy whose tests did not all
# run is a failure of its own.
count=0
for name in "${strategies[@]}"; do
	planned=$(sed -n 's/^1\.\.//p' "$scratch/$name.tap")
	ran=$(grep -Ec '^(not )?ok ' "$scratch/$name.tap")
	while IFS= read -r line; do
		case $line in
		"ok "* | "not ok "*)
			count=$((count + 1))
			verdict=${line%%ok *}ok
			rest=${line#*ok }
			echo "$verdict $count - $name: ${rest#* }"
			;;
		1..*) ;;
		*) echo "$line" ;;
		esac
	done <"$scratch/$name.tap"
	sed 's/^/# /' "$scratch/$name.err"
	count=$((count + 1))
	if [ -n "$planned" ] && [ "$planned" -gt 0 ] &&
		[ "$ran" -eq "$planned" ]; then
		echo "ok $count - $name: all $planned cases ran"
	else
		echo "not ok $count - $name: ${planned:-no} cases planned, $ran ran"
	fi
done
[ "$count" -gt 0 ] || echo "not ok $((count = 1)) - no strategy to test"
echo "1..$count"

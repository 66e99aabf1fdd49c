#!/usr/bin/env bash
# Runs all command-line cases once for each strategy that --list-strategies
# prints and prints one TAP stream of the whole.
#
# A file of cases under a strategy is a unit; units run side by side, those
# that take longest first, each in directories and with ports of its own.  Most
# of what they do is wait.
#
# PFETCH, ROOT, BATS: set by the makefile.  ONLY: the strategies to test, instead
# of all.  CASES: the files of tests/cli to run, instead of all.  PARALLEL: how
# many units run at a time (default: 6).
set -u

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mapfile -t strategies < <(
	if [ -n "${ONLY:-}" ]; then
		tr ' ' '\n' <<<"$ONLY"
	else
		"$PFETCH" --list-strategies | awk '{ print $1 }'
	fi)
read -ra files <<<"${CASES:-journal stop files fetch tls hosts http proxies hostile ends resume archives records segments names formats robots lab list servers}"

run_unit() { # STRATEGY FILE
	STRATEGY=$1 "$BATS" --formatter tap "$ROOT/tests/cli/$2.bats" \
		>"$scratch/$1.$2.tap" 2>"$scratch/$1.$2.err" </dev/null
}

for file in "${files[@]}"; do
	# The strategy that is last in the list has the longest cases.
	for ((i = ${#strategies[@]} - 1; i >= 0; i--)); do
		while [ "$(jobs -rp | wc -l)" -ge "${PARALLEL:-6}" ]; do
			wait -n
		done
		run_unit "${strategies[$i]}" "$file" &
	done
done
wait

# One stream: tests are numbered anew, and a unit whose tests did not all run
# is a failure of its own.
count=0
print_unit() { # STRATEGY FILE
	local tap=$scratch/$1.$2.tap planned ran line verdict rest
	planned=$(sed -n 's/^1\.\.//p' "$tap")
	ran=$(grep -Ec '^(not )?ok ' "$tap")
	while IFS= read -r line; do
		case $line in
		"ok "* | "not ok "*)
			count=$((count + 1))
			verdict=${line%%ok *}ok
			rest=${line#*ok }
			echo "$verdict $count - $1: ${rest#* }"
			;;
		1..*) ;;
		*) echo "$line" ;;
		esac
	done <"$tap"
	sed 's/^/# /' "$scratch/$1.$2.err"
	count=$((count + 1))
	if [ -n "$planned" ] && [ "$planned" -gt 0 ] &&
		[ "$ran" -eq "$planned" ]; then
		echo "ok $count - $1: all $planned cases of $2 ran"
	else
		echo "not ok $count - $1: ${planned:-no} cases of $2 planned, $ran ran"
	fi
}

for strategy in "${strategies[@]}"; do
	for file in "${files[@]}"; do
		print_unit "$strategy" "$file"
	done
done
[ "$count" -gt 0 ] || echo "not ok $((count = 1)) - no strategy to test"
echo "1..$count"

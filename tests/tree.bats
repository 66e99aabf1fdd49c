# Rules of the source tree that the compiler does not check.

setup() {
	ROOT=${ROOT:-$(cd "$BATS_TEST_DIRNAME/.." && pwd)}
	load cli/helpers
	cd "$ROOT"
}

sources() {
	find src -name '*.[ch]'
}

@test "a file includes its own layer and lower ones only" {
	# From the bottom up, in the order of ARCHITECTURE.md.
	local layers=(base origin transfer strategy output core lab/statistics lab
		lab/present cmd) wrong=
	rank() {
		for i in "${!layers[@]}"; do
			[ "${layers[$i]}" != "$1" ] || { echo "$i"; return; }
		done
		echo none
	}
	local count=0
	while IFS=: read -r file line; do
		own=$(dirname "${file#src/}")
		included=${line#*\"}
		included=$(dirname "${included%\"}")
		count=$((count + 1))
		case $own in .) continue ;; esac # main.c
		[ "$(rank "$included")" != none ] ||
			wrong+="$file includes $line, which is in no layer"$'\n'
		[ "$(rank "$included")" -le "$(rank "$own")" ] ||
			wrong+="$file includes $line"$'\n'
	done < <(grep -o '^#include "[a-z/]*/[^"]*"' -r src --include='*.[ch]')
	echo "$wrong"
	[ -z "$wrong" ] && [ "$count" -gt 100 ]
}

@test "strategies know nothing of output, lists or the core" {
	absent grep -El '#include "(output|core|cmd|lab)/' src/strategy/*.[ch]
	absent grep -El '#include "(strategy|output|core|cmd|lab)/' src/transfer/*.[ch]
	absent grep -El '#include "(transfer|strategy|output|core|cmd|lab)/' src/origin/*.[ch]
	absent grep -El '#include "(transfer|strategy|output|core|cmd|lab/present|lab)/[a-z]*.h"' \
		src/lab/statistics/*.[ch]
}

@test "lower layers never print" {
	absent grep -En '\b(printf|puts|fputs|fprintf|perror) *\(' \
		src/transfer/*.c src/strategy/*.c src/output/*.c src/core/*.c
	absent grep -En '\b(printf|puts|fputs|fprintf|perror) *\(' \
		$(ls src/base/*.c | grep -v fatal.c)
}

@test "every source is built, and every file opens with its purpose" {
	while read -r file; do
		grep -q "$file" src/local.mk || { echo "not built: $file"; return 1; }
		head -n 1 "$file" | grep -q '^/\*' ||
			{ echo "no purpose: $file"; return 1; }
	done < <(find src -mindepth 2 -name '*.[ch]')
}

@test "files stay small and lines short" {
	awk 'FNR > 450 { print FILENAME " is too long"; bad = 1; nextfile }
	     END { exit bad }' $(sources)
	awk '{ line = $0; gsub(/\t/, "        ", line) }
	     length(line) > 80 { print FILENAME ":" FNR ": " $0; bad = 1 }
	     END { exit bad }' $(sources)
}

@test "calls that can't be used safely are not used" {
	absent grep -En '\b(strcpy|strcat|sprintf|gets|strtok|gmtime|localtime|system|popen|alloca|atoi) *\(' \
		$(sources)
}

@test "no test negates a command in a way that can't fail" {
	absent grep -En '^[[:space:]]*! ' tests/*.bats tests/cli/*.bats
}

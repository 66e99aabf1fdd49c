# The command line itself, independent of the strategy.

setup() {
	load cli/helpers
	enter_directory
}

@test "--help fits two screens, goes to stdout, and names every option once" {
	run_apart "$PFETCH" --help
	expect_status 0
	[ -z "$errors" ]
	expect_line "$output" '^Usage: pfetch \[OPTION\]\.\.\. \[LIST\|URL\]\.\.\.$'
	[ "$(wc -l <<<"$output")" -le 100 ]
	[ "$(wc -L <<<"$output")" -le 79 ]
	[ -z "$(grep -Eo -- '--[a-z0-9-]+(=[A-Z]+)?' <<<"$output" |
		grep -v 'list-strategies' | grep -v -- '--port' | sort | uniq -d)" ]
	# Examples come first, and a blank line precedes each group.
	expect_line "$(head -n 12 <<<"$output")" '^  pfetch -s pool -j 8 -P downloads urls\.txt$'
	expect_line "$output" 'pfetch\(1\)'
	[ "$(grep -B 1 '^[A-Z][a-z ]*:$' <<<"$output" | grep -c '^$')" -eq \
		"$(grep -c '^[A-Z][a-z ]*:$' <<<"$output")" ]
}

@test "--help-all has what --help leaves out" {
	local left
	left=$("$PFETCH" --help | sed -n 's/^\([0-9]*\) more options are .*/\1/p')
	[ "$left" -gt 5 ]
	run_apart "$PFETCH" --help-all
	expect_status 0
	[ "$(wc -L <<<"$output")" -le 79 ]
	[ "$(grep -c '^  \(-.,\|   \) --' <<<"$output")" -eq \
		$(($("$PFETCH" --help | grep -c '^  \(-.,\|   \) --') + left)) ]
}

@test "every option of the help is taken" {
	for option in $("$PFETCH" --help-all |
		sed -n 's/^  \(-.,\|   \) \(--[a-z0-9-]*\)\(=[A-Z][A-Za-z\/]*\)\{0,1\} .*/\2\3/p'); do
		case $option in
		*=NAME) value=event ;;
		*=DIR | *=FILE) value=x ;;
		*=URL) value=http://x/ ;;
		*=KIND) value=md5 ;;
		*=N/s) value=5/m ;;
		*) value=2000 ;;
		esac
		case $option in
		*=*) set -- "${option%%=*}=$value" ;;
		*) set -- "$option" ;;
		esac
		run_apart "$PFETCH" "$@" missing-list
		[ "$option" ] && expect_no_line "$errors" 'unrecognized|invalid|unknown'
	done
	[ "$(grep -c . <<<"$("$PFETCH" --help-all | grep -- ' --')")" -gt 40 ]
}

@test "other tools' names for the same options are taken, and not shown" {
	echo http://origin.test/bytes/10 >list
	run_apart "$PFETCH" --origin --parallel-max=3 --max-redirs=5 --retry 2 \
		--max-filesize=1K --output-dir out --input-file=list \
		http://origin.test/bytes/20
	expect_status 0
	[ "$(ls out | xargs)" = "10 20" ]
	run_apart "$PFETCH" --origin --max-concurrent-downloads 2 --output all \
		--input-file list --input-file=list
	expect_status 0
	[ "$(cat all)" = "$(for i in 1 2; do origin_body /bytes/10 10; done)" ]
	# curl counts only the retries after the first try.
	run_apart "$PFETCH" --origin --discard --retry=0 http://origin.test/flaky/1/bytes/5
	expect_status 8
	run_apart "$PFETCH" --origin --discard --retry=1 http://origin.test/flaky/1/bytes/5
	expect_status 0
	run_apart "$PFETCH" --retry=1000 http://origin.test/
	expect_status 2
	# The value of another option is not taken for an option.
	run_apart "$PFETCH" --origin -P --input-file=list http://origin.test/bytes/7
	expect_status 0
	[ -f ./--input-file=list/7 ]
	for command in "" compare; do
		absent grep -E -- '--(parallel-max|max-redirs|retry|input-file|output)\b[^-]' \
			<<<"$("$PFETCH" $command --help)"
	done
	run_apart "$PFETCH" origin --input-file=list
	expect_status 2
}

@test "--version names the libraries" {
	run_apart "$PFETCH" --version
	expect_status 0
	expect_line "$output" '^pfetch [0-9]+\.[0-9]+\.[0-9]+$'
	expect_line "$output" '^libcurl/.*OpenSSL/'
	expect_line "$output" '^libevent/.* uthash/'
}

@test "--list-strategies prints the six" {
	run_apart "$PFETCH" --list-strategies
	expect_status 0
	[ "$(awk '{ print $1 }' <<<"$output" | xargs)" = \
		"sequential thread pool event loops process" ]
}

@test "usage errors: status 2, a reason, and where help is" {
	for wrong in --nosuch -s\ nosuch -j\ 0 -j\ x -j\ 99999999999999999999 \
		--max-size=1Z --connect-timeout=-1 --queue= --discard=1 \
		--retry=x --output=; do
		# shellcheck disable=SC2086
		run_apart "$PFETCH" $wrong http://origin.test/
		expect_status 2
		expect_line "$errors" '^pfetch: '
		expect_line "$errors" "^Try 'pfetch --help'"
		[ -z "$output" ]
	done
}

@test "a name in a message can't command the terminal" {
	run_apart "$PFETCH" $'no\e[31m\xc2\x9b1mlist'
	expect_status 2
	expect_line "$errors" "'no\?\[31m\?\?1mlist'"
	absent grep -q $'\e' <<<"$errors"
}

@test "nothing to do on a terminal is a usage error" {
	script -qec true /dev/null >/dev/null || skip "no terminal to be had"
	run script -qec "'$PFETCH'" /dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"no list or URL given"* ]]
}

@test "the README's first command does what it says" {
	local command
	command=$(sed -n 's|^    ./bootstrap && build/pfetch \(.*\)$|\1|p' "$ROOT/README.md")
	[ -n "$command" ]
	ln -s "$ROOT/data" data
	# shellcheck disable=SC2086
	run_apart "$PFETCH" $command
	expect_status 0
	expect_line "$output" '^Downloaded 10 sites in '
	[ "$(ls downloads | wc -l)" -eq 10 ]
}

@test "the origin serves by hand and stops on a signal" {
	"$PFETCH" origin >url 3>&- &
	local pid=$! base
	await_file url
	base=$(cat url)
	[ "$(curl -s "${base}bytes/100")" = "$(origin_body /bytes/100 100)" ]
	[ "$(curl -s "${base}delay/1/chunked/100000" | md5sum)" = \
		"$(origin_body /delay/1/chunked/100000 100000 | md5sum)" ]
	[ "$(curl -so /dev/null -w '%{http_code}' "${base}status/418")" = 418 ]
	[ "$(curl -so /dev/null -w '%{http_code}' "${base}nosuch")" = 404 ]
	[ "$(curl -sLo /dev/null -w '%{num_redirects}' "${base}redirect/4")" = 4 ]
	kill -TERM $pid
	wait $pid
}

@test "the origin's help lists its paths, and each of them works" {
	"$PFETCH" origin >url 3>&- &
	local pid=$! base code
	await_file url
	base=$(cat url)
	for path in $("$PFETCH" origin --help | sed -n 's|^  /\([^ ]*\) .*|\1|p'); do
		path=$(sed 's|\[/\.\.\.\]||; s|\.\.\.|bytes/10|; s#/\(N\|MS\|BPS\|S\)#/200#g' <<<"$path")
		code=$(curl -sgo /dev/null -m 5 -w '%{http_code}' "$base$path" || true)
		echo "$path: $code"
		case $path in
		redirect/*) [ "$code" = 302 ] ;;
		flaky/*) [ "$code" = 503 ] ;;
		retry-after/*) [ "$code" = 429 ] ;;
		*) [ "$code" = 200 ] ;;
		esac
	done
	kill -TERM $pid
}

@test "no output is a list or another output" {
	echo http://origin.test/bytes/10 >list
	ln list same
	for arguments in "-O list list" "-O same list" "--trace=list list" \
		"-O - --trace=list list" "-O x --trace=x list" \
		"-O ./x --trace=x list" "-O list - "; do
		# shellcheck disable=SC2086
		run_apart "$PFETCH" --origin $arguments <list
		expect_status 2
		expect_line "$errors" "' is both (a list|the output) and the "
	done
	[ "$(cat list)" = http://origin.test/bytes/10 ]
	run_apart "$PFETCH" --origin -O /dev/null - </dev/null
	expect_status 0
}

@test "messages about a value name the option as it was typed" {
	run_apart "$PFETCH" --retry=1000 missing-list
	expect_status 2
	expect_line "$errors" "--retry is out of range \(0 to 999\): '1000'"
	run_apart "$PFETCH" --input-file=list --max-redirs=-1
	expect_line "$errors" "invalid number for --max-redirs: '-1'"
	run_apart "$PFETCH" --parallel-max=2 -t x list
	expect_line "$errors" "invalid number for --tries: 'x'"
}

@test "a server that was stopped does not keep pfetch from ending" {
	"$PFETCH" --origin --discard -q -t 1 --max-time=1.5 \
		http://origin.test/delay/1400/bytes/1 2>errors 3>&- &
	local pid=$!
	sleep 0.5
	pkill -STOP -P "$pid"
	local status=0
	wait "$pid" || status=$?
	[ "$status" -eq 4 ]
	expect_line "$(cat errors)" 'timeout: '
}

@test "options that exclude each other, or would do nothing, are mistakes" {
	local url=http://origin.test/bytes/1
	for options in "--discard --skip-existing" "-O out -N" "-O out -x" \
		"--discard --overwrite" "-O out --output-template={n}" \
		"-x --output-template={n}" "--cut-dirs=1 --output-template={n}" \
		"--skip-existing -N" "--skip-existing --overwrite" \
		"-N --overwrite" "--max-jobs=5" "-O out --continue"; do
		run_apart "$PFETCH" --origin $options "$url"
		expect_status 2
		expect_line "$errors" '^pfetch: --[a-z-]* (needs|excludes) '
	done
	run_apart "$PFETCH" --origin -P out -j auto --max-jobs=5 "$url"
	expect_status 0
	for template in a/ /a ../a a/./b '{n' '{x}' 'n}'; do
		run_apart "$PFETCH" --origin -o "$template" "$url"
		expect_status 2
		expect_line "$errors" "^pfetch: --output-template: '"
	done
}

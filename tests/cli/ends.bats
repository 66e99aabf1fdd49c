# The limits of a run as a whole, under one strategy.
load helpers

setup() {
	enter_directory
}

# Fetches from the built-in server.
local_fetch() {
	fetch --origin -P out "$@"
}

# A list of COUNT entries, of which every EVERYth fails.
make_list() { # COUNT EVERY
	for i in $(seq "$1"); do
		if [ $((i % $2)) -eq 0 ]; then
			echo "http://origin.test/status/404?$i"
		else
			echo "http://origin.test/bytes/1000?$i"
		fi
	done
}

@test "--fail-fast stops at the first failure" {
	make_list 2000 20 >list
	run_apart local_fetch -j 4 --fail-fast list
	expect_status 1
	expect_line "$errors" '^pfetch: stopping: an entry has failed'
	expect_line "$errors" ': http: HTTP 404'
	[ "$(ls out | wc -l)" -lt 100 ]
	make_list 100 1000 >list
	run_apart local_fetch -j 4 --fail-fast list
	expect_status 0
}

@test "--max-failures counts entries" {
	make_list 200 20 >list
	run_apart local_fetch -j 4 --max-failures=10 list
	expect_status 8
	[ "$(ls out | wc -l)" -eq 190 ]
	rm -r out
	make_list 2000 20 >list
	run_apart local_fetch -j 4 --max-failures=9 list
	expect_status 1
	expect_line "$errors" 'stopping: more entries have failed'
	[ "$(grep -c 'HTTP 404' <<<"$errors")" -ge 10 ]
	[ "$(ls out | wc -l)" -lt 400 ]
}

@test "--max-failures takes a share of at least 100 entries" {
	make_list 1000 20 >list
	run_apart local_fetch -j 4 --max-failures=6% list
	expect_status 8
	[ "$(ls out | wc -l)" -eq 950 ]
	rm -r out
	run_apart local_fetch -j 4 --max-failures=4.5% list
	expect_status 1
	[ "$(ls out | wc -l)" -lt 200 ]
	rm -r out
	# The first entries of a list may all fail.
	{
		make_list 10 1
		make_list 200 1000
	} >list
	run_apart local_fetch -j 4 --max-failures=10% list
	expect_status 8
}

@test "--max-total is never exceeded" {
	make_list 200 1000 >list
	run_apart local_fetch -j 4 --max-total=50000 list
	expect_status 1
	expect_line "$errors" 'stopping: the bodies exceed --max-total'
	[ "$(cat out/* | wc -c)" -le 50000 ]
	[ "$(ls out | wc -l)" -ge 40 ]
	absent find out -name '.pfetch*' -print | absent grep .
	rm -r out
	run_apart local_fetch -j 4 --max-total=200000 list
	expect_status 0
	run_apart fetch --origin --discard --max-total=1M \
		http://origin.test/bytes/100000000
	expect_status 1
	expect_line "$errors" ': limit: the bodies exceed --max-total'
}

@test "--min-free leaves disk space" {
	make_list 20 1000 >list
	run_apart local_fetch --min-free=1 list
	expect_status 0
	rm -r out
	run_apart local_fetch --min-free=1000000G list
	expect_status 1
	expect_line "$errors" 'stopping: less disk space is left'
	expect_files
	run_apart fetch --origin -O file --min-free=1000000G list
	expect_status 1
	[ "$(id -u)" -eq 0 ] || return 0
	unshare -m true 2>/dev/null || return 0
	cat >inside.sh <<-INSIDE
	mount -t tmpfs -o size=64m none out
	"$PFETCH" -s $STRATEGY --origin -j 2 -P out --min-free=40M \
		http://origin.test/bytes/10000000?{1,2,3,4,5,6}
	echo "status \$?"
	df --output=avail -k out | tail -1
	INSIDE
	run_apart unshare -m bash inside.sh
	expect_line "$output" '^status 1$'
	# Two transfers may have a look at the same time.
	[ "$(tail -1 <<<"$output")" -ge $((37 * 1024)) ]
}

@test "what was not fetched because of a limit says so" {
	make_list 50 1 >list
	echo "http://origin.test/delay/20000/bytes/1" >>list
	run_apart local_fetch -j 60 --fail-fast list
	expect_status 1
	expect_no_line "$errors" ': aborted: interrupted'
}

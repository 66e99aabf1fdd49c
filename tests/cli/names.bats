# Names and versions of files that depend on the server, under one strategy.
load helpers
load ranges

setup() {
	enter_directory
	rm -f "$SERVED"
}

@test "names that servers suggest are made safe" {
	cat >list <<-LIST
	$RANGES/ok/10?attachment;%20filename="x%5C%22y.txt"
	$RANGES/ok/11?attachment;%20filename=../../etc/passwd
	$RANGES/ok/12?inline;%20filename=plain;%20filename*=UTF-8''na%25c3%25afve
	$RANGES/ok/13?attachment
	$RANGES/ok/14?attachment;%20filename=".."
	$RANGES/ok/15?attachment;filename%20=%20.profile;%20size=3
	$RANGES/ok/100000?attachment;%20filename=large
	LIST
	run_apart fetch -P out --content-disposition -o 'd/{n}' list
	expect_status 0
	(cd out && find . -type f -printf '%P %s\n') | LC_ALL=C sort >files
	diff files - <<-'FILES'
	d/4 13
	d/5 14
	d/_profile 15
	d/large 100000
	d/naïve 12
	d/passwd 11
	d/x"y.txt 10
	FILES
	# Two bodies never share a name.
	for i in 1 2 3; do
		echo "$RANGES/ok/$i?attachment;%20filename=same"
	done >list
	run_apart fetch -P two --content-disposition -v list
	expect_status 0
	[ "$(ls two | xargs)" = 'same same.1 same.2' ]
	[ "$(cat two/* | wc -c)" -eq 6 ]
	expect_line "$output" '; file same'
}

@test "--etags fetches what has changed, --backups keeps what was there" {
	mkdir out
	echo old >out/10
	run_apart fetch -P out --etags=tags --backups=2 "$RANGES/ok/10" "$RANGES/weak/20"
	expect_status 0
	[ "$(cat out/10.~1~)" = old ]
	[ "$(stat -c %s out/10)" -eq 10 ]
	LC_ALL=C sort tags | diff - <(printf '%s\t%s\t%s\n' \
		"$RANGES/ok/10" '"a"' 10 "$RANGES/weak/20" 'W/"a"' 20)
	run_apart fetch -P out --etags=tags --backups=2 "$RANGES/ok/10"
	expect_status 0
	expect_line "$output" '^Skipped .*ok/10 \(not modified\)'
	expect_line "$output" '^Downloaded 0 of 1 sites .* \(1 skipped\)'
	# Without its file, a tag proves nothing.
	rm out/10
	run_apart fetch -P out --etags=tags --backups=2 "$RANGES/ok/10"
	expect_line "$output" '^Read 10 '
	for i in 1 2 3; do
		echo "version $i" >out/10
		fetch -q -P out --overwrite --backups=2 "$RANGES/ok/10"
	done
	[ "$(cat out/10.~1~)" = 'version 3' ] && [ "$(cat out/10.~2~)" = 'version 2' ]
	[ ! -e out/10.~3~ ]
	# The tag of another file proves nothing.
	printf '%s\t"a"\tother\n' "$RANGES/ok/10" >tags
	run_apart fetch -P out --etags=tags "$RANGES/ok/10"
	expect_status 0
	expect_line "$output" '^Read 10 '
	# What isn't a file of tags is left alone.
	for file in list /nowhere/tags .; do
		echo "$RANGES/ok/10" >list
		run_apart fetch -P out --etags="$file" "$RANGES/ok/10"
		expect_status 3
		expect_line "$errors" "cannot use '$file' for entity tags"
	done
	[ "$(cat list)" = "$RANGES/ok/10" ]
}

@test "space is reserved for files of known size" {
	run_apart fetch -P out --preallocate "$RANGES/ok/200000" \
		"$RANGES/ok/300000/100000"
	expect_status 0
	[ "$(stat -c %s out/200000)" -eq 200000 ]
	cmp out/100000 <(range_body 300000)
	expect_no_leftover
	run_apart fetch -P out2 -t 4 --preallocate --segments=3 \
		"$RANGES/ok/300000/100000" "$RANGES/ok/4000000"
	expect_status 0
	cmp out2/100000 <(range_body 300000)
	cmp out2/4000000 <(range_body 4000000)
}

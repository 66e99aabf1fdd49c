# Lists in the formats of other tools, and mirrors, under one strategy.
load helpers

setup() {
	enter_directory
}

sizes() { # DIRECTORY
	(cd "$1" && find . -type f -printf '%P %s\n') | LC_ALL=C sort | xargs
}

@test "mirrors are tried in turn" {
	local none=http://127.0.0.1:1
	{
		printf 'http://origin.test/status/404\tmirror=http://origin.test/bytes/3\tout=a\n'
		printf 'http://origin.test/bytes/4\tmirror=http://origin.test/status/500\tout=b\n'
		printf '%s/x\tmirror=%s/y\tmirror=http://origin.test/bytes/5\tout=c\n' $none $none
		printf 'http://origin.test/status/404\tmirror=http://origin.test/status/410\n'
		printf 'http://origin.test/bytes/6\tsize=6\tmirror=ftp://x/\tout=e\n'
		echo '{"url": "http://origin.test/bytes/7", "size": 8, "out": "f",' \
			'"mirror": ["http://origin.test/cut/8", "http://origin.test/bytes/8"]}'
	} >list
	run_apart fetch --origin -P out -t 2 --retry-max-wait=0.1 list
	expect_status 1
	[ "$(sizes out)" = "a 3 b 4 c 5 f 8" ]
	expect_line "$output" '^Read 3 from http://origin.test/status/404'
	expect_line "$errors" '^Failed http://origin.test/status/404 \(list, line 4\): http: HTTP 410'
	expect_line "$errors" "line 5\\): input: field 'mirror': unsupported scheme"
	# A host that was given up has no part in that.
	for i in 1 2 3 4 5 6 7 8; do
		printf '%s/%s\tmirror=http://origin.test/bytes/%s\tout=m%s\n' $none $i $i $i
	done >many
	run_apart fetch --origin -P many.d -j 2 -t 1 --host-failures=2 many
	expect_status 0
	[ "$(ls many.d | wc -l)" -eq 8 ]
}

@test "lists for aria2 mean what they say" {
	local sum
	sum=$("$PFETCH" --origin -q -O - http://origin.test/bytes/9 | sha256sum | cut -d' ' -f1)
	cat >list <<-LIST
	# a comment
	http://origin.test/bytes/1
	http://origin.test/status/404	http://origin.test/bytes/2
	  out=two
	http://origin.test/bytes/9
	  checksum=sha-256=$sum
	  dir=sub
	  out=nine
	http://origin.test/bytes/8
	  checksum=sha-256=$sum
	http://origin.test/bytes/5
	  split=5
	http://origin.test/bytes/6
	 header=A: b
	LIST
	run_apart fetch --origin -P out --input-format=aria2 list
	expect_status 1
	[ "$(sizes out)" = "1 1 6 6 sub/nine 9 two 2" ]
	expect_line "$errors" 'line 9\): mismatch: sha256'
	expect_line "$errors" "line 12\): input: one of aria2's options"
	printf '  out=lost\nhttp://origin.test/bytes/3' >list
	run_apart fetch --origin -P out2 --input-format=aria2 list
	[ "$(sizes out2)" = "3 3" ]
	expect_line "$errors" 'list, line 1\): input: options without a URL'
}

@test "lists for curl -K mean what they say" {
	cat >list <<-'LIST'
	# pairs
	url = "http://origin.test/bytes/1"
	output = "one"
	url: http://origin.test/bytes/2
	-o two
	--location
	next
	output = "dir/three"
	url = "http://origin.test/bytes/3"
	output = "a \"quoted\" name"
	url = "http://origin.test/bytes/4"
	url "http://origin.test/bytes/5"
	proxy = "http://proxy"
	LIST
	run_apart fetch --origin -P out --input-format=curl list
	expect_status 1
	(cd out && find . -type f -printf '%s %P\n') | sort >files
	diff files - <<-'FILES'
	1 one
	2 two
	3 dir/three
	4 a "quoted" name
	FILES
	expect_line "$errors" "line 13\\): input: one of curl's options"
	cat >list <<-'LIST'
	output = "lost"
	next
	url = "http://origin.test/bytes/1"
	data = "x=1"
	data = "y=2"
	next
	url = "http://origin.test/bytes/2"
	data = "@/etc/passwd"
	LIST
	run_apart fetch --origin -P out2 --input-format=curl list
	expect_status 1
	expect_line "$errors" 'line 1\): input: options without a URL'
	expect_line "$errors" "'data' is given twice"
	expect_line "$errors" "'data' names a file"
	[ -z "$(ls -A out2)" ]
	run_apart fetch --origin --input-format=yaml list
	expect_status 2
	expect_line "$errors" 'not lines, aria2 or curl'
}

# The report of a comparison as shown by a browser: headless Chromium, if it is
# installed (Debian: chromium).

ROOT=${ROOT:-$(cd "$BATS_TEST_DIRNAME/.." && pwd)}

setup_file() {
	load cli/helpers
	cd "$BATS_FILE_TMPDIR"
	timeout $((120 * SLOW)) "$PFETCH" compare --origin=urls=12,latency=5ms,size=200k \
		-j 2,12 --runs=6 --cpu-work=2ms --report=page.html >out
}

setup() {
	load cli/helpers
	enter_directory
	CHROMIUM=$(command -v chromium || command -v chromium-browser) || {
		[ -z "${NEED_BROWSER:-}" ] && skip "no Chromium"
		echo "no Chromium"
		return 1
	}
}

browse() { # URL OPTION...
	local url=$1
	shift
	timeout -k 5 $((60 * SLOW)) "$CHROMIUM" --headless --no-sandbox \
		--disable-gpu --disable-quic --no-first-run --disable-sync \
		--disable-background-networking --disable-component-update \
		--user-data-dir="$BATS_TEST_TMPDIR/profile" \
		--allow-file-access-from-files --virtual-time-budget=5000 \
		"$@" --dump-dom "$url" 2>errors
}

# Lets the page measure itself at a width of WIDTH pixels: a copy of it that may
# run a script is shown in a frame of that width.
measure() { # WIDTH OPTION...
	local width=$1
	shift
	sed '/Content-Security-Policy/d' "$BATS_FILE_TMPDIR/page.html" >copy.html
	cat >>copy.html <<-'HTML'
	<script>
	const channel = c => (c /= 255) <= 0.03928 ? c / 12.92
	                                         : ((c + 0.055) / 1.055) ** 2.4;
	const light = text => {
	  const [r, g, b] = text.match(/[\d.]+/g).map(Number).map(channel);
	  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const contrast = (one, other) => {
	  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
	  return (high + 0.05) / (low + 0.05);
	};
	const ground = getComputedStyle(document.body).backgroundColor;
	const texts = [...document.querySelectorAll(
	  "h1,h2,h3,p,figcaption,caption,th,td,dt,dd,.name,.value,svg text")];
	const faint = texts.filter(e => {
	  const style = getComputedStyle(e);
	  return contrast(e.closest("svg") ? style.fill : style.color,
	                  ground) < 4.5;
	});
	// WCAG 2.1, 1.4.11: a contrast of 3 to 1 for graphics.
	const shapes = [
	  [".bar:not(.two)", "backgroundColor"], ["svg .w", "fill"],
	  ["svg .r", "fill"], ["svg .k", "fill"], [".line path", "stroke"],
	  [".ideal", "stroke"],
	].map(([what, how]) => [what, document.querySelector(what), how]);
	const pale = shapes.filter(([what, e, how]) =>
	  !e || contrast(getComputedStyle(e)[how], ground) < 3);
	const outside = [...document.querySelectorAll("svg text")].filter(e => {
	  const box = e.getBBox(), view = e.ownerSVGElement.viewBox.baseVal;
	  return box.x < 0 || box.x + box.width > view.width ||
	         box.y < 0 || box.y + box.height > view.height;
	});
	parent.postMessage("MEASURED " + JSON.stringify({
	  fits: document.documentElement.scrollWidth <= innerWidth,
	  width: innerWidth, texts: texts.length, dark: light(ground) < 0.2,
	  faint: faint.map(e => e.className + e.textContent).slice(0, 5),
	  pale: pale.map(([what]) => what),
	  outside: outside.map(e => e.textContent),
	  marks: document.querySelectorAll("svg path").length,
	}) + " END", "*");
	</script>
	HTML
	cat >frame.html <<-HTML
	<body><script>onmessage = e => document.body.append(e.data)</script>
	<iframe src="copy.html" width="$width" height="4000"></iframe>
	HTML
	browse "file://$PWD/frame.html" "$@" |
		sed -n 's/.*MEASURED \(.*\) END.*/\1/p' >measured
	"$PYTHON3" -m json.tool measured
}

expect_measured() { # PYTHON-EXPRESSION of m
	"$PYTHON3" -c "
import html, json
m = json.loads(html.unescape(open('measured').read()))
assert ($1), m"
}

@test "wide and light: legible, and nothing is cut" {
	measure 1100
	expect_measured "m['width'] == 1100 and m['fits'] and not m['dark']"
	expect_measured "m['texts'] > 200 and m['marks'] > 100"
	expect_measured "m['faint'] == m['pale'] == m['outside'] == []"
}

@test "on a phone: nothing is wider than the screen" {
	measure 360
	expect_measured "m['width'] == 360 and m['fits']"
}

@test "dark: legible too" {
	measure 800 --blink-settings=preferredColorScheme=0
	expect_measured "m['dark'] and m['faint'] == m['pale'] == []"
}

@test "the page as it is asks for nothing and complains of nothing" {
	browse "file://$BATS_FILE_TMPDIR/page.html" --enable-logging=stderr >dom
	grep -q 'class="verdict"' dom
	absent grep -E 'CONSOLE|Refused|ERR_' errors
}

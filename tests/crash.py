"""Ends pfetch at bad moments and checks what --resume makes of it.

usage: crash.py kills PFETCH COUNT STRATEGY...    kill -9 at random moments
       crash.py points PFETCH DURABILITY,... STRATEGY...
                                                  at each step of input/output
       crash.py power PFETCH DURABILITY COUNT     copies a mounted image of a
                                                  file system while pfetch runs

A server of this script logs what is asked of it.  After each crash the run is
resumed, perhaps crashes again, and is resumed until it ends.  What a report
acknowledged must not be asked for again, and in the end there must be exactly
the files of the list, with the bytes that the server has for them.

`power` needs root and loop devices.  Nothing that was acknowledged may be lost,
unless DURABILITY is `none`: then something has to be, or the test is blind.
"""
import collections
import hashlib
import os
import random
import re
import shutil
import signal
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

LOG = []                 # (path, number of the run)
RUN = [0]
DELAY = 0.003            # so that a run takes long enough to be killed


def body_of(path):
    """A body that depends on the path alone: /SIZE/NAME."""
    size = int(path.split("/")[1])
    seed = hashlib.sha256(path.encode()).hexdigest().encode()
    return (seed * (size // len(seed) + 1))[:size]


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            self.serve()
        except OSError:         # a client that was killed
            pass

    def serve(self):
        while True:
            line = self.rfile.readline(65536).decode("latin-1").split()
            if len(line) < 3:
                return
            fields = {}
            while True:
                field = self.rfile.readline(65536).decode("latin-1").strip()
                if not field:
                    break
                name, _, value = field.partition(":")
                fields[name.lower()] = value.strip()
            path = line[1]
            LOG.append((path, RUN[0]))
            body = body_of(path)
            time.sleep(DELAY)
            tag = '"' + hashlib.md5(path.encode()).hexdigest() + '"'
            status, extra, first = "200 OK", "", 0
            wanted = re.fullmatch(r"bytes=(\d+)-", fields.get("range", ""))
            if (wanted and int(wanted[1]) < len(body)
                    and fields.get("if-range", tag) == tag):
                first = int(wanted[1])
                status = "206 Partial Content"
                extra = (f"Content-Range: bytes {first}-{len(body) - 1}/"
                         f"{len(body)}\r\n")
            head = (f"HTTP/1.1 {status}\r\nContent-Length: "
                    f"{len(body) - first}\r\nETag: {tag}\r\n{extra}\r\n")
            self.wfile.write(head.encode() + body[first:])


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


def start_server():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def make_list(port, count):
    """Some entries twice, some large, some with a name of their own."""
    lines, paths = [], []
    for number in range(count):
        size = random.choice([0, 1, 700, 5000, 70000, 200000])
        path = f"/{size}/f{number}"
        times = 2 if number % 10 == 0 else 1
        for _ in range(times):
            out = f"\tout=d{number}/x" if number % 7 == 3 else ""
            lines.append(f"http://127.0.0.1:{port}{path}{out}\n")
            paths.append(path)
    together = list(zip(lines, paths))
    random.shuffle(together)
    return [line for line, _ in together], [path for _, path in together]


def run(pfetch, strategy, out, lines, *options, environment=None, kill=None,
        journal=()):
    """Runs pfetch on LINES, killed after KILL seconds.  Returns its status and
    the paths that it has acknowledged."""
    RUN[0] += 1
    with open(out + ".list", "w") as file:
        file.writelines(lines)
    process = subprocess.Popen(
        [pfetch, "-s", strategy, "-P", out, "-j", "4", *options,
         out + ".list"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})})
    if kill is not None:
        time.sleep(kill)
        process.send_signal(signal.SIGKILL)
    try:
        text, errors = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        sys.exit(f"crash: {strategy} hangs in {out}")
    done = re.findall(rb"^(?:Read \d+ from|Skipped) http://[^/]*(/\S*)", text,
                      re.M)
    return process.returncode, [path.decode() for path in done], errors


def files_below(directory):
    for where, _, names in os.walk(directory):
        for name in names:
            yield os.path.join(where, name)


def check_files(out, paths, context):
    """Exactly the files of the list, byte by byte; nothing else is left."""
    have = collections.Counter()
    for file in files_below(out):
        if os.path.basename(file) == ".pfetch":
            continue
        with open(file, "rb") as stream:
            have[stream.read()] += 1
    want = collections.Counter(body_of(path) for path in paths)
    if have != want:
        sys.exit(f"crash: {context}: the files are not those of the list: "
                 f"{sorted(files_below(out))}")


def finish(pfetch, strategy, out, lines, paths, acked, context):
    """Resumes until the run ends, and checks everything."""
    random_order = list(lines)
    random.shuffle(random_order)    # the order of the list doesn't matter
    status, _, errors = run(pfetch, strategy, out, random_order, "--resume")
    if status != 0:
        sys.exit(f"crash: {context}: status {status}: {errors.decode()}")
    check_files(out, paths, context)
    check_log(acked, context, paths)


def check_log(acked, context, paths):
    """ACKED: for each run, what had been acknowledged before it."""
    times = collections.Counter(paths)
    for path, number in LOG:
        before = acked.get(number, collections.Counter())
        # An entry that is in the list twice may be asked for once more.
        if before[path] >= times[path]:
            sys.exit(f"crash: {context}: {path} was done and asked for again")
    LOG.clear()


def trial(pfetch, strategy, port, scratch, crashes, crash, context):
    """One list, CRASHES crashes, and its end."""
    out = os.path.join(scratch, "out")
    shutil.rmtree(out, ignore_errors=True)
    lines, paths = make_list(port, random.choice([5, 30, 60]))
    acked, sofar, killed = {}, collections.Counter(), 0
    for _ in range(crashes):
        acked[RUN[0] + 1] = sofar.copy()
        status, done, _ = crash(out, lines)
        killed += status == -signal.SIGKILL
        counted = collections.Counter(done)
        for path, times in counted.items():
            sofar[path] = max(sofar[path], times)
    acked[RUN[0] + 1] = sofar.copy()
    finish(pfetch, strategy, out, lines, paths, acked, context)
    return killed


def kills(pfetch, count, strategies, scratch):
    port, killed, tried = start_server(), 0, 0
    longest = 0.25
    while killed < count:
        strategy = strategies[tried % len(strategies)]
        tried += 1
        durability = random.choice(["none", "group", "group", "each"])

        def crash(out, lines):
            return run(pfetch, strategy, out, lines, "--resume",
                       "--durability=" + durability,
                       kill=random.random() * random.choice([0.03, longest]))
        killed += trial(pfetch, strategy, port, scratch,
                        random.choice([1, 1, 2, 3]), crash,
                        f"{strategy}, {durability}")
    print(f"{killed} runs killed, {tried} lists, nothing lost")


def points(pfetch, durabilities, strategies, scratch):
    port, crashed = start_server(), 0
    for strategy in strategies:
        for durability in durabilities:
            step = 0
            while True:
                step += 1 if step < 40 else 1 + step // 8
                random.seed(step)

                def crash(out, lines):
                    return run(pfetch, strategy, out, lines, "--resume",
                               "--durability=" + durability,
                               environment={"PFETCH_CRASH_AT": str(step)})
                killed = trial(pfetch, strategy, port, scratch, 1, crash,
                               f"{strategy}, {durability}, step {step}")
                crashed += killed
                if not killed:
                    break
    print(f"{crashed} crashes at steps, nothing lost")


# ---- loss of power ----

def shell(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def acknowledged(text):
    return [path.decode() for path in
            re.findall(rb"^Read \d+ from http://[^/]*(/\S*)\n", text, re.M)]


def cut_power(pfetch, durability, port, scratch):
    """Returns the acknowledged entries, and how many of them the copy of the
    file system has not."""
    image, copy = scratch + "/image", scratch + "/copy"
    mounted, second = scratch + "/mounted", scratch + "/second"
    for directory in (mounted, second):
        os.makedirs(directory, exist_ok=True)
    shell("dd", "if=/dev/zero", "of=" + image, "bs=1M", "count=96")
    shell("mkfs.ext4", "-qF", image)
    shell("mount", "-o", "loop", image, mounted)
    try:
        lines = [f"http://127.0.0.1:{port}/{size}/p{number}\n"
                 for number in range(6000)
                 for size in [random.choice([10, 3000, 9000])]]
        with open(scratch + "/list", "w") as file:
            file.writelines(lines)
        with open(scratch + "/report", "wb") as report:
            process = subprocess.Popen(
                [pfetch, "-s", "event", "-j", "8", "-P", mounted + "/out",
                 "--journal", "--durability=" + durability,
                 scratch + "/list"], stdout=report,
                stderr=subprocess.DEVNULL)
            time.sleep(0.1 + random.random())
            # What was reported up to now must be in the copy.
            with open(scratch + "/report", "rb") as seen:
                acked = acknowledged(seen.read())
            process.send_signal(signal.SIGSTOP)
            shell("cp", "--sparse=always", image, copy)
            process.kill()
            process.wait()
    finally:
        time.sleep(0.2)
        shell("umount", mounted)
    shell("mount", "-o", "loop", copy, second)
    try:
        have = collections.Counter()
        for file in files_below(second + "/out"):
            with open(file, "rb") as stream:
                have[stream.read()] += 1
        want = collections.Counter(body_of(path) for path in acked)
        return acked, sum((want - have).values())
    finally:
        shell("umount", second)


def resume_after_cut(pfetch, acked, scratch):
    """What the copy has is resumed: nothing that was acknowledged may be asked
    for again, and in the end all files are there."""
    copy, second = scratch + "/copy", scratch + "/second"
    shell("mount", "-o", "loop", copy, second)
    try:
        LOG.clear()
        status = subprocess.run(
            [pfetch, "-q", "-P", second + "/out", "--resume",
             scratch + "/list"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=False).returncode
        if status != 0:
            sys.exit(f"crash: after a cut, --resume ends with {status}")
        with open(scratch + "/list") as file:
            paths = ["/" + line.strip().split("/", 3)[3] for line in file]
        check_files(second + "/out", paths, "power")
        again = {path for path, _ in LOG} & set(acked)
        if again:
            sys.exit(f"crash: after a cut, asked for again: {again}")
    finally:
        shell("umount", second)


def power(pfetch, durability, count, scratch):
    port, seen, lost = start_server(), 0, 0
    for _ in range(count):
        acked, missing = cut_power(pfetch, durability, port, scratch)
        seen += len(acked)
        lost += missing
        if durability != "none":
            resume_after_cut(pfetch, acked, scratch)
    print(f"{durability}: {count} cuts, {seen} acknowledged, {lost} lost")
    # A test that can't see a loss would prove nothing.
    if seen == 0 or (lost > 0) != (durability == "none"):
        sys.exit("crash: that is not as it should be")


def main():
    what, pfetch, rest = sys.argv[1], sys.argv[2], sys.argv[3:]
    scratch = tempfile.mkdtemp(prefix="crash-")
    try:
        if what == "kills":
            kills(pfetch, int(rest[0]), rest[1:], scratch)
        elif what == "points":
            points(pfetch, rest[0].split(","), rest[1:], scratch)
        else:
            power(pfetch, rest[0], int(rest[1]), scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()

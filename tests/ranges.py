#!/usr/bin/env python3
"""An HTTP server on loopback that serves ranges, honestly or not.

usage: ranges.py DIRECTORY

Writes its port to DIRECTORY/port once it listens, and for every response a
line "MODE STATUS FROM SENT" to DIRECTORY/served.  A path is
/MODE/SIZE[/CUT[/RATE]]: a body of SIZE bytes, of which each response sends at
most CUT (0: all), at RATE bytes per second; a query is its
Content-Disposition.  With the modes `second` and
`turning`, only the first response is cut; with `turning`, the others are of
another version.  Exits at the end of its standard
input.
"""
import collections
import itertools
import os
import socketserver
import sys
import threading
import time
import urllib.parse

VERSIONS = itertools.count(1)
DATE = "Date: Mon, 02 Nov 2026 10:00:00 GMT"
LOG = threading.Lock()
SEEN = collections.Counter()  # how often each path was asked for


def body(size, version):
    block = b"".join(b"%s%07d\n" % (version.encode(), i) for i in range(6400))
    return (block * (size // len(block) + 1))[:size]


def plan(mode, total, wanted, condition):
    """The status, header fields, first byte, end and version of a response."""
    start, end = wanted if wanted else (0, total)
    end = min(end, total)
    tag = '"a"'
    version = "a"
    fields = ["Accept-Ranges: bytes", DATE]
    if mode == "changed":
        version = "ab"[next(VERSIONS) % 2]
        tag = f'"{version}"'
    validator = {"weak": 'ETag: W/"a"', "none": "X-None: 1",
                 "date": "Last-Modified: Mon, 02 Nov 2026 09:00:00 GMT",
                 "new": "Last-Modified: Mon, 02 Nov 2026 09:59:59 GMT",
                 }.get(mode, "ETag: " + tag)
    fields.append(validator)
    if mode == "otherdate":
        fields[-1] = "Last-Modified: Mon, 02 Nov 2026 09:00:00 GMT"
    fits = condition in ("", tag, "Mon, 02 Nov 2026 09:00:00 GMT")
    if mode in ("othertag", "otherdate", "wrongrange", "noend"):
        fits = True
    if not wanted or not fits or mode == "ignore":
        return 200, fields + [f"Content-Length: {total}"], 0, total, version
    if mode == "deny" or start >= total or (mode == "tire" and start):
        return (416, fields + [f"Content-Range: bytes */{total}",
                               "Content-Length: 0"], total, total, version)
    if mode == "forbid" and start:
        return 403, ["Content-Length: 0"], total, total, version
    if mode == "moved" and start:
        return (302, [f"Location: /ok/{total}", "Content-Length: 0"], total,
                total, version)
    first, shown = start, str(total)
    if mode == "othertag":
        fields[-1] = 'ETag: "b"'
    if mode == "otherdate":
        fields[-1] = "Last-Modified: Mon, 02 Nov 2026 09:30:00 GMT"
    if mode == "wrongrange":
        first += 1
    if mode == "noend":
        shown = "*"
    if mode == "longer" and start:
        shown = str(total + 1)
    if mode == "huge":
        shown = str(2 ** 63 - 1)
    fields += [f"Content-Range: bytes {first}-{end - 1}/{shown}",
               f"Content-Length: {end - first}"]
    return 206, fields, first, end, version


class Handler(socketserver.StreamRequestHandler):
    def head(self):
        fields = {}
        request = self.rfile.readline().decode("latin-1").split(" ")
        while True:
            line = self.rfile.readline().decode("latin-1").strip()
            if not line:
                break
            name, _, value = line.partition(":")
            fields[name.lower()] = value.strip()
        return request, fields

    def send(self, data, rate):
        sent = 0
        step = max(rate // 50, 1) if rate else 65536
        while sent < len(data):
            self.wfile.write(data[sent:sent + step])
            sent = min(sent + step, len(data))
            if rate:
                time.sleep(0.02)
        return sent

    def robots(self):
        """The file DIRECTORY/robots: a status, then a body after a line."""
        try:
            with open(os.path.join(sys.argv[1], "robots")) as file:
                status, _, text = file.read().partition("\n")
        except OSError:
            status, text = "404", ""
        self.wfile.write(f"HTTP/1.1 {status} Status\r\nConnection: close\r\n"
                         f"Content-Length: {len(text)}\r\n\r\n{text}".encode())
        with LOG, open(os.path.join(sys.argv[1], "served"), "a") as log:
            log.write(f"robots {status} 0 {len(text)}\n")

    def handle(self):
        request, fields = self.head()
        if len(request) < 2:
            return
        if request[1] == "/robots.txt":
            self.robots()
            return
        parts = request[1].split("?")[0].strip("/").split("/")
        mode, total = parts[0], int(parts[1])
        cut = int(parts[2]) if len(parts) > 2 else 0
        rate = int(parts[3]) if len(parts) > 3 else 0
        wanted = None
        if "range" in fields:
            start, _, last = fields["range"][6:].partition("-")
            wanted = int(start), int(last) + 1 if last else total
        start = wanted[0] if wanted else 0
        status, lines, first, end, version = plan(
            mode, total, wanted, fields.get("if-range", ""))
        SEEN[request[1]] += 1
        if mode in ("second", "turning") and SEEN[request[1]] > 1:
            cut = 0
            version = "b" if mode == "turning" else version
        if fields.get("if-none-match") == '"a"' and mode == "ok":
            status, lines, first, end = 304, lines[1:3], total, total
        if "?" in request[1]:
            lines.append("Content-Disposition: " +
                         urllib.parse.unquote(request[1].split("?", 1)[1]))
        if mode == "dies" and start > 3000000:
            return
        data = body(total, version)[first:end]
        if mode == "excess" and status == 206:
            lines = [line for line in lines if "Length" not in line]
            lines.append("Transfer-Encoding: chunked")
            data = b"%x\r\n" % (9 * len(data)) + 8 * data
        if cut:
            data = data[:cut]
        sent = 0
        try:
            self.wfile.write(("\r\n".join(
                [f"HTTP/1.1 {status} Status", "Connection: close"] + lines)
                + "\r\n\r\n").encode())
            sent = self.send(data, rate)
        except OSError:
            pass
        with LOG, open(os.path.join(sys.argv[1], "served"), "a") as log:
            log.write(f"{mode} {status} {start} {sent}\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


def main():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = os.path.join(sys.argv[1], "port")
    with open(port + ".new", "w") as file:
        file.write(str(server.server_address[1]))
    os.rename(port + ".new", port)
    sys.stdin.read()
    os._exit(0)


main()

"""Two HTTP servers that remember all that they receive, for tests of what is
sent to whom.

usage: witness.py DIRECTORY

Listens on two ports of 127.0.0.1, whose numbers go to DIRECTORY/one.port and
DIRECTORY/two.port once both are ready; what a server receives is appended to
DIRECTORY/one or DIRECTORY/two.  Ends when standard input does.

    /to/URL           redirect to URL (302)
    /keep/URL         the same with 307
    /set/COOKIE       sets the cookie (percent-encoded)
    /status/CODE      that status
    /auth/PATH        401 unless there is an Authorization field
    anything else     200, with the request as the body
"""
import os
import socket
import sys
import threading
import urllib.parse

TOP = sys.argv[1]


def read_request(connection, file):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    request = head + b"\r\n\r\n" + body
    file.write(request + b"\n")
    file.flush()
    return request


def answer(request):
    path = request.split(b" ", 2)[1].decode("latin-1")
    kind, _, rest = path[1:].partition("/")
    status, extra, body = "200 OK", "", request
    if kind in ("to", "keep"):
        status = "302 Found" if kind == "to" else "307 Temporary"
        extra, body = f"Location: {rest}\r\n", b""
    elif kind == "set":
        extra = f"Set-Cookie: {urllib.parse.unquote(rest)}\r\n"
    elif kind == "status":
        status = f"{rest} Status"
    elif kind == "auth" and b"\r\nAuthorization: " not in request:
        status = "401 Unauthorized"
        extra = 'WWW-Authenticate: Basic realm="x"\r\n'
    head = (f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{extra}"
            "\r\n").encode("latin-1")
    return head if request.startswith(b"HEAD") else head + body


def serve(connection, file):
    try:
        while request := read_request(connection, file):
            connection.sendall(answer(request))
    except OSError:
        pass
    connection.close()


def accept(listener, file):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, file),
                         daemon=True).start()


ports = {}
for name in ("one", "two"):
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    ports[name] = listening.getsockname()[1]
    threading.Thread(target=accept, daemon=True, args=(
        listening, open(os.path.join(TOP, name), "ab"))).start()
for name, port in ports.items():
    with open(os.path.join(TOP, name + ".tmp"), "w") as out:
        out.write(str(port))
    os.rename(os.path.join(TOP, name + ".tmp"),
              os.path.join(TOP, name + ".port"))
sys.stdin.read()

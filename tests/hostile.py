#!/usr/bin/env python3
"""A hostile HTTP server on loopback, for what real servers would not do.

usage: hostile.py DIRECTORY

Writes its port to DIRECTORY/port once it listens, and the head of every
request to DIRECTORY/requests.  The path selects the behaviour; see CASES.
Exits at the end of its standard input.
"""
import asyncio
import gzip
import itertools
import os
import socket
import struct
import sys
import zlib
import time
from urllib.parse import unquote

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
FOREVER = 20  # seconds; a bound in case a client never disconnects


def reset(writer):
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                    struct.pack("ii", 1, 0))


async def flood(writer, head, part, pause=0):
    writer.write(head)
    end = time.monotonic() + FOREVER
    while time.monotonic() < end:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(pause)


async def drip(writer, head, text, pause=0.05):
    writer.write(head)
    for byte in text * 1000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(pause)


def raw(data, how="close"):
    async def send(writer, _argument):
        writer.write(data)
        await writer.drain()
        if how == "hang":
            await asyncio.sleep(60)
        if how == "reset":
            await asyncio.sleep(0.05)
            reset(writer)
        return how == "keep"
    return send


# ---- content codings ----

PLAIN = b"".join(b"line %d of a text\n" % i for i in range(2000))
# "zstd" and "br" of `printf 'hello, world\n'`.
SMALL = {
    "zstd": bytes.fromhex("28b52ffd045869000068656c6c6f2c20776f726c640a4c1ff9f1"),
    "br": bytes.fromhex("0f068068656c6c6f2c20776f726c640a03"),
}


def bomb():
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([pack.compress(bytes(1 << 20)) for _ in range(64)] +
                    [pack.flush()])


def coded_body(kind):
    """The coding, and the bytes that are sent."""
    packed = gzip.compress(PLAIN)
    name, _, how = kind.partition("-")
    if name in SMALL:
        packed = SMALL[name]
    if how == "cut":
        return name, packed[:-2] if name in SMALL else packed[:-9]
    if how == "tail":
        return name, packed[:-3]
    if how == "corrupt":
        return name, packed[:9] + b"\xff\xff\xff\xff" + packed[13:]
    if how == "sum":
        return name, packed[:-8] + b"0000" + packed[-4:]
    if how == "junk":
        return name, packed + b"junk"
    if how == "two":
        return name, packed + gzip.compress(b"more\n")
    if how == "bomb":
        return name, bomb()
    if how == "plain":
        return name, PLAIN
    if how == "empty":
        return name, b""
    return name.replace("_", ", "), packed


async def coded(writer, argument):
    name, body = coded_body(argument)
    writer.write(OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n"
                 % (name.encode(), len(body)) + body)
    return True


async def silence(_writer, _argument):
    await asyncio.sleep(60)


async def content_length(writer, argument):
    value = unquote(argument).encode("latin-1")
    writer.write(OK + b"Content-Length: " + value + b"\r\n\r\nhello")


served = itertools.count()


async def counter(writer, _argument):
    """A body that is different each time."""
    body = b"%08d" % next(served)
    writer.write(OK + b"Content-Length: 8\r\n\r\n" + body)


async def endless_chain(writer, argument):
    number = int(argument or 0) + 1
    writer.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
                 b"Location: /chain/%d\r\n\r\n" % number)
    return True


async def redirect_to(writer, argument):
    where = unquote(argument).encode("latin-1")
    writer.write(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
                 b"Location: " + where + b"\r\n\r\n")
    return True


async def cut(writer, argument):
    """A good response, cut off after ARGUMENT bytes."""
    body = OK + b"Content-Length: 10\r\n\r\n0123456789"
    writer.write(body[:int(argument)])


async def cut_chunked(writer, argument):
    body = CHUNKED + b"5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n"
    writer.write(body[:int(argument)])


CASES = {
    "ok": raw(OK + b"Content-Length: 5\r\n\r\nhello", "keep"),
    "close": raw(OK + b"\r\nhello"),
    "no-content": raw(b"HTTP/1.1 204 No Content\r\n\r\n", "keep"),
    "reset-content": raw(b"HTTP/1.1 205 Reset Content\r\n\r\npartial bo"),
    "status-twice": raw(OK + b"Content-Length: 5\r\n" + OK + b"\r\nhello"),
    "empty": raw(b""),
    "header-cut": raw(OK + b"Content-Le"),
    "header-cut-reset": raw(OK + b"Content-Le", "reset"),
    "status-cut": raw(b"HTTP/1."),
    "short": raw(OK + b"Content-Length: 100\r\n\r\n" + b"x" * 50),
    "short-reset": raw(OK + b"Content-Length: 100\r\n\r\n" + b"x" * 50,
                       "reset"),
    "chunk-cut": raw(CHUNKED + b"5\r\nhello\r\n"),
    "chunk-short": raw(CHUNKED + b"ff\r\nhello\r\n0\r\n\r\n"),
    "chunk-junk": raw(CHUNKED + b"zz\r\nhello\r\n0\r\n\r\n"),
    "chunk-huge": raw(CHUNKED + b"ffffffffffffffffff\r\nhello"),
    "chunk-no-crlf": raw(CHUNKED + b"5\r\nhelloXX0\r\n\r\n"),
    "length": content_length,
    "counter": counter,
    "reason": raw(b"HTTP/1.1 404 \x1b]0;x\x07\x1b[2J\r\n"
                  b"Content-Length: 0\r\n\r\n"),
    "two-lengths": raw(OK + b"Content-Length: 5\r\nContent-Length: 4\r\n\r\n"
                       b"hello"),
    "length-and-coding": raw(OK + b"Content-Length: 5\r\n"
                             b"Transfer-Encoding: chunked\r\n\r\n"
                             b"5\r\nhello\r\n0\r\n\r\n"),
    "folded-length": raw(OK + b"Content-Length:\r\n 5\r\n\r\nhello"),
    "spaced-length": raw(OK + b"Content-Length : 5\r\n\r\nhello"),
    "coding-gzip": raw(OK + b"Transfer-Encoding: gzip\r\n\r\nhello"),
    "coding-old": raw(b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      b"5\r\nhello\r\n0\r\n\r\n"),
    "endless-header": lambda w, _: flood(w, OK, b"X-Filler: " + b"y" * 1000
                                         + b"\r\n"),
    "long-line": lambda w, _: flood(w, OK + b"X-Filler: ", b"y" * 4096),
    "endless-body": lambda w, _: flood(w, OK + b"\r\n", b"y" * 65536),
    "endless-chunks": lambda w, _: flood(w, CHUNKED, b"1000\r\n" + b"y" * 4096
                                         + b"\r\n"),
    "endless-trailers": lambda w, _: flood(w, CHUNKED + b"5\r\nhello\r\n0\r\n",
                                           b"X-T: " + b"y" * 1000 + b"\r\n"),
    "endless-continue": lambda w, _: flood(
        w, b"", b"HTTP/1.1 100 Continue\r\nX: " + b"y" * 500 + b"\r\n\r\n"),
    "endless-extension": lambda w, _: flood(w, CHUNKED + b"5;", b"y" * 4096,
                                            0.02),
    "endless-redirect-body": lambda w, _: flood(
        w, b"HTTP/1.1 302 Found\r\nLocation: /ok\r\n\r\n", b"y" * 65536),
    "endless-error-body": lambda w, _: flood(
        w, b"HTTP/1.1 404 Not Found\r\n\r\n", b"y" * 65536),
    "silence": silence,
    "stall-header": raw(OK, "hang"),
    "stall-body": raw(OK + b"Content-Length: 100\r\n\r\nhello", "hang"),
    "drip": lambda w, _: drip(w, OK + b"Content-Length: 99999\r\n\r\n", b"y"),
    "drip-header": lambda w, _: drip(w, OK, b"X-Y: z\r\n"),
    "reset": raw(b"", "reset"),
    "loop": raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
                b"Location: /loop\r\n\r\n", "keep"),
    "ping": raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
                b"Location: /pong\r\n\r\n", "keep"),
    "pong": raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
                b"Location: /ping\r\n\r\n", "keep"),
    "chain": endless_chain,
    "to": redirect_to,
    "short-redirect": raw(b"HTTP/1.1 302 Found\r\nContent-Length: 100\r\n"
                          b"Location: /ok\r\n\r\nx"),
    "no-location": raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
                       "keep"),
    "junk": raw(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    "old": raw(b"hello, this is HTTP/0.9"),
    "partial": raw(b"HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n"
                   b"Content-Range: bytes 0-4/99\r\n\r\nhello", "keep"),
    "escape": raw(b"HTTP/1.1 500 \x1b[31mred\x9b\x07\r\n"
                  b"Content-Length: 0\r\n\r\n", "keep"),
    "login": raw(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
                 b"WWW-Authenticate: Basic realm=x\r\n\r\n", "keep"),
    "coded": coded,
    "cut": cut,
    "cut-chunked": cut_chunked,
}


async def serve(reader, writer, log):
    keep = True
    try:
        while keep:
            head = await reader.readuntil(b"\r\n\r\n")
            log.write(head)
            log.flush()
            path = head.split(b" ")[1].decode("latin-1").lstrip("/")
            name, _, argument = path.partition("/")
            case = CASES.get(name.partition("?")[0])
            if case is None:
                case = raw(b"HTTP/1.1 404 Not Found\r\n"
                           b"Content-Length: 0\r\n\r\n", "keep")
            keep = await case(writer, argument)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()


async def main():
    directory = sys.argv[1]
    log = open(os.path.join(directory, "requests"), "ab")
    server = await asyncio.start_server(
        lambda r, w: serve(r, w, log), "127.0.0.1", 0, backlog=512)
    port = server.sockets[0].getsockname()[1]
    with open(os.path.join(directory, "port.new"), "w") as file:
        file.write(str(port))
    os.rename(os.path.join(directory, "port.new"),
              os.path.join(directory, "port"))
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())

"""An HTTP/2 server over TLS that cuts bodies off, for tests; needs h2 (Debian:
python3-h2).

usage: cutter.py DIRECTORY CERTIFICATE KEY

Listens on a port of 127.0.0.1, whose number goes to DIRECTORY/h2.port.  Ends
when standard input does.

    /HOW/LENGTH     a body of 5000 bytes, of which HOW says how it ends:
                    whole, reset (INTERNAL_ERROR), cancel (CANCEL), noerror
                    (NO_ERROR), goaway, close; half of it comes before the
                    cut.  LENGTH is yes or no: whether its length is announced.
"""
import os
import socket
import ssl
import sys
import threading

import h2.config
import h2.connection
import h2.errors
import h2.events

TOP, CERTIFICATE, KEY = sys.argv[1:]
SIZE = 5000
RESETS = {
    "reset": h2.errors.ErrorCodes.INTERNAL_ERROR,
    "cancel": h2.errors.ErrorCodes.CANCEL,
    "noerror": h2.errors.ErrorCodes.NO_ERROR,
}


def answer(connection, stream, headers):
    """Returns False if the connection is to be closed."""
    path = dict(headers)[":path"]
    how, _, length = path[1:].partition("/")
    fields = [(":status", "200")]
    if length.startswith("yes"):
        fields.append(("content-length", str(SIZE)))
    connection.send_headers(stream, fields)
    if how == "whole":
        connection.send_data(stream, b"x" * SIZE, end_stream=True)
        return True
    connection.send_data(stream, b"x" * (SIZE // 2))
    if how in RESETS:
        connection.reset_stream(stream, RESETS[how])
    elif how == "goaway":
        connection.close_connection(last_stream_id=0)
        return False
    return how != "close"


def serve(plain, context):
    try:
        client = context.wrap_socket(plain, server_side=True)
        connection = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False,
                                      header_encoding="utf-8"))
        connection.initiate_connection()
        client.sendall(connection.data_to_send())
        goes_on = True
        while goes_on:
            data = client.recv(65536)
            if not data:
                break
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    goes_on = answer(connection, event.stream_id,
                                     event.headers) and goes_on
            client.sendall(connection.data_to_send())
        client.close()
    except (OSError, h2.exceptions.ProtocolError):
        pass
    plain.close()


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(CERTIFICATE, KEY)
tls.set_alpn_protocols(["h2"])
listener = socket.create_server(("127.0.0.1", 0), backlog=128)


def accept():
    while True:
        plain, _ = listener.accept()
        threading.Thread(target=serve, args=(plain, tls),
                         daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
with open(os.path.join(TOP, "h2.tmp"), "w") as out:
    out.write(str(listener.getsockname()[1]))
os.rename(os.path.join(TOP, "h2.tmp"), os.path.join(TOP, "h2.port"))
sys.stdin.read()

"""nginx on this machine's loopback, with what the benchmarks ask it for."""
import os
import resource
import shutil
import socket
import subprocess
import sys
import time

CONNECTIONS = 8192
DESCRIPTORS_MAX = 65536

# The cache holds a descriptor for each file, also of files that were removed: it
# must leave enough of them for connections, or nginx accepts no more.
CONFIGURATION = """
worker_processes 1; daemon off; pid nginx.pid; error_log stderr crit; {user}
worker_rlimit_nofile {descriptors};
events {{ worker_connections {connections}; }}
http {{
  access_log off; sendfile on; keepalive_requests 1000000000;
  http2_max_requests 1000000000;
  open_file_cache max={cached} inactive=1h; open_file_cache_valid 1h;
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
  uwsgi_temp_path t4; scgi_temp_path t5;
  ssl_certificate cert.pem; ssl_certificate_key key.pem;
  ssl_session_cache shared:all:10m;
  server {{ listen 127.0.0.1:{plain} backlog=8192; root www; }}
  server {{ listen 127.0.0.1:{tls} ssl backlog=8192; root www; }}
  server {{ listen 127.0.0.1:{http2} ssl http2 backlog=8192; root www; }}
  # Every address of the loopback network is a host of its own.
  server {{ listen {hosts} backlog=8192; root www;
           allow 127.0.0.0/8; deny all; }}
}}
"""

# Names below this one are this machine for libcurl (RFC 6761, 6.3).
DOMAIN = "bench.localhost"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


class Nginx:
    """Serves TOP/www until stop()."""

    def __init__(self, top):
        self.top = top
        self.ports = {name: free_port()
                      for name in ("plain", "tls", "http2", "hosts")}
        self.authority = os.path.join(top, "cert.pem")
        self.process = None

    def make_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-keyout", "key.pem", "-out", "cert.pem", "-subj",
             "/CN=bench", "-addext",
             f"subjectAltName=IP:127.0.0.1,DNS:{DOMAIN},DNS:*.{DOMAIN}"],
            cwd=self.top, check=True, stderr=subprocess.DEVNULL)

    def start(self):
        _, descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
        descriptors = min(descriptors, DESCRIPTORS_MAX)
        os.mkdir(os.path.join(self.top, "www"))
        self.make_certificate()
        with open(os.path.join(self.top, "nginx.conf"), "w") as file:
            file.write(CONFIGURATION.format(
                user="user root;" if os.getuid() == 0 else "",
                descriptors=descriptors,
                connections=CONNECTIONS,
                cached=max(descriptors - CONNECTIONS - 100, 100),
                **self.ports))
        self.process = subprocess.Popen(
            ["nginx", "-p", self.top, "-c", "nginx.conf"],
            stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(
                    ("127.0.0.1", self.ports["hosts"])).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        sys.exit("nginx did not start")

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()

    def url(self, path, server="plain", host="127.0.0.1"):
        scheme = "https" if server in ("tls", "http2") else "http"
        return f"{scheme}://{host}:{self.ports[server]}/{path}"

    def make_files(self, count, size, folder):
        """COUNT different files of SIZE bytes below www; returns the names."""
        names = [f"{folder}/f{n:06d}" for n in range(count)]
        os.mkdir(os.path.join(self.top, "www", folder))
        for name in names:
            line = (name + "\n").encode()
            with open(os.path.join(self.top, "www", name), "wb") as file:
                file.write((line * (size // len(line) + 1))[:size])
        return names

    def remove_files(self, folder):
        shutil.rmtree(os.path.join(self.top, "www", folder))

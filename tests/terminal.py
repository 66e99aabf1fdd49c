"""Runs a program on a terminal of its own and acts as its user.

usage: terminal.py suspend COMMAND...   press ctrl-Z while it runs, then fg
       terminal.py close COMMAND...     close the terminal while it runs

`suspend` starts COMMAND (one line for a shell) from an interactive shell,
waits for a file called `begun`, presses ctrl-Z, waits until the shell says
"Stopped", and, a second later, types fg.  It prints the exit status of COMMAND.
`close` starts COMMAND (a program and its arguments) as the leader of a session
on the terminal, waits for `begun`, and closes the terminal.  It prints the
number of the signal that ended COMMAND, or its exit status.
"""
import os
import pty
import re
import select
import signal
import sys
import time

LIMIT = 50


def read_until(terminal, pattern, limit=LIMIT):
    """Returns what was read up to PATTERN; exits if that does not appear."""
    text, end = "", time.monotonic() + limit
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                got = os.read(terminal, 65536)
            except OSError:
                got = b""
            if not got:
                break
            text += got.decode(errors="replace")
        if re.search(pattern, text):
            return text
    sys.exit(f"terminal: no {pattern!r} in: {text}")


def wait_for_file(name):
    end = time.monotonic() + LIMIT
    while not os.path.exists(name):
        if time.monotonic() > end:
            sys.exit(f"terminal: no file {name}")
        time.sleep(0.02)


def suspend(command):
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["PS1"] = "ready> "
        os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
    read_until(terminal, "ready> ")
    os.write(terminal, (" ".join(command) + "\n").encode())
    wait_for_file("begun")
    os.write(terminal, b"\x1a")
    read_until(terminal, "Stopped")
    time.sleep(1)
    os.write(terminal, b"fg >/dev/null; echo status=$?=\n")
    text = read_until(terminal, r"status=\d+=")
    print(re.findall(r"status=(\d+)=", text)[-1])
    os.write(terminal, b"exit\n")
    os.close(terminal)
    os.waitpid(pid, 0)


def close(command):
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        os.execvp(command[0], command)
    wait_for_file("begun")
    os.close(terminal)
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        got, status = os.waitpid(pid, os.WNOHANG)
        if got == pid:
            code = os.waitstatus_to_exitcode(status)
            print(f"signal {-code}" if code < 0 else f"status {code}")
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    sys.exit("terminal: it did not end")


if __name__ == "__main__":
    {"suspend": suspend, "close": close}[sys.argv[1]](sys.argv[2:])

"""What the benchmarks share: runs that take turns, and what they cost."""
import os
import statistics
import subprocess
import threading
import time


class Run:
    """One run of a command: seconds, CPU seconds, exit status."""

    def __init__(self, seconds, cpu, status):
        self.seconds, self.cpu, self.status = seconds, cpu, status


def run(command, cwd, limit=900):
    """Runs COMMAND in CWD; its CPU time includes that of its children."""
    began = time.monotonic()
    with open(os.devnull, "r+b") as null:
        child = subprocess.Popen(command, cwd=cwd, stdin=null, stdout=null,
                                 stderr=null)
    killer = threading.Timer(limit, child.kill)
    killer.start()
    _, status, usage = os.wait4(child.pid, 0)
    killer.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    return Run(time.monotonic() - began, usage.ru_utime + usage.ru_stime,
               child.returncode)


def tree(pid):
    """PID and all its descendants that can be seen now."""
    found = [pid]
    for one in found:
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{task}/children") as file:
                    found += [int(child) for child in file.read().split()]
        except OSError:
            pass
    return found


def note_peaks(pid, peaks):
    """Notes the resident peak of each process of PID's tree, in bytes."""
    for one in tree(pid):
        try:
            with open(f"/proc/{one}/status") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        peaks[one] = int(line.split()[1]) * 1024
        except OSError:
            pass


def peak_memory(command, cwd, interval=0.01):
    """The sum of the resident peaks of all processes of COMMAND, in bytes.

    In a run of its own, since looking takes time.  ru_maxrss would also count
    what this process has before COMMAND is executed.
    """
    peaks = {}
    with open(os.devnull, "r+b") as null:
        child = subprocess.Popen(command, cwd=cwd, stdin=null, stdout=null,
                                 stderr=null)
    while child.poll() is None:
        note_peaks(child.pid, peaks)
        time.sleep(interval)
    return sum(peaks.values())


def median(runs, what="seconds"):
    return statistics.median([getattr(run, what) for run in runs])


def spread(values, scale=1.0, digits=3):
    return (f"{statistics.median(values) * scale:.{digits}f} "
            f"({min(values) * scale:.{digits}f} to "
            f"{max(values) * scale:.{digits}f})")


def in_turn(commands, runs, prepare, check=None):
    """Runs COMMANDS in turn, after one round that does not count.

    COMMANDS maps names to functions that make a command, or a Run, from the
    directory that PREPARE() has made for it.  CHECK(name, run, directory) says
    what is wrong with a run, if anything is.
    """
    results = {name: [] for name in commands}
    for round_number in range(runs + 1):
        order = list(commands)
        shift = round_number % len(order)
        for name in order[shift:] + order[:shift]:
            directory = prepare()
            done = commands[name](directory)
            if not isinstance(done, Run):
                done = run(done, directory)
            wrong = check(name, done, directory) if check else None
            if done.status != 0 or wrong:
                print(f"  {name}: status {done.status} {wrong or ''}")
            if round_number > 0:
                results[name].append(done)
    return results

# SPDX-License-Identifier: GPL-2.0-only
"""The measuring half of scripts/bench, which calls it; see there."""

import argparse
import json
import os
import re
import resource
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CASE = "system_off/reports-shutdown"
GUEST = "system_off"
LOOP, SMALL, LARGE = 60, 10, 90  # iterations of the bare loop; cases of the two plans
BOOT_SECONDS = 300  # a boot that takes longer is given up


class Trouble(Exception):
    pass


def say(text):
    print("bench: " + text, file=sys.stderr, flush=True)


# -- the initramfs: cpio "newc"


def pack(entries):
    """entries: (name, mode, content), parents first."""
    out = bytearray()
    for n, (name, mode, content) in enumerate(entries + [("TRAILER!!!", 0, b"")], start=1):
        major, minor = (5, 1) if mode & 0o170000 == 0o020000 else (0, 0)  # the console
        fields = [n, mode, 0, 0, 1, 0, len(content), 0, 0, major, minor, len(name) + 1, 0]
        out += b"070701" + b"".join(b"%08x" % f for f in fields) + name.encode() + b"\0"
        out += bytes(-len(out) % 4) + content
        out += bytes(-len(out) % 4)
    return bytes(out)


def unpack(data):
    files, at = {}, 0
    while data[at : at + 6] == b"070701":
        size, length = int(data[at + 54 : at + 62], 16), int(data[at + 94 : at + 102], 16)
        name = data[at + 110 : at + 110 + length - 1].decode()
        at = at + 110 + length
        at += -at % 4
        files[name] = data[at : at + size]
        at += size
        at += -at % 4
    return files


def initramfs(path, init, files={}):
    entries = [("dev", 0o040755, b""), ("dev/console", 0o020600, b""), ("init", 0o100755, init)]
    entries += [(name, 0o100755, content) for name, content in files.items()]
    path.write_bytes(pack(entries))
    return path


# -- QEMU, as exit24 starts it


LEARN = """#!/bin/sh
if [ "$1" = --version ]; then
	exec "$BENCH_QEMU" "$@"
fi
printf '%s\\0' "$@" >"$BENCH_LEARN/arguments"
while [ $# -gt 1 ]; do
	case $1 in
	-kernel) [ "$2" = "$BENCH_KERNEL" ] || cp -- "$2" "$BENCH_LEARN/-kernel" ;;
	-initrd) cp -- "$2" "$BENCH_LEARN/-initrd" ;;
	esac
	shift
done
"""


class Lab:
    """How exit24 would boot one kernel, learnt from a QEMU that only writes down what it is asked."""

    def __init__(self, options, kernel, clock, folder):
        folder.mkdir()
        self.folder, self.qemu = folder, options.qemu
        learn = folder / "learn"
        learn.write_text(LEARN)
        learn.chmod(0o755)
        environment = dict(os.environ, BENCH_QEMU=options.qemu, BENCH_LEARN=str(folder), BENCH_KERNEL=kernel)
        command = [str(options.build / "exit24"), "run", "--machine", "lab", "--kernel", kernel, "--mode"]
        command += [options.mode, "--clock", clock, "--qemu", str(learn), CASE]
        said = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
        if not (folder / "-initrd").exists():
            raise Trouble("exit24 does not get as far as starting QEMU; it says:\n" + said.strip())
        arguments = (folder / "arguments").read_text().split("\0")[:-1]
        scratch = os.path.dirname(arguments[arguments.index("-initrd") + 1])
        arguments = [a.replace(scratch, str(folder)) for a in arguments]
        if (folder / "-kernel").exists():  # exit24 had to unpack it
            arguments[arguments.index("-kernel") + 1] = str(folder / "-kernel")
        self.arguments = arguments
        self.plan = json.loads(unpack((folder / "-initrd").read_bytes())["plan.json"])

    def command(self, initrd, serial=None):
        arguments = list(self.arguments)
        arguments[arguments.index("-initrd") + 1] = str(initrd)
        if serial:
            arguments[arguments.index("-serial") + 1] = serial
        return [self.qemu] + arguments

    def plan_of(self, count):
        """A plan of the same case, so many times."""
        one = self.plan["cases"][0]
        cases = [dict(one, name=f"{CASE}-{n}") for n in range(count)]
        return json.dumps(dict(self.plan, cases=cases), separators=(",", ":")).encode()


def cpu_clock(pid):
    """The clock of the processor time that a process uses, as clock_getcpuclockid() makes it."""
    return (~pid << 3) | 2


def console_of(command):
    """Boots; each line of the console, QEMU's stdout, with the time and QEMU's processor time when it came."""
    end = time.monotonic() + BOOT_SECONDS
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as qemu:
        try:
            text = b""
            while True:
                if not select.select([qemu.stdout], [], [], max(0, end - time.monotonic()))[0]:
                    raise Trouble(f"a boot has not ended within {BOOT_SECONDS} s")
                more = os.read(qemu.stdout.fileno(), 65536)
                if not more:
                    return
                now = time.monotonic(), time.clock_gettime(cpu_clock(qemu.pid))
                *lines, text = (text + more).split(b"\n")
                for line in lines:
                    yield *now, line.decode(errors="replace").strip()
        finally:
            qemu.kill()


# -- the agent against the bare loop


def rounds(lab, options):
    """One boot; for each round a dictionary of label -> (target's ns, host's processor ns, sum of the cases' ns)."""
    plans = {"small": SMALL, "large": LARGE}
    steps = [
        f"loop /bare_loop /payload {LOOP}",
        "small /agent /small /recording",
        "large /agent /large /recording",
        f"forked /bare_loop -f /payload {LOOP}",
        "small-lab /agent /small @port",
        "large-lab /agent /large @port",
    ]
    files = {
        "bare_loop": (options.programs / "bare_loop").read_bytes(),
        "agent": (options.build / "exit24-agent").read_bytes(),
        "payload": (options.build / "guests" / (GUEST + ".bin")).read_bytes(),
        "steps": "\n".join(steps * (options.runs + 1)).encode() + b"\n",
        **{name: lab.plan_of(count) for name, count in plans.items()},
    }
    initrd = initramfs(lab.folder / "rounds", (options.programs / "init").read_bytes(), files)

    out, labels, looped, begun, done, tail = [], len(steps), 0, 0.0, False, []
    for _, now, line in console_of(lab.command(initrd, "stdio")):
        tail = tail[-9:] + [line]
        if re.search(r"bench begin \S+$", line):
            begun = now
        elif m := re.search(r"loop \d+ (\d+)$", line):
            looped = int(m[1])
        elif m := re.search(r"bench end (\S+) (\d+) (-?\d+) (\d+) (\d+)$", line):
            label, status, cases = m[1], int(m[3]), int(m[4])
            if status != 0 or label in plans and cases != plans[label]:
                raise Trouble(f"'{label}' failed in the lab, status {status}, {cases} cases:\n" + "\n".join(tail))
            if not out or len(out[-1]) == labels:
                out.append({})
            ns = looped if label in ("loop", "forked") else int(m[2])
            out[-1][label] = (ns, (now - begun) * 1e9, int(m[5]))
        elif re.search(r"bench done$", line):
            done = True
    if not done or len(out) != options.runs + 1:
        raise Trouble("the lab died; the end of its console:\n" + "\n".join(tail))
    return out[1:]  # the first one warms up


def per_case(figures, which):
    """Nanoseconds per case of one round. which: 0, on the target's clock; 1, of the host's processor."""
    out = {label: figures[label][which] / LOOP for label in ("loop", "forked")}
    for label, suffix in (("file", ""), ("lab", "-lab")):
        out[label] = (figures["large" + suffix][which] - figures["small" + suffix][which]) / (LARGE - SMALL)
    if which == 0:
        out["end"] = figures["large"][2] / LARGE
    return out


def spread(values, scale=1.0, digits=2):
    values = [v * scale for v in values]
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}-{max(values):.{digits}f})"


ROWS = {
    "loop": "bare loop",
    "forked": "bare loop, a process for each",
    "end": "agent, its own 'end' lines",
    "file": "agent, slope of two plans, recording in memory",
    "lab": "agent, slope, recording where the lab has it",
}
CLOCKS = {"deterministic": "the lab's clock, which is instructions", "real": "the lab's clock, which is the host's"}


def compare_agent(options, kernel, folder):
    for clock in ("deterministic", "real"):
        lab = Lab(options, kernel, clock, folder / clock)
        say(f"{kernel}: {options.runs} + 1 rounds in one boot, {clock} clock")
        measured = rounds(lab, options)
        # That of the real clock grows with whatever else the host does.
        for which, name in ((0, CLOCKS[clock]), (1, "the host's processor time")):
            if clock == "real" and which == 1:
                continue
            figures = [per_case(r, which) for r in measured]
            print(f"\nTime per case, lab with the {clock} clock, by {name}")
            print(f"  {'ms':48} {'median (min-max)':24} {'ratio to the bare loop':24} and to the forked one")
            for key, title in ROWS.items():
                if key not in figures[0]:
                    continue
                ratios = [f"{spread([f[key] / f[to] for f in figures]):24}" for to in ("loop", "forked")
                          if key not in ("loop", to)]
                print(f"  {title:48} {spread([f[key] for f in figures], 1e-6, 3):24} {' '.join(ratios)}".rstrip())
            sys.stdout.flush()


# -- exit24 run against a bare boot


def used():
    """Processor time of the children that have ended, theirs included."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def child_of(pid):
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        if children := path.read_text().split():
            return int(children[0])
    return None


def watched_run(options, kernel, folder):
    """One 'exit24 run': (wall, processor) seconds from the agent's first line to its last, peak KiB of exit24,
    seconds that cases waited."""
    folder.mkdir()
    command = [str(options.build / "exit24"), "run", "--machine", "lab", "--kernel", kernel]
    command += ["--mode", options.mode, "--qemu", options.qemu]
    environment = dict(os.environ, TMPDIR=str(folder))
    text, files, peak, seen = b"", {}, 0, {}
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as run:
        while run.poll() is None:
            time.sleep(0.002)
            try:
                if m := re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{run.pid}/status").read_text()):
                    peak = max(peak, int(m[1]))
                for path in {*folder.glob("*/recording"), *folder.glob("*/console")} - files.keys():
                    files[path] = path.open("rb")
                text += b"".join(file.read() for file in files.values())
                for mark in (b'"hello"', b'"done":true'):
                    if mark not in seen and mark in text and (qemu := child_of(run.pid)):
                        seen[mark] = (time.monotonic(), time.clock_gettime(cpu_clock(qemu)))
            except OSError:
                pass  # it has ended just now
    for file in files.values():
        file.close()
    if run.returncode not in (0, 1) or len(seen) != 2:
        raise Trouble(f"exit24 run ended with status {run.returncode}")
    first, last = seen.values()
    asleep = sum(int(ns) for ns in re.findall(rb'"asleep_ns":(\d+)', text))
    return (last[0] - first[0], last[1] - first[1]), peak, asleep / 1e9


def compare_run(options, kernel, folder):
    lab = Lab(options, kernel, "deterministic", folder / "boot")
    initrd = initramfs(folder / "poweroff", (options.programs / "poweroff").read_bytes())
    clock = lambda: (time.monotonic(), used())
    boots, runs, cases, peaks, waits = [], [], [], [], []
    for n in range(options.runs):
        say(f"{kernel}: run {n + 1} of {options.runs} against a bare boot")
        start = clock()
        subprocess.run(lab.command(initrd), check=True, timeout=BOOT_SECONDS, stdin=subprocess.DEVNULL)
        middle = clock()
        in_cases, peak, asleep = watched_run(options, kernel, folder / f"run{n}")
        end = clock()
        boots.append([b - a for a, b in zip(start, middle)])
        runs.append([b - a for a, b in zip(middle, end)])
        cases.append(in_cases)
        peaks.append(peak)
        waits.append(asleep)
    print(f"\n{'exit24 run, all cases, deterministic clock':50} {'wall':24} processor time, QEMU included")
    both = lambda values: " ".join(f"{spread([v[i] for v in values]):24}" for i in (0, 1)).rstrip()
    print(f"  {'bare boot that powers off, s':48} {both(boots)}")
    print(f"  {'cases, from the first line to the last, s':48} {both(cases)}")
    print(f"  {'exit24 run, s':48} {both(runs)}")
    ratios = [[r[i] / (b[i] + c[i]) for i in (0, 1)] for r, b, c in zip(runs, boots, cases)]
    print(f"  {'run / (bare boot + cases)':48} {both(ratios)}")
    print(f"  {'cases asleep, all their waits, s of their clock':48} {spread(waits, digits=3)}")
    print(f"  {'exit24, peak resident memory, MiB':48} {spread(peaks, 1 / 1024, 1)}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--qemu", required=True)
    parser.add_argument("--mode", required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--only", choices=["agent", "run"])
    parser.add_argument("kernels", nargs="+")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="exit24-bench.") as scratch:
        for n, kernel in enumerate(options.kernels):
            folder = Path(scratch) / str(n)
            folder.mkdir()
            print(f"\n== {kernel}, {Path(kernel).stat().st_size / (1 << 20):.1f} MiB, {options.mode}")
            if options.only != "run":
                compare_agent(options, kernel, folder)
            if options.only != "agent":
                compare_run(options, kernel, folder)
    print(f"\nexit24-agent, static: {(options.build / 'exit24-agent').stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        say(str(trouble))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

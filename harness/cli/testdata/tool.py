# SPDX-License-Identifier: GPL-2.0-only
"""What the tests in bash leave to Python; each command prints to standard output.

frame               records on standard input, one a line, as lines of a recording
verdicts REPORT     "KERNEL/MODE CASE VERDICT REASON" for each case, with tabs between
expected REPORT DIR "KERNEL/MODE CASE pass|skip|known-fail", from the requirements of the cases in DIR, its list of
                    known failures, and from what each target says that it has
modes REPORT        "MODE CASES SKIP" for each cell: how many cases ran, or why none did
get REPORT KEY...   what stands there in the report: a text as it is, anything else as JSON, or "(nothing)"
case REPORT CASE KEY...
                    the same, below the first case of that name
differences REPORT CASE
                    its table, "WHAT WANT GOT" with tabs between
same A B            "N cells are the same" if two reports say the same of each cell, by what was observed and judged; else
                    a line for each difference. Times, commands, what started the machine, how far a guest was when it
                    was kicked, and who won the rounds of a race may differ.
image               a small arm64 Image with a PE header, cut nowhere
zboot FILE          an EFI zboot image with FILE in it
initramfs DIR       all in DIR as an initramfs, owned by root
"""
import fnmatch
import gzip
import hashlib
import json
import pathlib
import struct
import sys
import zlib


def frame():
    seq = 0
    for line in sys.stdin:
        record = json.loads(line)
        seq = 0 if "boot" in record else seq
        body = json.dumps(record, separators=(",", ":"))
        text = '{"seq":%d,%s' % (seq, body[1:-1])
        print('%s,"crc":"%08x"}' % (text, zlib.crc32(text.encode())))
        seq += 1


def report(path):
    return json.loads(pathlib.Path(path).read_text())


def verdicts(path):
    for cell in report(path)["cells"]:
        for case in cell["cases"]:
            print(cell["cell"], case["case"], case["verdict"], case.get("reason", ""), sep="\t")


def modes(path):
    for cell in report(path)["cells"]:
        print(cell["mode"], len(cell["cases"]), cell.get("skip", ""), sep="\t")


def expected(path, folder):
    def version(text):
        major, minor = map(int, text.split("."))
        return major << 16 | minor

    def holds(key, value, target):
        """Whether the target has all of one requirement; a list of which, to be exact."""
        psci = int(target.get("psci_version", "0x0"), 16)
        if key == "capabilities":
            return [target["capabilities"].get(name, 0) > 0 for name in value]
        if key == "psci_version":
            return [psci >= version(value)]
        if key == "conduit":
            return [psci > 0 and int(target.get("smc_psci_version", "0x0"), 16) == psci]
        if key == "attributes":
            return [target["smccc_filter"] for name in value if name == "KVM_ARM_VM_SMCCC_FILTER"]
        if key == "registers":
            return [name in target.get("registers", []) for name in value]
        if key == "protected_vm":
            return [target["protected_vm"] or not value]
        raise SystemExit("tool.py does not know the requirement " + key)

    def runs(case, target):
        needs = dict(case.get("requires", {}))
        without = needs.pop("without", {})
        found = [yes for key, value in needs.items() for yes in holds(key, value, target)]
        found += [not yes for key, value in without.items() for yes in holds(key, value, target)]
        for vm in case.get("vms", []):
            found.append(vm.get("gic", "none") in ["none", *target.get("gics", [])])
            found.append(not vm.get("protected") or target["protected_vm"])
        return all(found)

    entries = json.loads((pathlib.Path(folder) / "known-failures.json").read_text())["known_failures"]

    def known(name, target):
        return any(
            entry["case"] == name
            and all(fnmatch.fnmatchcase(target[key], glob) for key, glob in entry["when"].items())
            for entry in entries
        )

    files = {"%s/%s" % (file.parent.name, file.stem): file for file in pathlib.Path(folder).glob("*/*.json")}
    for cell in report(path)["cells"]:
        for name, file in sorted(files.items()):
            case = json.loads(file.read_text())
            environment = cell["environment"]
            target = dict(environment["target"], kvm_mode=environment["kvm_mode"])
            verdict = "known-fail" if known(name, target) else "pass"
            print(cell["cell"], name, verdict if runs(case, target) else "skip", sep="\t")


def show(value, keys):
    try:
        for key in keys:
            value = value[int(key) if isinstance(value, list) else key]
    except LookupError:
        value = "(nothing)"
    print(value if isinstance(value, str) else json.dumps(value))


def get(path, *keys):
    show(report(path), keys)


def case(path, name, *keys):
    show(next(c for cell in report(path)["cells"] for c in cell["cases"] if c["case"] == name), keys)


def differences(path, name):
    found = next(c for cell in report(path)["cells"] for c in cell["cases"] if c["case"] == name)
    for row in found.get("differences", []):
        print(row["what"], row["want"], row["got"], sep="\t")


def same(first, second):
    def steps(case):
        return [{k: v for k, v in step.items() if k != "ns" and (k, step["op"]) != ("regs", "kick")}
                for step in case.get("observed", []) if "round" not in step]

    def facts(cell):
        """What the cell says, by what it says it of."""
        target = dict(cell["environment"].get("target", {}))
        for key in "uptime_ms", "command_line":
            target.pop(key, None)
        out = {"kernel": cell["kernel"], "mode": cell["mode"], "skip": cell.get("skip"), "target": target}
        out["image"] = cell["environment"].get("machine", {}).get("image", {}).get("sha256")
        for case in cell["cases"]:
            for key in "verdict", "reason", "step", "differences", "guests":
                out[case["case"] + " " + key] = case.get(key)
            out[case["case"] + " observed"] = steps(case)
        return out

    a, b = ([(cell.get("id"), facts(cell)) for cell in report(path)["cells"]] for path in (first, second))
    differences = 0
    if [cell for cell, _ in a] != [cell for cell, _ in b]:
        differences += 1
        print("other cells:", [cell for cell, _ in a], [cell for cell, _ in b])
    for cell, left in a:
        right = dict(b).get(cell, {})
        for key in sorted(set(left) | set(right)):
            if left.get(key) != right.get(key):
                differences += 1
                print(cell, left["kernel"], left["mode"], key, str(left.get(key))[:200], "|", str(right.get(key))[:200])
    if not differences:
        print(len(a), "cells are the same")


def image():
    size = 1 << 16
    section = struct.pack("<8sIIIIIIHHI", b".text", size - 4096, 4096, size - 4096, 4096, 0, 0, 0, 0, 0)
    pe = b"PE\0\0" + struct.pack("<HHIIIHH", 0xAA64, 1, 0, 0, 0, 0, 0) + section
    head = struct.pack("<2sHIQQQQQQ4sI", b"MZ", 0, 0, 0, size, 0, 0, 0, 0, b"ARM\x64", 64)
    text = (head + pe).ljust(4096, b"\0") + b"Linux version 0.0.0-small (nobody@nowhere) "
    noise = hashlib.shake_256(b"code").digest(size - len(text))  # so that it does not pack to nothing
    sys.stdout.buffer.write(text + noise)


def zboot(path):
    packed = gzip.compress(pathlib.Path(path).read_bytes(), 1)
    head = struct.pack("<4s4sII8s32s", b"MZ\0\0", b"zimg", 4096, len(packed), b"", b"gzip")
    sys.stdout.buffer.write(head.ljust(4096, b"\0") + packed)


def initramfs(folder):
    """The "newc" form of cpio, Documentation/driver-api/early-userspace/buffer-format.rst"""
    def put(number, name, mode, data=b""):
        name = name.encode() + b"\0"
        fields = [number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
        for part in head, data:
            sys.stdout.buffer.write(part + b"\0" * (-len(part) % 4))

    files = sorted(pathlib.Path(folder).rglob("*"))  # a folder comes before what is in it
    for number, file in enumerate(files, 1):
        mode = file.lstat().st_mode
        if file.is_symlink():
            data = str(file.readlink()).encode()
        else:
            data = file.read_bytes() if file.is_file() else b""
        put(number, str(file.relative_to(folder)), mode, data)
    put(0, "TRAILER!!!", 0)


if __name__ == "__main__":
    commands = [frame, verdicts, modes, expected, get, case, differences, same, image, zboot, initramfs]
    {f.__name__: f for f in commands}[sys.argv[1]](*sys.argv[2:])

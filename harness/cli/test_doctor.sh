#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_doctor.sh EXIT24
#
# exit24 doctor: what it says of a host where things are missing, or do not work. Programs are faked in a PATH of
# our own; with EXIT24_KERNELS it also boots the first of these. What it says on arm64 is in ../machine/test_native.sh.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

cache=$work/cache
mkdir -p "$work/bin" "$cache/kernels/newest"

# fake NAME LINE...: a program of that name, in the shell's words
fake() {
	printf '%s\n' '#!/bin/sh' "${@:2}" >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}

# doctor ARGUMENT...: with nothing but the fakes in PATH
doctor() {
	try env PATH="$work/bin" EXIT24_CACHE="$cache" "$exit24" doctor "$@"
}

# finding TOPIC KEY...: of the JSON, the last finding of that topic
finding() {
	python3 -c 'import json, sys
found = [f for f in json.load(open(sys.argv[1]))["findings"] if f["topic"] == sys.argv[2]][-1]
for key in sys.argv[3:]:
	found = found.get(key, "(nothing)")
print(found)' "$out" "$@"
}

doctor
is "nothing there: the status" "$status $(wc -c <"$err")" "3 0"
has "what is there, what is not, and the mend" "$out" "ok  agent: " " in $(dirname -- "$exit24")/cases" "MISSING  lab: there is no \
qemu-system-aarch64" "sudo apt-get install qemu-system-arm" "MISSING  lab: no kernel image yet" "scripts/fetch-kernel newest" \
	"no  git" "no  compiler" "no  coccinelle" "no  bubblewrap" "not ready yet: mend the lines marked MISSING"
doctor --json
is "for programs: the status and the ways" "$status $(tool get "$out" ways) $(tool get "$out" exit_status)" "3 [] 3"
is "each thing that is missing has its mend" "$(python3 -c 'import json, sys
for f in json.load(open(sys.argv[1]))["findings"]:
	if f["state"] == "missing" and not f.get("mend"):
		print(f)' "$out")" ""
if [[ $(uname -m) != aarch64 ]]; then
	is "a host that is not arm64 has no native way" "$(finding native state)" no
fi

# Programs that are there, and say what they are
fake git 'echo git version 2.0'
fake bwrap 'echo "bwrap: No permissions to create new namespace" >&2' 'exit 1'
fake qemu-system-aarch64 'echo "QEMU emulator version 7.2.22"'
doctor --json
is "a program's own words" "$(finding git state) $(finding git text)" "ok git version 2.0"
is "a bubblewrap that does not work" "$(finding bubblewrap state)" no
has "why, and what follows" "$out" "No permissions to create new namespace" "not be walled off" "user namespaces"
has "a QEMU that is too old for a mode" "$out" "too old for nested"
fake qemu-system-aarch64 'echo "QEMU emulator version 10.0.2"'
doctor --json
lacks "a QEMU that is not" "$out" "too old"
has "it can do that mode" "$out" '"nested"'
fake qemu-system-aarch64 'echo "error while loading shared libraries" >&2' 'exit 127'
doctor
is "a QEMU that does not start: the status" "$status" 3
has "in its own words" "$out" "MISSING  lab: " "status 127: error while loading shared libraries"

# A kernel that is there, and a QEMU that does not boot it
# shellcheck disable=SC2016 # the fake expands it
fake qemu-system-aarch64 'case $1 in --version) echo "QEMU emulator version 7.2.22" ;; *) echo "no room" >&2; exit 1 ;; esac'
tool image >"$cache/kernels/newest/Image"
doctor
is "a lab that does not boot: the status" "$status" 3
has "it was tried, and how it ended" "$out" "booting Linux 0.0.0-small" "MISSING  lab: it did not get as far as the agent: QEMU \
ended with status 1: no room"
head -c 5000 "$cache/kernels/newest/Image" >"$work/cut"
mv -- "$work/cut" "$cache/kernels/newest/Image"
doctor
is "a damaged kernel: the status" "$status" 3
has "it says so" "$out" "cut short" "--update newest"

# An exit24 without its parts
mkdir "$work/elsewhere"
cp -- "$exit24" "$work/elsewhere/exit24"
ln -s "$source_root/cases" "$work/elsewhere/cases"
try env EXIT24_CACHE="$cache" "$work/elsewhere/exit24" doctor
is "no agent and no guests: the status" "$status" 3
has "it says which" "$out" "MISSING  agent: $work/elsewhere/exit24-agent: No such file" "MISSING  guests: "

if command -v qemu-system-aarch64 >/dev/null && [[ ${EXIT24_KERNELS:-} ]]; then
	ln -sfn -- "$(realpath -- "${EXIT24_KERNELS%%:*}")" "$cache/kernels/newest/Image"
	limit=300 EXIT24_CACHE=$cache try "$exit24" doctor --json
	is "a lab that works: the status and the ways" "$status $(tool get "$out" ways | grep -o '"lab"')" '0 "lab"'
	is "what SYSTEM_OFF gave there" \
		"$(finding lab facts exit_reason) $(finding lab facts type) $(finding lab facts kvm_mode)" "24 1 nvhe"
else
	note "no kernel was booted, since EXIT24_KERNELS names none"
fi

finish

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/machine/test_native.sh EXIT24
#
# The native way: exit24 itself runs on arm64 as it would on a board, on the /dev/kvm of the first kernel of
# EXIT24_KERNELS. What passes is what passes in the lab; then what goes wrong there: no KVM, no permission, an agent
# that dies or falls silent.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"
kernels
# shellcheck source=harness/machine/arm64.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/arm64.sh"

some=('system_off/*' 'system_reset/*' 'vcpus/*' 'cpu_on/*')
case=system_off/reports-shutdown
limit=900 try "$exit24" run --kernel "${kernels[0]}" --mode nvhe --json "$work/lab.json"
is "the lab, to compare with: the status" "$status" 0

try "$exit24" repro -o "$root/reproducer" "$case"
is "a reproducer is taken along" "$status" 0
agent=/usr/local/libexec/exit24/exit24-agent
steps=$(cat <<END
try version exit24 --version
try doctor exit24 doctor
try doctor-json exit24 doctor --json
try auto exit24 run --json /out/auto.json $case
try all exit24 run --machine native --json /out/all.json --recordings /out/recordings
try judge exit24 judge /out/recordings/*.jsonl --json /out/judge.json
try board /reproducer/board.sh
chown 0:104 /dev/kvm
chmod 660 /dev/kvm
try denied-doctor su nobody -c 'exit24 doctor'
try denied su nobody -c 'exit24 run --machine native --json /tmp/denied.json $case'
cp /tmp/denied.json /out
mv $agent $agent.real
cat >$agent <<'AGENT'
#!/bin/sh
if ! mkdir /tmp/once 2>/dev/null; then
	exec \$0.real "\$@"
fi
\$0.real "\$@" &
until grep -q '"case":"vcpus/.*"step":' "\$2"; do
	usleep 1000
done
kill -\$(cat /tmp/signal) \$!
[ \$(cat /tmp/signal) != KILL ] || kill -KILL \$\$
wait
AGENT
chmod +x $agent
echo KILL >/tmp/signal
try killed exit24 run --machine native --json /out/killed.json 'system_off/*' 'vcpus/*'
rmdir /tmp/once
echo STOP >/tmp/signal
try silent exit24 run --machine native --json /out/silent.json 'system_off/*' 'vcpus/*'
rm $agent
mv $agent.real $agent
rm /dev/kvm
try absent-doctor exit24 doctor
END
)
boot nvhe -m 1024 -cpu cortex-a57 "${clocked[@]}"

in_there version
is "it starts" "$status $(<"$out")" "0 $("$exit24" --version)"
in_there doctor
is "doctor is content" "$status" 0
has "doctor has tried, and says what came of it" "$out" "ok  native: SYSTEM_OFF on Linux " " in mode nvhe gives exit_reason \
KVM_EXIT_SYSTEM_EVENT (24), type KVM_SYSTEM_EVENT_SHUTDOWN (1)" "a virtual machine" "linux,dummy-virt" "next: exit24 run"
in_there doctor-json
is "doctor tells it to programs" "$status $(tool get "$out" ways)" '0 ["native"]'
in_there auto
is "without a kernel and with KVM the native way is taken" "$status $(tool get "$here/auto.json" cells 0 mode)" "0 native"
in_there all
is "all cases: the status" "$status" 0
is "the verdicts are those of the lab" "$(compare "$work/lab.json" "$here/all.json")" same
is "the environment is native" "$(for key in machine clock hypervisor emulated; do
	tool get "$here/all.json" cells 0 environment machine $key
done)" "native
real
/proc/device-tree/compatible says linux,dummy-virt
(nothing)"
is "in one go, in the mode that the kernel says" "$(tool get "$here/all.json" cells 0 boots) $(
	tool get "$here/all.json" cells 0 environment kvm_mode)" '[{"end": "complete", "reason": ""}] nvhe'
in_there judge
is "its recording is judged alike" "$status $(compare "$here/all.json" "$here/judge.json")" "0 same"
in_there board
is "a reproducer on the board: the status" "$status" 0
has "it prints what happened" "$out" '"hello":' "\"case\":\"$case\",\"begin\":true" '"op":"run","rc":0,"errno":0' '"done":true'
in_there denied-doctor
is "a user without permission: doctor's status" "$status" 3
has "it says which permission, and the next command" "$out" "no  native: /dev/kvm is not for this user" "mode is 0660, its group kvm" \
	"sudo usermod -aG kvm"
in_there denied
is "its run: the status and the verdict" "$status $(tool case "$here/denied.json" $case verdict)" "3 error"
has "and the reason" "$out" "the target has no usable KVM: open(/dev/kvm): Permission denied"
has "with the next command" "$err" "sudo usermod -aG kvm"
in_there killed
is "an agent that is killed: the status, and how it went on" \
	"$status $(tool get "$here/killed.json" cells 0 boots 0 end) $(tool get "$here/killed.json" cells 0 boots 0 reason) $(
		tool get "$here/killed.json" cells 0 boots 1 end)" "3 machine the agent ended with signal 9 (Killed) complete"
is "one case at most has no result" \
	"$(verdicts_of "$here/killed.json" | cut -f 2 | sort | uniq -c | awk '$2 == "error" && $1 <= 1 || $2 == "pass" { n++ } END { print n }')" 2
in_there silent
is "an agent that falls silent: the status, and how it went on" \
	"$status $(tool get "$here/silent.json" cells 0 boots 0 end) $(tool get "$here/silent.json" cells 0 boots 1 end)" "1 hang complete"
has "it says so" "$here/silent.json" "the agent has been silent for"
is "one case hangs, and all others pass" \
	"$(verdicts_of "$here/silent.json" | cut -f 2 | sort | uniq -c | awk '$2 == "hang" && $1 == 1 || $2 == "pass" { n++ } END { print n }')" 2
in_there absent-doctor
is "no /dev/kvm: doctor's status" "$status" 3
has "and its words" "$out" "no  native: there is no /dev/kvm" "dmesg"

# KVM switched off on the command line
steps="try doctor exit24 doctor
try run exit24 run --machine native $case"
append=kvm-arm.mode=none
boot without-kvm -m 1024 -cpu cortex-a57 "${clocked[@]}"
append=
in_there doctor
is "a kernel with its KVM switched off: doctor's status" "$status" 3
has "doctor knows the reason from the kernel's log" "$out" "no  native: there is no /dev/kvm" "kvm-arm.mode=none"
in_there run
is "its run: the status" "$status" 3
has "and the reason" "$out" "the target has no usable KVM: open(/dev/kvm): No such file or directory"

# Two processors and VHE
limit=900 try "$exit24" run --kernel "${kernels[0]}" --mode vhe --json "$work/lab.json" "${some[@]}"
steps="try run exit24 run --machine native --json /out/report.json $(printf "'%s' " "${some[@]}")"
boot vhe -m 1024 -cpu neoverse-n1 "${clocked[@]}" -smp 2
in_there run
is "two processors with VHE: the status, and what is said of them" "$status $(
	tool get "$here/report.json" cells 0 environment target cpus) $(
	tool get "$here/report.json" cells 0 environment kvm_mode)" "0 2 vhe"
is "the verdicts are those of the lab there too" "$(compare "$work/lab.json" "$here/report.json")" same

finish

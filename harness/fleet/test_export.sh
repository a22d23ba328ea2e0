#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/fleet/test_export.sh EXIT24
#
# What exit24 export makes: by LAVA's own schema where that is installed, and booted by hand on the kernels that
# EXIT24_KERNELS names; that exit24 import judges the console as a run of its own would; and logs that are not whole.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"
small_kernel
image=$work/Image

# Bad input
refused "export of nothing" "subcommand" "--help" -- export
refused "an initramfs without a place" "--output" "--help" -- export initramfs
refused "an initramfs of cases that are not there" "no case matches" -- export initramfs -o "$work/report.json" 'nothing/*'
refused "an initramfs to a folder" "$work" "directory" -- export initramfs -o "$work"
refused "jobs for a kernel that is not there" "$work/no-kernel" -- export lava -k "$work/no-kernel" -o "$work/jobs"
refused "jobs into a folder that is in use" "$work is there already" "--output" -- export lava -k "$image" -o "$work"
refused "a board without a name" "--device-type" -- export lava -k "$image" --method u-boot -o "$work/jobs"
refused "a device tree for QEMU" "--dtb" -- export lava -k "$image" --dtb http://x/y -o "$work/jobs"
refused "an unknown method" "--method" "u-boot" -- export lava -k "$image" --method fastboot -o "$work/jobs"
refused "a mode that no board has" "gicv2" "protected" -- \
	export lava -k "$image" --mode gicv2 --method u-boot --device-type b -o "$work/jobs"
rm -rf -- "$work/jobs"
mkdir -p "$work/cases/s"
cp -- "$source_root/cases/system_off/reports-shutdown.json" "$work/cases/s/a-b.json"
cp -- "$source_root/cases/system_off/reports-shutdown.json" "$work/cases/s/a_b.json"
refused "two cases that LAVA would take for one" "s/a-b" "s/a_b" "s_a_b" -- \
	export initramfs --cases "$work/cases" -o "$work/report.json"
refused "import of nothing" "LOG" "--help" -- import lava
refused "a log that is not there" "$work/no-log" -- import lava "$work/no-log"
echo "KTAP version 1" >"$work/noise"
refused "a log of something else" "$work/noise" "agent" -- import lava "$work/noise"
refused "a plan that is none" "$source_root/cases/rules.json" "plan.json" -- \
	import lava "$work/noise" --plan "$source_root/cases/rules.json"

# The jobs, as LAVA sees them
try "$exit24" export lava -k "$image" --mode nvhe,protected -o "$work/jobs" --url http://lab/x/
is "a job for each cell" "$status $(wc -l <"$out") $(find "$work/jobs" -name '*.yaml' | wc -l)" "0 2 2"
has "with the folder's URL" "$work/jobs/$(basename -- "$(head -n 1 "$out")")" "http://lab/x/Image-1" "http://lab/x/initramfs"
try "$exit24" export lava -k "$image" --mode protected,vhe --method u-boot --device-type bcm2711-rpi-4-b \
	--dtb http://lab/board.dtb -o "$work/board"
is "and for a board" "$status $(wc -l <"$out")" "0 2"
is "the ids of its cells are others" "$(tool get "$work/board/plan.json" cells 0 id | grep -c "$(tool get "$work/jobs/plan.json" cells 1 id)")" 0
try "$exit24" export lava -k "$image" --mode nvhe --tag KVM_SYSTEM_EVENT_RESET -o "$work/tagged"
is "a tag" "$status" 0
has "the cases that have it are there" "$work/tagged/initramfs" '"system_reset/reports-reset"'
lacks "and no others" "$work/tagged/initramfs" '"system_off/reports-shutdown"'
# python_with MODULE: one that has it, which another than Debian's has not
python_with() {
	local candidate
	for candidate in python3 /usr/bin/python3; do
		"$candidate" -c "import $1" 2>/dev/null && echo "$candidate" && return
	done
	return 1
}
if python=$(python_with lava_common.schemas); then
	cat >"$work/validate.py" <<'end'
import sys, yaml
from lava_common.schemas import validate
for file in sys.argv[1:]:
    job = yaml.safe_load(open(file))
    validate(job, strict=True)
    print(job["device_type"], job["metadata"]["exit24.cell"])
    del job["actions"][2]["test"]["monitors"][0]["end"]
    try:
        validate(job, strict=True)
    except Exception:
        continue
    sys.exit("a job without an end was taken")
end
	try "$python" "$work/validate.py" "$work"/jobs/*.yaml "$work"/board/*.yaml
	is "LAVA's schema takes all of them" "$status $(cut -d ' ' -f 1 "$out" | paste -sd ' ')" \
		"0 qemu qemu bcm2711-rpi-4-b bcm2711-rpi-4-b"
else
	note "there is no LAVA here (Debian's lava-common), so its schema was not asked"
fi

command -v qemu-system-aarch64 >/dev/null || { note "there is no qemu-system-aarch64"; finish; }
IFS=: read -r -a kernels <<<"${EXIT24_KERNELS:-}"
((${#kernels[@]} > 0)) || { note "EXIT24_KERNELS names no kernel, so nothing was booted"; finish; }

# boot JOB LOG [WORD]: what LAVA's QEMU would do with a job, by hand
boot() {
	local arguments
	mapfile -t arguments < <("$python" - "$1" "${3:-}" <<'end'
import json, shlex, sys, yaml
job = yaml.safe_load(open(sys.argv[1]))
context, images = job["context"], job["actions"][0]["deploy"]["images"]
words = ["-M", context["machine"], "-cpu", context["cpu"], "-m", str(context["memory"]), "-nographic", "-net", "none", "-monitor", "none"]
words += [word for extra in context["extra_options"] for word in shlex.split(extra)]
for name, image in images.items():
    path = image["url"].removeprefix("file://")
    words += [word.replace("{%s}" % name, path) for word in shlex.split(image["image_arg"])]
words[words.index("-append") + 1] += " " + sys.argv[2]
print("\n".join(words))
end
)
	try qemu-system-aarch64 "${arguments[@]}"
	cp -- "$out" "$2"
}
python=$(python_with yaml) || { note "there is no python3-yaml, so no job was booted"; finish; }

arguments=(--kernel "${kernels[0]}" --kernel "${kernels[-1]}" 'system_off/*' 'psci_features/*' vcpus/running-vcpu-is-stopped)
limit=250
try "$exit24" run "${arguments[@]}" --json "$work/run.json"
is "a run: the status" "$status" 0
try "$exit24" export lava "${arguments[@]}" -o "$work/lava"
mapfile -t jobs <"$out"
for i in "${!jobs[@]}"; do
	boot "${jobs[i]}" "$work/$i.log"
done
count=$("$exit24" run --list 'system_off/*' 'psci_features/*' vcpus/running-vcpu-is-stopped | wc -l)
is "the console has a line for each case, and then it is done" \
	"$(tr -d '\r' <"$work/0.log" | grep -cE '^ok [0-9]+ [a-z0-9_/-]+ # SKIP recorded') $(
		tr -d '\r' <"$work/0.log" | grep '^# exit24')" "$count # exit24 is done: $count of $count recorded"
lacks "and nothing there says that one passed" "$work/0.log" "PASS" "pass:"
try "$exit24" import lava "$work"/[0-9].log --plan "$work/lava/plan.json" --json "$work/import.json" --recordings "$work/kept"
is "imported: the status, and no complaint" "$status $(<"$err")" "0 "
is "the report is that of the run, but for times" "$(tool same "$work/run.json" "$work/import.json")" "4 cells are the same"
try "$exit24" merge "$work/import.json" -o "$work/merged.json"
is "it is whole" "$status" 0
try "$exit24" judge "$work"/kept/*.jsonl
is "what was kept can be judged" "$status" 0

# One that is missing, cut, given twice, or of somewhere else
try "$exit24" import lava "$work"/[1-3].log --plan "$work/lava/plan.json" --json "$work/part.json"
is "a log that is missing: the status" "$status" 3
has "and its cell" "$err" "no log has cell $(tool get "$work/lava/plan.json" cells 0 id)"
refused "the report of the others is not the whole" "no report has" "1 of 4" -- merge "$work/part.json" -o "$work/report.json"
head -n $(($(wc -l <"$work/0.log") / 2)) "$work/0.log" >"$work/cut.log"
try "$exit24" import lava "$work/cut.log" "$work"/[1-3].log --plan "$work/lava/plan.json"
is "a log that is cut: the status" "$status" 3
has "is named, with its line" "$err" "$work/cut.log: " "line" "before the agent was done"
try "$exit24" import lava "$work/cut.log" "$work"/[0-3].log --plan "$work/lava/plan.json" --json "$work/again.json"
is "with the log of its second try all is there" "$status $(tool same "$work/run.json" "$work/again.json")" "0 4 cells are the same"
has "although it says so" "$err" "$work/cut.log: "
cp -- "$work/0.log" "$work/copy.log"
refused "two whole logs of one cell" "$work/0.log" "$work/copy.log" "both" -- import lava "$work/0.log" "$work/copy.log" --plan "$work/lava/plan.json"
refused "a log of a cell that the plan does not have" "$work/0.log" "not in $work/jobs/plan.json" -- \
	import lava "$work/0.log" --plan "$work/jobs/plan.json"
sed 's/"seq":9,/"seq":9 ,/' "$work/0.log" >"$work/torn.log"
try "$exit24" import lava "$work/torn.log"
is "a log with a torn line: the status" "$status" 3
has "is named, with its line" "$err" "$work/torn.log: line " "torn"
# spoilt SED-SCRIPT TEXT...: a log that is not as the machine wrote it is an error, and says where
spoilt() {
	LC_ALL=C sed "$1" "$work/0.log" >"$work/spoilt.log"
	try "$exit24" import lava "$work/spoilt.log"
	is "sed '$1': the status" "$status" 3
	has "sed '$1': what it says" "$err" "$work/spoilt.log: " "${@:2}"
}
spoilt '/"seq":9,/d' "1 line is missing"
spoilt '/"seq":9,/,/"seq":20,/d' "12 lines are missing"
spoilt '/"seq":9,/p' "comes after"
spoilt '/"seq":9,/s/"end"/"eNd"/; /"seq":9,/s/"step"/"sTep"/; /"seq":9,/s/"begin"/"bEgin"/' "torn"
spoilt '/"seq":9,/s/$/\xff\x1b[2J\x00/; s/^1\.\.\([0-9]*\)/\xfe\x00 1..\1/; /"seq":11,/d' "torn"

# What goes wrong on the target
name=system_off/preserves-other-registers
boot "${jobs[0]}" "$work/panic.log" "exit24.fault=panic@$name"
try "$exit24" import lava "$work/panic.log" --json "$work/panic.json"
is "a kernel that dies: the status" "$status" 1
is "the case that ran is a crash" "$(tool case "$work/panic.json" "$name" verdict)" crash
is "each case has a verdict" "$(tool verdicts "$work/panic.json" | wc -l)" "$count"
boot "${jobs[0]}" "$work/exit.log" "exit24.fault=exit@$name"
is "an agent that dies: each case has its line all the same" \
	"$(tr -d '\r' <"$work/exit.log" | grep -cE '^(ok|not ok) [0-9]+ [a-z0-9_/-]+ # (SKIP|ERROR) ')" "$count"
has "which says why" "$work/exit.log" "# ERROR the agent ended with status 1"
try "$exit24" import lava "$work/exit.log"
is "imported: the status" "$status" 3

# A case that fails is seen, although all was recorded.
mkdir -p "$work/wrong/s"
sed 's/KVM_SYSTEM_EVENT_SHUTDOWN/KVM_SYSTEM_EVENT_RESET/' "$source_root/cases/system_off/reports-shutdown.json" >"$work/wrong/s/wrong.json"
try "$exit24" export lava --cases "$work/wrong" --kernel "${kernels[0]}" --mode nvhe -o "$work/wrong-jobs"
boot "$(<"$out")" "$work/wrong.log"
has "a case that fails is recorded like any other" "$work/wrong.log" "ok 1 s/wrong # SKIP recorded"
try "$exit24" import lava --cases "$work/wrong" "$work/wrong.log"
is "import sees that it fails" "$status" 1
has "and says how" "$out" "FAIL" "s/wrong" "KVM_SYSTEM_EVENT_RESET"

# Any kernel, without a plan
try "$exit24" export initramfs 'system_off/*' -o "$work/initramfs"
is "an initramfs alone: the status" "$status" 0
try qemu-system-aarch64 -M virt,virtualization=on -cpu cortex-a57 -m 512 -nographic -no-reboot -net none \
	-kernel "${kernels[0]}" -initrd "$work/initramfs" -append "console=ttyAMA0 panic=-1 ignore_loglevel"
cp -- "$out" "$work/any.log"
try "$exit24" import lava "$work/any.log" --json "$work/any.json"
is "boots by itself, with a kernel that talks too: the status" "$status $(<"$err")" "0 "
is "and says where it ran" \
	"$(tool get "$work/any.json" cells 0 mode) $(tool get "$work/any.json" cells 0 environment machine)" \
	'nvhe {"machine": "exported", "clock": "real"}'

finish

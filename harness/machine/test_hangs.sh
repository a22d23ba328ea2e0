#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/machine/test_hangs.sh EXIT24
#
# Cases whose vCPU never comes back, and cases that expect something wrong, all of testdata/cases in one boot:
# what is said about each, and that those around them are not harmed.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"
kernels
report=$work/report.json
cases=$testdata/cases
verdicts() {
	tool verdicts "$report" | awk -F '\t' '{ printf "%s %s, ", $2, $3 }'
}

# told CASE KEY...: that part of the report
told() {
	tool case "$report" "$@"
}

for kernel in "${kernels[0]}" "${kernels[-1]}"; do
	name=${kernel##*/}
	note "on $name"
	COLUMNS=120 limit=300 try "$exit24" run --kernel "$kernel" --mode nvhe --cases "$cases" --json "$report" \
		--recordings "$work/recordings"
	is "the status, and each verdict" "$status $(verdicts)" \
		"1 good/first pass, good/second pass, hangs/payload-spins-for-ever hang, hangs/vcpu-sleeps-for-ever hang, $(:
		)hangs/vcpu-waits-for-ever hang, hangs/wait-is-in-vain hang, still/goes-on pass, $(:
		)wrong/expects-a-reset fail, wrong/expects-an-error fail, wrong/is-characterised review, "
	is "one boot was enough" "$(tool get "$report" cells 0 boots)" '[{"end": "complete", "reason": ""}]'

	is "a payload that spins: the reason" "$(told hangs/payload-spins-for-ever reason)" \
		"step 1, run vCPU 0, had not ended after 100 ms"
	is "its thread runs" "$(told hangs/payload-spins-for-ever diagnosis threads 0 state)" "R"
	told hangs/payload-spins-for-ever diagnosis threads 0 stack >"$work/text"
	has "its stack is inside KVM_RUN" "$work/text" "kvm_vcpu_ioctl"
	told hangs/payload-spins-for-ever diagnosis kvm >"$work/text"
	holds "the counters of its VM are there" grep -qE '"exits": [1-9]' "$work/text"
	told hangs/payload-spins-for-ever observed 1 regs >"$work/text"
	holds "so are its registers, in which it has counted" grep -qE '"x19": "0x[1-9a-f]' "$work/text"

	is "a vCPU that is off: the reason" "$(told hangs/vcpu-sleeps-for-ever reason)" \
		"step 0, run vCPU 0, had not ended after 2000 ms; it is blocked: KVM has put the guest to sleep"
	is "its thread sleeps" "$(told hangs/vcpu-sleeps-for-ever diagnosis threads 0 state)" "S"
	told hangs/vcpu-sleeps-for-ever diagnosis threads 0 stack >"$work/text"
	has "its stack is inside KVM_RUN" "$work/text" "kvm_vcpu_ioctl"
	told hangs/vcpu-waits-for-ever diagnosis kvm >"$work/text"
	holds "a vCPU that waits: the counters say that it does" grep -qE '"wfi_exit_stat": [1-9]' "$work/text"
	told hangs/wait-is-in-vain diagnosis threads >"$work/text"
	is "a wait in vain: both threads are there" "$(grep -o '"state"' "$work/text" | wc -l)" 2
	for case in payload-spins-for-ever vcpu-sleeps-for-ever vcpu-waits-for-ever wait-is-in-vain; do
		deadline=$(told "hangs/$case" diagnosis deadline_ms)
		ms=$(($(told "hangs/$case" ns) / 1000000))
		is "$case took its $deadline ms and hardly more, $ms" \
			"$((ms >= deadline && ms < deadline + 700))" 1
	done
	has "the output has the diagnosis" "$out" "HANG" "thread in state R" "thread in state S" "kvm_vcpu_ioctl" \
		"kvm counters" '"exits"' "repeat: exit24 run"

	is "a wrong expectation: the reason" "$(told wrong/expects-a-reset reason)" "the event has the wrong type"
	is "all differences of the step are there" "$(tool differences "$report" wrong/expects-a-reset)" \
		"type	KVM_SYSTEM_EVENT_RESET (2)	KVM_SYSTEM_EVENT_SHUTDOWN (1)
data[0]	0x1	0x0
pc	_start (0x40000000)	0x4000000c
mp_state of vCPU 0	KVM_MP_STATE_RUNNABLE (0)	KVM_MP_STATE_STOPPED (5)"
	holds "the output has them as a table" \
		grep -qE '^ +type +KVM_SYSTEM_EVENT_RESET \(2\) +KVM_SYSTEM_EVENT_SHUTDOWN \(1\)$' "$out"
	holds "with a head" grep -qE '^ +want +got$' "$out"
	is "an error expected: the differences" "$(tool differences "$report" wrong/expects-an-error)" \
		"errno	ENOEXEC (8)	OK (0)"

	cp -- "$report" "$report.live"
	try "$exit24" judge --cases "$cases" "$work"/recordings/*.jsonl --json "$report"
	is "the recording gives the same verdicts and reasons" \
		"$status $(tool verdicts "$report" | diff - <(tool verdicts "$report.live"))" "1 "
	rm -rf -- "$work/recordings"
done

# A list of known failures: what it names is not red, what it has wrongly is told.
cat >"$work/known.json" <<end
{ "known_failures": [
  { "case": "hangs/payload-spins-for-ever", "verdict": "hang", "when": { "kvm_mode": "nvhe" }, "reason": "it spins" },
  { "case": "good/first", "verdict": "fail", "when": { "release": "*" }, "reason": "it was bad once" },
  { "case": "good/second", "verdict": "fail", "when": { "kvm_mode": "vhe" }, "reason": "another mode" },
  { "case": "wrong/expects-an-error", "verdict": "hang", "when": { "release": "*" }, "reason": "another verdict" } ] }
end
with_list=(run --kernel "${kernels[-1]}" --mode nvhe --cases "$cases" --known-failures "$work/known.json" --json "$report")
try "$exit24" "${with_list[@]}" hangs/payload-spins-for-ever 'good/*'
is "known failures: the status, and each verdict" "$status $(verdicts)" \
	"0 good/first fixed, good/second pass, hangs/payload-spins-for-ever known-fail, "
has "the output says what is known" "$out" "KNOWN-FAIL" "known: it spins" "FIXED" "take it off the list" \
	"1 known to fail, 1 fixed"
is "so does the report" "$(told hangs/payload-spins-for-ever known)" '{"verdict": "hang", "reason": "it spins"}'
try "$exit24" "${with_list[@]}" wrong/expects-an-error
is "another failure than the known one is red" "$status $(verdicts)" "1 wrong/expects-an-error fail, "

# What is promised nowhere is shown and is not red.
try "$exit24" run --kernel "${kernels[-1]}" --mode nvhe --cases "$cases" wrong/is-characterised
is "a characterised behaviour that is another one: the status" "$status" 0
has "it is shown" "$out" "REVIEW" "KVM_SYSTEM_EVENT_RESET (2)" "to review"
try "$exit24" run --kernel "${kernels[-1]}" --mode nvhe --cases "$cases" wrong/expects-an-error good/first
is "of a failure, the last line gives the command that repeats it" \
	"$status $(tail -n 1 "$out" | sed 's/.*repeat: //')" \
	"1 exit24 run --cases $cases --kernel ${kernels[-1]} --mode nvhe wrong/expects-an-error"

# Enough is enough
try "$exit24" run --kernel "${kernels[-1]}" --mode nvhe,vhe -j 1 --cases "$cases" --json "$report" --fail-fast --slowest 1 'wrong/*' good/first
is "--fail-fast stops at the first failure, and nothing that was not run is green or red" "$status $(verdicts)" \
	"1 good/first pass, wrong/expects-a-reset fail, wrong/expects-an-error skip, wrong/is-characterised skip, "
is "and the reason says so" "$(tool case "$report" wrong/expects-an-error reason)" "not run: 1 case failed before (--max-fail 1)"
has "so does the end of the output" "$out" "Stopped after 1 failed: 2 cases were not run, nor any of 1 kernel and mode"
has "--slowest names what took longest" "$out" "Slowest 1 of 2 cases that ran"
printf '[run]\nmax-fail = 2\nmode = nvhe # no other\n' >"$work/settings.toml"
EXIT24_SETTINGS=$work/settings.toml try "$exit24" run --kernel "${kernels[-1]}" --cases "$cases" --json "$report" 'wrong/*' good/first
is "settings say it as well: after two" "$status $(verdicts)" \
	"1 good/first pass, wrong/expects-a-reset fail, wrong/expects-an-error fail, wrong/is-characterised skip, "

finish

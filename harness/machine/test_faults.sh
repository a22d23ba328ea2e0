#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/machine/test_faults.sh EXIT24
#
# What goes wrong on the target while one case runs: the agent does it on purpose, see inject() in
# ../agent/main.cpp. Every other case must keep its result.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"
kernels
report=$work/report.json
case=system_off/reports-shutdown
cases=$source_root/cases
base=("$exit24" run --kernel "${kernels[0]}" --mode nvhe --json "$report")
run=("${base[@]}" 'system_off/*' 'vcpus/*')

try "${run[@]}"
is "without a fault: the status" "$status" 0
tool verdicts "$report" | cut -f 2,3 >"$work/verdicts"

# fault KIND STATUS VERDICT BOOTS: also, all other cases are what they were
fault() {
	rm -rf -- "$work/recordings"
	limit=600 try "${run[@]}" --recordings "$work/recordings" --append "exit24.fault=$1@$case"
	is "$1: the status, and the verdict of the case" "$status $(tool case "$report" "$case" verdict)" "$2 $3"
	is "$1: all other cases keep their results" \
		"$(tool verdicts "$report" | cut -f 2,3 | diff - "$work/verdicts" | grep '^[<>]' | grep -vF "$case"$'\t' || true)" ""
	is "$1: how the boots ended" "$(for boot in 0 1 2; do
		tool get "$report" cells 0 boots "$boot" end
	done | grep -vF '(nothing)' | tr '\n' ' ')" "$4 "
	tool verdicts "$report" >"$work/live"
	try "$exit24" judge --cases "$cases" "$work"/recordings/*.jsonl --json "$report.again"
	is "$1: the recording gives the same verdicts" \
		"$status $(tool verdicts "$report.again" | diff - "$work/live")" "$2 "
}

# said REASON TEXT...: the reason is REASON, and the console in the report and in the output has each TEXT
said() {
	tool case "$report" "$case" reason >"$work/reason"
	has "the reason says so" "$work/reason" "$1"
	shift
	tool get "$report" cells 0 boots 0 console >"$work/console"
	has "the console's tail is in the report" "$work/console" "$@"
	try "$exit24" judge --cases "$cases" "$work"/recordings/*.jsonl
	has "and in the output, with the case named" "$out" "$case" "$1" "| ["
}

fault panic 1 crash "crash complete"
said "Kernel panic - not syncing: sysrq triggered crash" "sysrq triggered crash" "Call trace"
# an agent that dies is not the kernel's fault, though the kernel panics for it
fault exit 3 error "machine complete"
said "the agent died in the lab" "Kernel panic - not syncing: Attempted to kill init" "exitcode"
fault poweroff 1 crash "crash complete"
tool case "$report" "$case" reason >"$work/reason"
has "poweroff: the reason says so" "$work/reason" "powered the machine off"
fault torn 0 pass "complete complete"

# How long the harness waits depends on the deadlines of the cases; these have short ones.
case=good/second
cases=$testdata/cases
run=("${base[@]}" --cases "$cases" 'good/*' 'still/*')
try "${run[@]}"
tool verdicts "$report" | cut -f 2,3 >"$work/verdicts"
fault silence 1 hang "hang complete"
tool case "$report" "$case" reason >"$work/reason"
has "silence: the reason says for how long" "$work/reason" "silent for" " s"
tool get "$report" cells 0 boots 0 registers >"$work/registers"
has "silence: the registers of the silent machine are in the report" "$work/registers" "PC=" "PSTATE="
# a process that closes its VMs for longer than the deadline: steps have deadlines, closing has time of its own
fault linger 0 pass "complete"
is "linger: it took longer than the deadline" \
	"$(($(tool case "$report" "$case" ns) > 4000000000))" 1

# Its first and its last case
case=good/first
fault poweroff 1 crash "crash complete"
case=still/goes-on
fault poweroff 1 crash "crash"

finish

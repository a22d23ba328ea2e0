#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_bad_cases.sh EXIT24
#
# Case files, payloads and choices of cases that exit24 refuses. Nothing is booted: each of them is noticed
# before the first look at a kernel.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

folder=$work/cases
file=$folder/event/bad.json
mkdir -p "$folder/event"
good=$(<"$testdata/cases/event/off-reports-shutdown.json")

run=(run --cases "$folder" --kernel "$work/no-kernel" --json "$work/report.json")

# bad_case WHAT TEXT... -- CONTENT: a case file with that content is refused by name, for each TEXT.
bad_case() {
	local what=$1 wanted=()
	shift
	while [[ $1 != -- ]]; do
		wanted+=("$1")
		shift
	done
	printf '%s' "$2" >"$file"
	refused "$what" "$file" "${wanted[@]}" -- "${run[@]}"
}

# The good case with the first OLD in it replaced; it must be there.
with() {
	[[ $good == *"$1"* ]] || { echo "with: the case has no $1" >&2; return 1; }
	printf '%s' "${good/"$1"/"$2"}"
}

printf '%s' "$good" >"$file"
refused "with the good case it is the kernel that is missed" "$work/no-kernel" -- "${run[@]}"

bad_case "an empty file" "line 1" -- ""
bad_case "no JSON" "line 1, column" -- "title: this is YAML"
bad_case "a brace that is never closed" "line" "column" -- "${good%\}*}"
bad_case "a comma too many" "line" "column" -- "$(with '"required",' '"required",,')"
bad_case "a comment" "line" "column" -- "// a comment"$'\n'"$good"
bad_case "something behind the end" "line" "column" -- "$good {}"
bad_case "not UTF-8" "line" "UTF-8" -- "$(with 'SYSTEM_OFF' $'\xff\xfe')"
bad_case "a list and not an object" "must be an object" -- "[]"
bad_case "nested without end" "levels" -- "$(printf '[%.0s' {1..50000})"

bad_case "an unknown key" "/deadline" "unknown key" "deadline_ms" -- "$(with '"status"' '"deadline": 2, "status"')"
bad_case "an unknown key in a vCPU" "/vcpus/0/entri" "unknown key" "entry" -- \
	"$(with '"guest": "system_off"' '"guest": "system_off", "entri": "_start"')"
bad_case "an unknown key in a step" "/steps/0/until_asleep" "unknown key" "until" -- \
	"$(with '"run": 0,' '"run": 0, "until_asleep": true,')"
bad_case "an unknown key in what is expected" "/steps/0/expect/typ" "unknown key" "type" -- \
	"$(with '"type"' '"typ": "x", "type"')"
bad_case "an unknown key of control characters and lines" "unknown key" -- \
	"$(with '"status"' '"\u001b[31m\n\r\u0007": 2, "status"')"
bad_case "an unknown value of control characters and lines" "/status" -- \
	"$(with '"required"' '"\u001b[2J\nrequired"')"
bad_case "a value of control characters that is quoted back" "/steps/0/expect/exit" -- \
	"$(with '"KVM_EXIT_SYSTEM_EVENT"' '"\u001b[2J\nKVM"')"
bad_case "a key that stands twice" '"title"' "twice" -- "$(with '"status"' '"title": "Again", "status"')"
bad_case "a key that stands twice in a step" '"get_mp_state"' "twice" "/steps/1" -- \
	"$(with '"get_mp_state": 0,' '"get_mp_state": 0, "get_mp_state": 1,')"
bad_case "a key that is missing" '"catches"' "missing" -- "$(with '"catches"' '"hurts"')"
bad_case "a key that is missing in a step" "/steps/0/expect" '"ndata"' "missing" -- "$(with ' "ndata": 1,' '')"

bad_case "a title that is a number" "/title" "must be a string" -- \
	"$(with '"SYSTEM_OFF ends KVM_RUN with a SHUTDOWN event"' 24)"
bad_case "rules that are no list" "/rules" "must be a list" -- "$(with '["SE-TST-01"]' '"SE-TST-01"')"
bad_case "a rule that is none" "/rules/0" "SE-OFF-01" -- "$(with 'SE-TST-01' 'SE-1')"
bad_case "a vCPU that is no object" "/vcpus/0" "must be an object" -- "$(with '{ "guest": "system_off" }' '"system_off"')"
bad_case "no vCPU" "/vcpus" "1 to" -- "$(with '{ "guest": "system_off" }' '')"
bad_case "a vCPU number that is a string" "/steps/0/run" "whole number" -- "$(with '"run": 0' '"run": "0"')"
bad_case "a vCPU number that is negative" "/steps/0/run" "whole number" -- "$(with '"run": 0' '"run": -1')"
bad_case "a vCPU number that is too large" "/steps/0/run" "whole number" -- "$(with '"run": 0' '"run": 1')"
bad_case "a count beyond all counts" "/steps/0/expect/ndata" "whole number" -- \
	"$(with '"ndata": 1' '"ndata": 99999999999999999999999999')"
bad_case "a register value that is a number" "/steps/0/expect/data/0" "must be a string" -- "$(with '["0x0"]' '[0]')"
bad_case "a register value of too many digits" "/steps/0/expect/data/0" "hexadecimal" -- \
	"$(with '"0x0"' '"0x00000000000000000"')"
bad_case "fewer words than ndata says" "/steps/0/expect/data" "ndata" -- "$(with '["0x0"]' '[]')"
bad_case "an action that is none" "/steps/0" "run" "kick" -- "$(with '"run": 0' '"runs": 0')"
bad_case "an event type that is none" "/steps/0/expect/type" "KVM_SYSTEM_EVENT_OFF" "KVM_SYSTEM_EVENT_" -- \
	"$(with 'KVM_SYSTEM_EVENT_SHUTDOWN' 'KVM_SYSTEM_EVENT_OFF')"
bad_case "a capability that is none" "/requires/capabilities/0" "KVM_CAP_NONE" -- \
	"$(with '"vcpus"' '"requires": { "capabilities": ["KVM_CAP_NONE"] }, "vcpus"')"
bad_case "a deadline of nothing" "/deadline_ms" "1 to 60000" -- "$(with '"status"' '"deadline_ms": 0, "status"')"
bad_case "a title that hedges" "/title" "should" -- "$(with 'ends' 'should end')"
bad_case "a hash that is none" "/spec/0/sentence" "12 hexadecimal digits" -- "$(with '000000000000' 'none')"
bad_case "a kick of a vCPU that never started" "/steps/1" "started" -- \
	"$(with '{ "get_mp_state": 0, "expect": { "mp_state": "KVM_MP_STATE_STOPPED" } }' \
		'{ "wait": 0, "for": "asleep" }')"

bad_case "an unknown guest" "/vcpus/0/guest" '"sytem_off"' -- "$(with '"system_off"' '"sytem_off"')"
bad_case "a guest that is a path" "/vcpus/0/guest" "guests/" -- "$(with '"system_off"' '"../agent"')"
bad_case "an unknown entry" "/vcpus/0/entry" '"beginning"' "label" -- \
	"$(with '"guest": "system_off"' '"guest": "system_off", "entry": "beginning"')"
bad_case "an unknown label in a register" "/steps/0/expect/regs/pc" '"behind_call"' "label" -- \
	"$(with 'after_call' 'behind_call')"
bad_case "an unknown label in a register to begin with" "/vcpus/0/regs/x0" '"behind_call"' "label" -- \
	"$(with '"guest": "system_off"' '"guest": "system_off", "regs": { "x0": "behind_call" }')"
bad_case "a register that is none" "/vcpus/0/regs" "x31" -- \
	"$(with '"guest": "system_off"' '"guest": "system_off", "regs": { "x31": "0x0" }')"

head -c 2000000 /dev/zero | tr '\0' ' ' >"$file"
refused "a case of 2 MB" "$file" "larger than" -- "${run[@]}"
rm -- "$file"
ln -s nowhere "$folder/event/dangling.json"
printf '%s' "$good" >"$file"
refused "with a dangling link beside it" "$work/no-kernel" -- "${run[@]}"
rm -- "$file" "$folder/event/dangling.json"

refused "a folder without cases" "$folder" "--cases" -- "${run[@]}"
printf '%s' "$good" >"$folder/loose.json"
refused "a folder with loose files only" "$folder" "--cases" -- "${run[@]}"
refused "no folder" "$work/nowhere" "--cases" -- run --cases "$work/nowhere" --json "$work/report.json"
refused "a file for a folder" "$folder/loose.json" "--cases" -- run --cases "$folder/loose.json"
refused "no folder to list" "$work/nowhere" "--cases" -- cases --cases "$work/nowhere"
refused "no folder to judge by" "$work/nowhere" "--cases" -- judge --cases "$work/nowhere" /dev/null

name=$("$exit24" cases | sed -n 1p)
name=${name%% *}
# the last letters are wrong
refused "a name with an error in it" "\"${name%??}xx\"" "$name" -- run "${name%??}xx" --json "$work/report.json"
refused "a glob that matches nothing" '"no_such_folder/*"' "exit24 cases" -- run 'no_such_folder/*' --json "$work/report.json"
refused "a glob among good ones" '"nothing/*"' -- run "${name%%/*}/*" 'nothing/*' --json "$work/report.json"
refused "a glob of a show" '"nothing/*"' -- cases show 'nothing/*'
refused "a glob of a list" '"nothing/*"' -- cases list 'nothing/*'
refused "an empty glob" '""' "exit24 cases" -- run "" --json "$work/report.json"

# Payloads: exit24 looks for them beside itself.
built=$(dirname -- "$exit24")
copy=$work/copy
mkdir -p "$copy/guests"
cp -- "$exit24" "$built/exit24-agent" "$copy"
cp -r -- "$testdata/cases" "$copy/cases"
small_kernel
no_kernel=(run --kernel "$work/no-kernel" --json "$work/report.json")

# bad_guest WHAT TEXT... -- COMMAND...: with the payloads as COMMAND changes them.
bad_guest() {
	local what=$1 wanted=() exit24=$copy/exit24
	shift
	while [[ $1 != -- ]]; do
		wanted+=("$1")
		shift
	done
	shift
	rm -rf -- "$copy/guests"
	mkdir -- "$copy/guests"
	cp -- "$built"/guests/*.{bin,sym} "$copy/guests"
	"$@"
	refused "$what" "${wanted[@]}" -- "${no_kernel[@]}"
}
bin=$copy/guests/system_off.bin
sym=$copy/guests/system_off.sym
most=$(sed -n 's/^#define EXIT24_PAYLOAD_MAX[[:blank:]]*//p' "$source_root/guests/include/contract.h")

bad_guest "in a copied tree it is the kernel that is missed" "$work/no-kernel" -- :
bad_guest "a payload that is too big" "$bin" "at most $((most))" -- truncate -s 1000000 "$bin"
bad_guest "a payload that is huge" "$bin" -- truncate -s 1T "$bin"
bad_guest "a payload that is one instruction too big" "$bin" "at most $((most))" -- truncate -s "$((most + 4))" "$bin"
bad_guest "a payload that is no whole number of instructions" "$bin" "7 bytes" -- truncate -s 7 "$bin"
bad_guest "an empty payload" "$bin" "0 bytes" -- truncate -s 0 "$bin"
bad_guest "a payload that is missing" "$bin" "build it" -- rm -- "$bin"
bad_guest "a payload that is a folder" "$bin" "directory" -- ln -sf . "$bin"
bad_guest "a payload whose symbols are missing" "$sym" "build it" -- rm -- "$sym"
bad_guest "symbols that are none" "$sym" "nm" -- cp -- "$testdata/records.jsonl" "$sym"
bad_guest "symbols of control characters" "$sym" "nm" -- cp -- "$bin" "$sym"
bad_guest "symbols without the entry" "/vcpus/0/entry" "_start" -- truncate -s 0 "$sym"
bad_guest "the agent's own payload is missing" "psci_call.bin" "build it" -- rm -- "$copy/guests/psci_call.bin"
no_kernel=("${with_kernel[@]}")
bad_guest "the agent is cut off" "exit24-agent" "500000 bytes" "build it again" -- truncate -s 500000 "$copy/exit24-agent"
cp -- "$built/exit24-agent" "$copy/exit24-agent"
printf '\x3e' | dd of="$copy/exit24-agent" bs=1 seek=18 conv=notrunc status=none # e_machine: x86-64
bad_guest "the agent is another machine's program" "exit24-agent" "build it again" -- :
bad_guest "the agent is missing" "exit24-agent" "build" -- rm -- "$copy/exit24-agent"

# The list of known failures
list=$work/known.json
bad_list() {
	local what=$1 wanted=()
	shift
	while [[ $1 != -- ]]; do
		wanted+=("$1")
		shift
	done
	printf '%s' "$2" >"$list"
	refused "$what" "$list" "${wanted[@]}" -- "${run[@]}" --known-failures "$list"
}
printf '%s' "$good" >"$file"
entry='{"case": "event/bad", "verdict": "hang", "when": {"release": "7.*"}, "reason": "r"}'
bad_list "a list of known failures that is no JSON" "line 1" -- "known"
bad_list "one without a list" "known_failures" "missing" -- "{}"
bad_list "one with an unknown condition" "/known_failures/0/when/kernel" "unknown key" -- \
	"{\"known_failures\": [${entry/release/kernel}]}"
bad_list "one with a verdict that is no failure" "/known_failures/0/verdict" "hang" -- \
	"{\"known_failures\": [${entry/\"hang\"/\"pass\"}]}"
bad_list "one with a case that is not there" "/known_failures/0/case" "event/gone" "take the entry off" -- \
	"{\"known_failures\": [${entry/event\/bad/event/gone}]}"
printf '{"known_failures": [%s]}' "$entry" >"$list"
refused "with a good one it is the kernel that is missed" "$work/no-kernel" -- "${run[@]}" --known-failures "$list"

finish

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_bad_recordings.sh EXIT24
#
# Recordings that exit24 refuses to judge, and places where it cannot write. The recording that is spoilt here is
# made from testdata/records.jsonl; it fits the cases in testdata/cases.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

good=$work/good.jsonl
file=$work/bad.jsonl
records=$testdata/records.jsonl
judge=(judge --cases "$testdata/cases" --json "$work/report.json")
tool frame <"$records" >"$good"

try "$exit24" "${judge[@]}" "$good"
is "the good recording is judged: one case passes, one fails" \
	"$status $(tool verdicts "$work/report.json" | cut -f 3 | tr '\n' ' ')" "1 pass fail "

# bad_recording WHAT TEXT...: $file is refused by name, for each TEXT.
bad_recording() {
	refused "$1" "$file" "${@:2}" -- "${judge[@]}" "$file"
}

# with WHAT TEXT... -- SED: the records changed by a sed script, with good checksums, are refused.
with() {
	local what=$1 wanted=()
	shift
	while [[ $1 != -- ]]; do
		wanted+=("$1")
		shift
	done
	sed -- "$2" "$records" | tool frame >"$file"
	if cmp -s -- "$good" "$file"; then
		bad "$what" "sed changes nothing"
		return
	fi
	bad_recording "$what" "${wanted[@]}"
}

rm -f -- "$file"
bad_recording "no file"
refused "a folder" "$work" "directory" -- "${judge[@]}" "$work"
: >"$file"
bad_recording "an empty file" "empty"
printf '\n\n' >"$file"
bad_recording "empty lines" "empty"
echo "PASS everything" >"$file"
bad_recording "a text" ":1:" "not a line of an exit24 recording"
cp -- "$records" "$file"
bad_recording "records without checksums" ":1:"
cp -- "$exit24" "$file"
bad_recording "a program" ":1:"
truncate -s 1T "$file"
bad_recording "a huge file"
rm -- "$file"
printf '{"seq":%s\n' "$(printf '[%.0s' {1..100000})" >"$file"
bad_recording "nested without end" ":1:"
"$exit24" judge --cases "$testdata/cases" --json "$work/r.json" "$good" >/dev/null || true
cp -- "$work/r.json" "$file"
bad_recording "a report in place of a recording" ":1:" "not a line of an exit24 recording"

# One byte in the middle: in a key, in the page of kvm_run, in a checksum
lines=$(wc -l <"$good")
size=$(stat -c %s "$good")
for at in 400 $((size / 2)) $((size - 9)); do
	cp -- "$good" "$file"
	printf '~' | dd of="$file" bs=1 seek="$at" conv=notrunc status=none
	line=$(($(head -c "$at" "$good" | wc -l) + 1))
	bad_recording "torn at byte $at" ":$line:" "torn" "again"
done
sed '4s/18 00\*3/19 00*3/' "$good" >"$file"
bad_recording "another exit reason written in" ":4:" "torn" "again"
sed '4{h;d};5{G}' "$good" >"$file"
bad_recording "two lines exchanged" ":5:"
sed '4p' "$good" >"$file"
bad_recording "a line twice" ":5:"
sed '1d' "$good" >"$file"
bad_recording "without its first line" ":1:"
sed '3s/$/\r/' "$good" >"$file"
try "$exit24" "${judge[@]}" "$file"
is "a carriage return at the end of a line does no harm" "$status" 1
# A session leaves out what was torn on the way and has it run again, so a gap alone is no damage.
for gone in 3 4 5 6; do
	sed "${gone}d" "$good" >"$file"
	try "$exit24" "${judge[@]}" "$file"
	is "without line $gone its case is in error and the other one is what it was" \
		"$(tool verdicts "$work/report.json" | cut -f 2,3 | tr '\t\n' '  ')" \
		"event/off-reports-shutdown error event/reset-reports-reset fail "
done
for n in 1 2 4 $((lines - 2)) $((lines - 1)); do
	head -n "$n" "$good" >"$file"
	bad_recording "the first $n of $lines lines" ":$n:" "stops" "again"
done
head -c -20 "$good" >"$file"
bad_recording "the last line cut" ":$lines:" "torn" "again"
{ cat "$good"; echo "something else"; } >"$file"
bad_recording "something behind the end" ":$((lines + 1)):"
cat "$good" "$good" >"$file"
try "$exit24" "${judge[@]}" "$file"
is "two recordings in one file are two boots, or refused" "$((status == 1 || status == 2))" 1

with "an unknown case" "event/no-such-case" "--cases" -- 's,event/reset-reports-reset,event/no-such-case,'
with "another build of a guest" '"system_off"' "again" -- '1s,"guests": {},"guests": {"system_off": "00"},'
with "an agent of another version" ":2:" "/hello" "version" -- '2s/"protocol": 1/"protocol": 999/'
with "a page that is too short" ":4:" "/page" "2352" -- '4s/a5\*2040/a5*2039/'
with "a page that is too long" ":4:" "/page" -- '4s/a5\*2040/a5*99999999999999/'
with "a page that is none" ":4:" "/page" -- '4s/a5\*2040/zz*2040/'
with "a register that is none" ":4:" "/regs" -- '4s/"pc"/"pcc"/'
with "a register that is no number" ":4:" "/regs/pc" -- '4s/"0x4000000c"/"0x4000000g"/'
with "an MP state that is a text" ":4:" "/mp_states/0" -- '4s/\[5\]/["5"]/'
with "a step that is a text" ":4:" "/step" -- '4s/"step": 0/"step": "0"/'
with "a line of no kind" ":4:" -- '4s/.*/{"hullo": 1}/'
with "an end that is none" ":$lines:" "/boot_end" -- 's/"complete"/"finished"/'
with "a second boot in the first" ":3:" "boot" -- '3{h;s/.*/{"boot":{"cases":[],"guests":{}}}/;p;g}'
with "a boot without its cases" ":1:" '"cases"' -- '1s/"cases"/"casing"/'
with "control characters in the name of a case" "--cases" -- \
	's,event/reset-reports-reset,event/\\u001b[2J\\nreset,'
: >"$file"
refused "the second of two recordings is bad" "$file" -- "${judge[@]}" "$good" "$file"

# Places to write to
report=$work/report.json
small_kernel
echo "text" >"$work/text"
ln -s "$work/nowhere/report.json" "$work/dangling"
for verb in run judge; do
	if [[ $verb == run ]]; then
		command=("${with_kernel[@]:0:5}")
	else
		command=("${judge[@]:0:3}" "$good")
	fi
	refused "$verb: a report in a folder that is not there" "$work/nowhere/r.json" "No such file" -- \
		"${command[@]}" --json "$work/nowhere/r.json"
	refused "$verb: a report below a file" "$work/text/r.json" "Not a directory" -- \
		"${command[@]}" --json "$work/text/r.json"
	refused "$verb: a report in place of a folder" "$work" "directory" -- "${command[@]}" --json "$work"
	refused "$verb: a report with a name that is too long" "too long" -- \
		"${command[@]}" --json "$work/$(printf 'r%.0s' {1..255})"
	refused "$verb: a report behind a link to nowhere" "$work/dangling" -- "${command[@]}" --json "$work/dangling"
	refused "$verb: a report without a name" "--json" -- "${command[@]}" --json ""
done
refused "recordings below a file" "$work/text/recordings" "ot a directory" -- \
	"${with_kernel[@]}" --recordings "$work/text/recordings"
refused "recordings in place of a file" "$work/text" "ot a directory" -- \
	"${with_kernel[@]}" --recordings "$work/text"
refused "recordings without a name" "--recordings" -- "${with_kernel[@]}" --recordings ""
is "what stood there has not changed" "$(<"$work/text")" "text"

echo "old" >"$report"
try "$exit24" judge --cases "$testdata/cases" --json "$report" "$file"
is "a refused recording leaves the old report alone" "$status $(<"$report")" "2 old"
rm -- "$report"
if [[ $EUID -ne 0 ]]; then
	mkdir -m 555 "$work/locked"
	refused "a report in a locked folder" "$work/locked/r.json" "Permission" -- \
		"${judge[@]:0:3}" "$good" --json "$work/locked/r.json"
else
	note "this is root, for whom no folder is locked: that part is left out"
fi

try "$exit24" judge --cases "$testdata/cases" --json /dev/full "$good"
is "a disk that is full when the report is written" "$status $(<"$err")" \
	"3 exit24: cannot write /dev/full: No space left on device"
try "$exit24" judge --cases "$testdata/cases" --json /dev/null "$good"
is "a report to /dev/null is no error" "$status" 1
# As /dev/stdout is; that one is not touched, since a program that goes wrong here may replace it.
ln -s /proc/self/fd/1 "$work/stdout"
try "$exit24" judge --cases "$testdata/cases" --json "$work/stdout" "$good"
is "a report to the standard output is there, and the link to it still is one" \
	"$(grep -c '"report": 1' "$out") $(readlink -- "$work/stdout")" "1 /proc/self/fd/1"
echo "old" >"$report"
ln -s report.json "$work/link"
try "$exit24" judge --cases "$testdata/cases" --json "$work/link" "$good"
is "a report through a link goes to the file behind it" \
	"$(grep -c '"report": 1' "$report") $(readlink -- "$work/link")" "1 report.json"
for verb in "judge --cases $testdata/cases $good" "cases" "cases show system_off/*"; do
	# shellcheck disable=SC2086 # these are words
	try bash -c '"$@" >/dev/full' - "$exit24" $verb
	holds "exit24 ${verb%% /*} >/dev/full is noticed, status $status" test "$status" -eq 3
done

finish

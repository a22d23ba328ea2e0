#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/machine/test_session.sh EXIT24
#
# What comes out of a machine is torn, mixed with something else, or not there. The machine is a program that
# takes QEMU's arguments and plays back lines, those of ../cli/testdata/records.jsonl with something done to
# them, so no kernel is booted and nothing here depends on time.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"
records=$source_root/harness/cli/testdata/records.jsonl
report=$work/report.json
small_kernel
run=(env "PLAY=$work/play" "$exit24" run --mode nvhe --cases "$source_root/harness/cli/testdata/cases" "${with_kernel[@]:1}"
	--recordings "$work/recordings")

# In boot N it plays the file $PLAY/N to the port and $PLAY/N.console to the console, and ends; with $PLAY/N.stays
# it has to be ended.
cat >"$work/qemu" <<'end'
#!/usr/bin/env bash
if [[ $1 == --version ]]; then
	echo "QEMU emulator version 0"
	exit
fi
for argument; do
	case $argument in
	file,id=recording,path=*) port=${argument#*path=} ;;
	file:*) console=${argument#file:} ;;
	esac
done
boot=1
while [[ -e $PLAY/$boot.played ]]; do
	boot=$((boot + 1))
done
: >"$PLAY/$boot.played"
[[ ! -e $PLAY/$boot.console ]] || cat "$PLAY/$boot.console" >"$console"
[[ ! -e $PLAY/$boot ]] || cat "$PLAY/$boot" >"$port"
[[ ! -e $PLAY/$boot.stays ]] || exec sleep 600
exit 0
end

# The agent's lines of a boot: hello, both cases, done
tool frame <"$records" | sed '1d;$d' >"$work/lines"
off=event/off-reports-shutdown
reset=event/reset-reports-reset

# only CASE: the agent's lines of a boot in which just that case is left
only() {
	{ sed -n 1p "$records"; grep -e '"hello"' -e "\"$1\", " -e '"done"' "$records" | grep -v '"boot"'; } |
		tool frame | sed 1d
}

# play WHAT WANT: runs what is in $work/play; the verdicts must be WANT, and the recording must give them again.
play() {
	try "${run[@]}"
	is "$1" "$(tool verdicts "$report" 2>/dev/null | cut -f 3 | tr '\n' ' ')$(
		tool get "$report" cells 0 boots 2>/dev/null | grep -o '"end"' | wc -l) boots, status $status" "$2"
	if [[ -e $report ]]; then
		tool verdicts "$report" | cut -f 2- >"$work/live"
		try "$exit24" judge --cases "${run[6]}" --json "$report" "$work"/recordings/*.jsonl
		is "$1: its recording gives the same" "$(tool verdicts "$report" | cut -f 2- | diff - "$work/live")" ""
	fi
	rm -rf -- "$report" "$work/recordings" "$work/play"
	mkdir -- "$work/play"
}
mkdir -- "$work/play"
first=$work/play/1
second=$work/play/2

cp -- "$work/lines" "$first"
play "whole lines" "pass fail 1 boots, status 1"
cp -- "$work/lines" "$first.console"
play "whole lines on the console" "pass fail 1 boots, status 1"

# Noise
sed 's/^/[    0.500000] a message of the kernel/' "$work/lines" >"$first.console"
play "a message in front of each line" "pass fail 1 boots, status 1"
sed 's/$/\r\n[    0.5] CPU: 0 PID: 1 {"seq" is not a record\r/' "$work/lines" >"$first.console"
play "a message after each line" "pass fail 1 boots, status 1"
sed 's/$/\n\x00\x01\xff\xfe{{{[[["seq":\x1b[2J/' "$work/lines" >"$first"
play "bytes of any kind between the lines" "pass fail 1 boots, status 1"
{ head -c 3000000 /dev/zero; echo; cat "$work/lines"; } >"$first"
play "3 MB without a line end before them" "pass fail 1 boots, status 1"
sed p "$work/lines" >"$first"
play "each line twice" "pass fail 1 boots, status 1"
{ cat "$work/lines"; cat "$work/lines"; } >"$first"
play "all lines twice" "pass fail 1 boots, status 1"

# Lost lines. A case of which one was lost is run again, the other is not.
for line in 3 4 5; do
	sed "${line}s/......\$//" "$work/lines" >"$first"
	only $off >"$second"
	play "line $line is torn" "pass fail 2 boots, status 1"
	sed "${line}d" "$work/lines" >"$first"
	only $off >"$second"
	play "line $line is lost" "pass fail 2 boots, status 1"
	sed "${line}s/\"ns\":[0-9]/\"ns\":x/" "$work/lines" >"$first"
	only $off >"$second"
	play "a byte of line $line is another one" "pass fail 2 boots, status 1"
done
sed '2d' "$work/lines" >"$first"
only $off >"$second"
play "the beginning of a case is lost" "pass fail 2 boots, status 1"
sed '3{N;s/\n//}' "$work/lines" >"$first"
only $off >"$second"
play "two lines run into each other" "pass fail 2 boots, status 1"
sed '3s/......$//;7s/......$//' "$work/lines" >"$first"
cp -- "$work/lines" "$second"
play "a line of each case is torn" "pass fail 2 boots, status 1"
for boot in 1 2; do
	sed '3s/......$//' "$work/lines" >"$work/play/$boot"
done
only $off | sed '3s/......$//' >"$second"
play "a line of one case is torn twice" "error fail 2 boots, status 1"

# What the target is was not heard, so what it did cannot be judged.
sed 1d "$work/lines" >"$first"
cp -- "$work/lines" "$second"
play "the agent's first line is lost" "pass fail 2 boots, status 1"
sed '1s/......$//' "$work/lines" >"$first"
cp -- "$work/lines" "$second"
play "the agent's first line is torn" "pass fail 2 boots, status 1"
sed '2s/"protocol": 1/"protocol": 2/' "$records" | tool frame | sed '1d;$d' >"$first"
cp -- "$first" "$second"
play "an agent of another version" "error error 2 boots, status 3"

# The end
sed '$d' "$work/lines" >"$first"
play "the agent's last line is lost" "pass fail 1 boots, status 1"
head -n 3 "$work/lines" >"$first"
only $reset >"$second"
play "it ends in the middle of a case" "error fail 2 boots, status 1"
head -n 5 "$work/lines" | sed '5s/......$//' >"$first"
cp -- "$work/lines" "$second"
play "it ends in the middle of a case, with a torn line" "pass fail 2 boots, status 1"
head -n 1 "$work/lines" >"$first"
cp -- "$work/lines" "$second"
play "it ends before the first case" "pass fail 2 boots, status 1"
play "it says nothing, twice" "error error 2 boots, status 3"
head -n 3 "$work/lines" >"$first"
printf '[ 1.0] Internal error: Oops: 96000004\r\n[ 1.1] Kernel panic - not syncing: Oops: Fatal exception\r\n' >"$first.console"
only $reset >"$second"
play "it panics in the middle of a case" "crash fail 2 boots, status 1"
head -n 3 "$work/lines" >"$first"
awk 'BEGIN { for (n = 0; n < 100000; n++) print "[    1.000000] the kernel says this without end" }' >"$first.console"
: >"$first.stays"
only $reset >"$second"
play "it fills the console" "crash fail 2 boots, status 1"

# Good checksums over strange records
strange() {
	local what=$1 want=$2
	sed "$3" "$records" | tool frame | sed '1d;$d' >"$first"
	cp -- "$work/lines" "$second"
	play "$what" "$want"
}
strange "a case that nobody asked for" "pass fail 1 boots, status 1" \
	'6{p;s,.*,{"case": "event/none"\, "begin": true},;p;s/"begin"/"end"/;s/}/, "ns": 1}/}'
strange "records of no kind" "pass fail 1 boots, status 1" '6{p;s/.*/{"hullo": {"case": [1, 2]}}/}'
strange "a name that is no text" "pass fail 1 boots, status 1" '6{p;s/.*/{"case": 24, "begin": true}/}'
strange "a second beginning of a machine" "pass fail 1 boots, status 1" \
	'6{p;s/.*/{"boot_end": {"kind": "finished", "reason": "", "console": ""}}/}'

# A kernel that calls itself something that is no file name
for name in '../../../escape' $'6.1\x1b[31m'; do
	python3 - "$work/Image" "$name" <<'end'
import sys
image = open(sys.argv[1], "r+b")
image.seek(image.read().index(b"Linux version ") + 14)
image.write(b"1" + sys.argv[2].encode() + b" ")
end
	cp -- "$work/lines" "$first"
	try "${run[@]}"
	is "a kernel of the name $(printf %q "1$name") is judged, and nothing is written elsewhere" \
		"$status $(find "$work" -name '*.jsonl' ! -path "$work/recordings/*")" "1 "
	is "its recording is in the folder for it, and the output is plain" \
		"$(find "$work/recordings" -maxdepth 1 -name '*.jsonl' | wc -l) $(LC_ALL=C tr -d '\n\40-\176\200-\377' <"$out" | wc -c)" "1 0"
	rm -rf -- "$report" "$work/recordings" "$work/play"
	mkdir -- "$work/play"
	tool image >"$work/Image"
done

# Two kernels that have the same name: neither recording takes the place of the other.
cp -- "$work/Image" "$work/Image.2"
cp -- "$work/lines" "$first"
only $off >"$second"
try "${run[@]}" -j 1 --kernel "$work/Image.2"
is "two kernels of the same name have two recordings, or are refused" \
	"$([[ $status == 2 || $(find "$work/recordings" -name '*.jsonl' | wc -l) == 2 ]] && echo yes)" yes

finish

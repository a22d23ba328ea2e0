#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/machine/test_interrupted.sh EXIT24
#
# What happens to exit24 from outside: its QEMU is killed, it is interrupted itself, its disk is full.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"
kernels
report=$work/report.json
cases=$testdata/cases
kernel=${kernels[-1]}
run=("$exit24" run --kernel "$kernel" --mode nvhe --json "$report" --recordings "$work/recordings"
	--cases "$cases" 'good/*' 'still/*')
# good/second stands still, so that there is time to do something in the middle of it.
slow=(--append exit24.fault=silence@good/second)

verdicts() {
	tool verdicts "$report" | awk -F '\t' '{ printf "%s %s, ", $2, $3 }'
}
# shellcheck disable=SC2317 # wait_until calls them
qemu_is_there() {
	qemu=$(children_of "$pid") && [[ $qemu ]] && ls "$TMPDIR"/exit24-*/recording >/dev/null 2>&1
}
# shellcheck disable=SC2317
second_has_begun() {
	# in the file of the port, or of the console where the kernel has no driver for it
	grep -qsF '"case":"good/second","begin"' "$TMPDIR"/exit24-*/recording "$TMPDIR"/exit24-*/console
}
begin_and_stand_still() {
	rm -rf -- "$report" "$work/recordings"
	start "$@" "${slow[@]}"
	wait_until 120 second_has_begun || bad "good/second begins"
	qemu=$(children_of "$pid")
}

try "${run[@]}"
is "without a disturbance" "$status $(verdicts)" "0 good/first pass, good/second pass, still/goes-on pass, "

# QEMU is killed in the middle of a case, and before there is any.
begin_and_stand_still "${run[@]}"
kill -KILL "$qemu"
end 120
is "QEMU is killed in the middle of a case: the status" "$(sed 's/^[13]$/1 or 3/' <<<"$status")" "1 or 3"
is "that case is in error or has crashed, the other ones pass" "$(verdicts | sed 's/ crash,/ error,/')" \
	"good/first pass, good/second error, still/goes-on pass, "
is "and the reason says so" "$(tool case "$report" good/second reason)" "QEMU ended with signal 9 (Killed)"
has "as does the output" "$out" "QEMU ended with signal 9 (Killed)" "good/second"
try "$exit24" judge --cases "$cases" --json "$report" "$work"/recordings/*.jsonl
is "the recording is whole" "$(verdicts | sed 's/ crash,/ error,/')" \
	"good/first pass, good/second error, still/goes-on pass, "

rm -rf -- "$report" "$work/recordings"
start "${run[@]}"
wait_until 30 qemu_is_there || bad "QEMU is started"
kill -KILL "$qemu"
end 120
is "QEMU is killed before the kernel has booted: a second boot gives all results" "$status $(verdicts)" \
	"0 good/first pass, good/second pass, still/goes-on pass, "
has "and the output says so" "$out" "QEMU ended with signal 9 (Killed)" "boot 2"

# exit24 is interrupted. It stops quickly, with what it has, and leaves nothing behind.
for signal in INT TERM HUP; do
	begin_and_stand_still "${run[@]}"
	before=$(date +%s%N)
	kill -"$signal" "$pid"
	end 60
	ms=$((($(date +%s%N) - before) / 1000000))
	is "SIG$signal in the middle of a case: the status" "$status" 130
	is "SIG$signal: it took $ms ms, which is less than 5 s" "$((ms < 5000))" 1
	holds "SIG$signal: its QEMU has ended" wait_until 2 gone "$qemu"
	is "SIG$signal: nothing is left behind" "$(ls -A "$TMPDIR")" ""
	has "SIG$signal: it says so" "$err" "exit24: interrupted"
	is "SIG$signal: the report has what there was by then" \
		"$([[ ! -e $report ]] || verdicts)" "good/first pass, good/second error, still/goes-on error, "
	kill -KILL "$qemu" 2>/dev/null || true
	rm -rf -- "$TMPDIR"/exit24-*
done

rm -rf -- "$report" "$work/recordings"
start "${run[@]}" --mode vhe -j 2
wait_until 30 qemu_is_there || bad "QEMU is started"
kill -INT "$pid"
end 60
is "SIGINT while two kernels boot: the status" "$status" 130
is "nothing is left behind" "$(ls -A "$TMPDIR")" ""
for process in $qemu; do
	holds "its QEMU $process has ended" wait_until 2 gone "$process"
done

begin_and_stand_still "${run[@]}"
kill -INT "$pid"
kill -INT "$pid" 2>/dev/null || true
end 60
is "SIGINT twice: it ends" "$([[ $status == 130 ]] && echo yes || echo "no, $status")" yes
kill -KILL "$qemu" 2>/dev/null || true
rm -rf -- "$TMPDIR"/exit24-*

begin_and_stand_still "${run[@]}"
kill -KILL "$pid"
end 60
holds "exit24 is killed: its QEMU does not go on without it" wait_until 5 gone "$qemu"
kill -KILL "$qemu" 2>/dev/null || true
rm -rf -- "$TMPDIR"/exit24-* # nobody was there to do it

# The disk is full: a small one, in a mount namespace of its own, which goes with the process.
full=$work/full
mkdir -- "$full"
new_space=(unshare --mount)
((EUID == 0)) || new_space=(unshare --user --map-root-user --mount)
# with_disk SIZE COMMAND...
with_disk() {
	# shellcheck disable=SC2016 # it is the inner shell's
	try "${new_space[@]}" sh -c 'mount -t tmpfs -o "size=$2" tmpfs "$1" || exit 99; TMPDIR=$1; shift 2; "$@"' \
		sh "$full" "$@"
}
with_disk 64k true
if ((status == 0)); then
	with_disk 64k "${run[@]}"
	is "no room for the initramfs: the status, and the verdicts" "$status $(verdicts)" \
		"3 good/first error, good/second error, still/goes-on error, "
	has "it says which file has no room" "$out" "$full/exit24-" "No space left on device"
	is "and leaves nothing behind" "$(ls -A "$full")" ""

	# QEMU comes when the initramfs is there; this one takes the rest of the disk but for a few bytes.
	cat >"$work/greedy" <<end
#!/bin/sh
[ "\$1" = --version ] || {
	head -c 100000000 /dev/zero >"$full/filler" 2>/dev/null
	truncate -s -\$KEEP "$full/filler"
}
exec qemu-system-aarch64 "\$@"
end
	chmod +x "$work/greedy"
	for keep in 0 8192; do
		rm -rf -- "$report" "$work/recordings"
		KEEP=$keep with_disk 8m "${run[@]:0:10}" --qemu "$work/greedy" 'system_off/*' --cases "$source_root/cases"
		is "no room for the recording but for $keep bytes: the status" "$status" 3
		is "nothing is judged that was not seen in whole" \
			"$(tool verdicts "$report" | cut -f 3 | grep -vx 'error\|pass')" ""
		has "it says what to do" "$out" "no space is left in $full/exit24-" "TMPDIR"
	done
else
	note "this user cannot mount a tmpfs, so no disk was full"
fi

try env TMPDIR="$work/nowhere" "${run[@]}"
is "TMPDIR that is not there: the status" "$((status == 2 || status == 3))" 1
cat "$out" "$err" >"$work/said"
has "it says so" "$work/said" "$work/nowhere"
long=$work/$(printf 'long%.0s' {1..20})
mkdir -- "$long"
try env TMPDIR="$long" "${run[@]}"
is "TMPDIR that is too long for a socket: the status" "$((status == 2 || status == 3))" 1
cat "$out" "$err" >"$work/said"
has "it says so and what to do" "$work/said" "TMPDIR" "too long" "shorter"

finish

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/machine/test_lab.sh EXIT24
#
# All cases on every kernel of EXIT24_KERNELS in both modes: what passes, what is skipped and why, that a second
# run records the same bytes, and that an old recording gives the same verdicts. Then the other ways in: packed
# images, a kernel without the virtio port, without KVM, and in another mode than the one asked for.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"
kernels
report=$work/report.json
modes=(nvhe vhe)

# Every case passes, but for those whose requirements the target does not meet, by what it says about itself.
arguments=()
for kernel in "${kernels[@]}"; do
	arguments+=(--kernel "$kernel")
done
limit=900 try "$exit24" run "${arguments[@]}" --json "$report" --recordings "$work/first"
is "all cases on ${#kernels[@]} kernels in both modes: the status" "$status" 0
tool verdicts "$report" >"$work/verdicts"
is "there is a cell for each kernel and mode" \
	"$(cut -f 1 "$work/verdicts" | uniq | wc -l)" $((${#kernels[@]} * ${#modes[@]}))
is "each case passes, is known to fail, or is skipped where the target lacks what it requires" \
	"$(cut -f 1-3 "$work/verdicts" | diff - <(tool expected "$report" "$source_root/cases"))" ""
one='(register [a-z0-9_]+|KVM_CAP_[A-Z0-9_]*|KVM_ARM_VM_[A-Z0-9_]*|PSCI [0-9]+\.[0-9]+|PSCI over SMC|in-kernel GICv[23]|protected VMs)'
lacks="lacks ($one)(, ($one))*"
other="is for kernels without ($one)(, ($one))*"
is "each skip names what is missing" \
	"$(awk -F '\t' '$3 == "skip"' "$work/verdicts" | cut -f 4 | grep -vE "^($lacks|$lacks, and $other|$other)\$")" ""
is "in every cell something passes" "$(awk -F '\t' '$3 == "pass" { print $1 }' "$work/verdicts" | uniq)" \
	"$(cut -f 1 "$work/verdicts" | uniq)"
for ((cell = 0; cell < ${#kernels[@]} * ${#modes[@]}; cell++)); do
	is "$(tool get "$report" cells $cell cell) runs in the mode that it says, emulated, in one boot" \
		"$(tool get "$report" cells $cell environment kvm_mode) $(
			tool get "$report" cells $cell environment machine emulated) $(tool get "$report" cells $cell boots)" \
		"${modes[cell % 2]} true [{\"end\": \"complete\", \"reason\": \"\"}]"
done
is "stderr has nothing but signs of life" "$(grep -v '^   [^ ]' "$err")" ""

# What is kept of three kernels
try "$exit24" report "$source_root"/reports/baselines/*.json --as baseline -o "$work/baseline.json"
is "the baselines are reports" "$status" 0
try "$exit24" diff "$work/baseline.json" "$report"
is "nothing is worse than in the baselines" "$status $(grep -c '^newly failing' "$out")" "0 0"

# The same bytes again, and with other work on the machine, which the lab's clock does not see. QEMU keeps that
# promise but for about one run in 200 on a busy machine, so two runs of three decide.
timeout 300 sh -c 'while :; do :; done' &
pid=$!
limit=900 try "$exit24" run "${arguments[@]}" --recordings "$work/second"
kill "$pid"
pid=
if ! diff -rq "$work/first" "$work/second"; then
	for file in "$work"/first/*; do
		other=$work/second/${file##*/}
		diff -- "$file" "$other" | cut -c 1-2000 | head -n 6 || true
	done
	note "a second run recorded something else; a third one decides"
	limit=900 try "$exit24" run "${arguments[@]}" --recordings "$work/third"
	for file in "$work"/third/*; do
		if cmp -s -- "$file" "$work/second/${file##*/}"; then
			cp -- "$file" "$work/first"
		else
			cp -- "$file" "$work/second"
		fi
	done
fi
is "a second run, on a busy machine, records the same bytes" "$(diff -rq "$work/first" "$work/second")" ""

try "$exit24" judge "$work"/first/*.jsonl --json "$work/again.json"
is "the recordings are judged again: the status" "$status" 0
is "the verdicts are those of the run" \
	"$(tool verdicts "$work/again.json" | LC_ALL=C sort | diff - <(LC_ALL=C sort "$work/verdicts"))" ""

# difference: between the verdicts of the last run, which was of these cases, and those of the first
globs=('system_off/*' 'vcpus/*')
some='system_off/|vcpus/'
difference() {
	tool verdicts "$report" | diff - <(
		grep -F "$(tool get "$report" cells 0 cell)"$'\t' "$work/verdicts" | grep -E $'\t'"($some)")
}

# other WHAT ARGUMENT...: another way to run these cases in one mode, which must come out as it did above
first=${kernels[0]}
other() {
	local what=$1
	shift
	try "$exit24" run --mode nvhe --json "$report" "$@" "${globs[@]}"
	is "$what: the verdicts are the same" "$status $(difference)" "0 "
}
last=${kernels[-1]}
gzip -1 <"$last" >"$work/Image.gz"
other "a gzip image" --kernel "$work/Image.gz"
rm -- "$work/Image.gz"
tool zboot "$last" >"$work/vmlinuz.efi"
other "an EFI zboot image" --kernel "$work/vmlinuz.efi"
rm -- "$work/vmlinuz.efi"
ln -s "$first" "$work/an image's \$(name) with blanks"
other "an image with a strange name" --kernel "$work/an image's \$(name) with blanks"

# A QEMU without the port: the agent has only the console to write to, as with a kernel that has no driver for it.
qemu=$(command -v qemu-system-aarch64)
cat >"$work/no-port" <<end
#!/usr/bin/env bash
arguments=()
while ((\$# > 0)); do
	case \$2 in
	virtio-serial-pci* | virtserialport*) shift 2 ;;
	*) arguments+=("\$1"); shift ;;
	esac
done
exec "$qemu" "\${arguments[@]}"
end
chmod +x "$work/no-port"
other "a machine without the port" --kernel "$first" --qemu "$work/no-port"

# The kernel talks between the lines then. A line that it spoils may cost a result, but never change it.
try "$exit24" run --mode nvhe --json "$report" --kernel "$first" --qemu "$work/no-port" --append ignore_loglevel \
	"${globs[@]}"
is "the same with a kernel that talks: nothing fails" \
	"$(tool verdicts "$report" | cut -f 3 | sort -u | grep -vx 'pass\|skip\|error\|known-fail')" ""
is "nor is anything lost" "$status $(difference)" "0 "

# Nothing to judge
try "$exit24" run --kernel "$first" --json "$report" --append kvm-arm.mode=none
is "a kernel with its KVM switched off: the status, and the verdicts" \
	"$status $(tool verdicts "$report" | cut -f 3 | sort -u)" "3 error"
is "one sentence says so" "$(tool verdicts "$report" | cut -f 4 | sort -u)" \
	"the target has no usable KVM: open(/dev/kvm): No such file or directory"
is "it stands in the output once for each mode" "$(grep -c 'no usable KVM' "$out")" 2
try "$exit24" run --kernel "$first" --json "$report" --mode vhe --cpu cortex-a57 "${globs[@]}"
is "a processor that cannot do the mode: the status, and the verdicts" \
	"$status $(tool verdicts "$report")" "3 "
is "the report says why" "$(tool get "$report" cells 0 skip)" \
	"mode vhe was asked for, but this kernel runs KVM in mode nvhe there"
is "so does one line of the output" "$(grep -c 'SKIP .*the whole mode: mode vhe was asked for' "$out")" 1
has "and the summary" "$out" "1 of 1 modes skipped"

# Every mode: what this kernel gives passes, and of each other one line says why it does not.
limit=900 try "$exit24" run --kernel "$first" --json "$report" --mode all "${globs[@]}"
is "all modes: the status" "$status" 0
is "each mode is told of" "$(tool modes "$report" | cut -f 1 | paste -sd ' ')" "nvhe vhe hvhe gicv2 protected nested"
is "each one ran or says why it did not" "$(tool modes "$report" | awk -F '\t' '($2 == 0) != ($3 != "")')" ""
is "each that did not has its line" "$(grep -c 'SKIP .*the whole mode: ' "$out")" \
	"$(tool modes "$report" | awk -F '\t' '$3 != ""' | wc -l)"
is "nothing fails in any" "$(tool verdicts "$report" | cut -f 3 | sort -u | grep -vx 'pass\|skip\|known-fail')" ""
try "$exit24" run --kernel "$first" --json "$report" --mode nvhe --cpu no-such-cpu
is "a processor that QEMU does not know: the status, and the verdicts" \
	"$status $(tool verdicts "$report" | cut -f 3 | sort -u)" "3 error"
has "QEMU's own words are in the output" "$out" "no-such-cpu"
try "$exit24" run --kernel "$first" --json "$report" --mode nvhe --append rdinit=/nowhere
is "a kernel that does not find the agent: the status, and the verdicts" \
	"$status $(tool verdicts "$report" | cut -f 3 | sort -u)" "3 error"
has "the kernel's own words are in the output" "$out" "Kernel panic"

# With the host's clock the times differ, and nothing else.
try "$exit24" run --kernel "$last" --json "$report" --mode nvhe --clock real system_off/reports-shutdown
is "the host's clock" "$status $(tool verdicts "$report" | cut -f 2,3)" "0 system_off/reports-shutdown	pass"

# A case to hand over runs without exit24.
try "$exit24" repro --mode nvhe -o "$work/repro" system_off/reports-shutdown
try "$work/repro/qemu.sh" "$last"
has "the script of a case to hand over shows what KVM_RUN returned" "$out" '"step":0,"op":"run","rc":0,"errno":0' ' 18 00*3 ' '"done":true'

# A glob runs those cases only.
try "$exit24" run --kernel "$last" --json "$report" --mode nvhe 'system_off/*'
is "a glob runs those cases only" "$status $(tool verdicts "$report" | cut -f 2 | cut -d / -f 1 | sort -u)" "0 system_off"

finish

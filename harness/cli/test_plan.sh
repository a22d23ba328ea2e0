#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_plan.sh EXIT24
#
# plan, --partition and merge: the cells and their ids, bad input, and, with the kernels that EXIT24_KERNELS names,
# that parts run one by one and merged are the report of one run.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"
small_kernel
image=$work/Image
(cat "$image"; echo other) >"$work/Image2"

# The plan
try "$exit24" plan -k "$image" -k "$work/Image2" --mode nvhe,vhe
is "a line for each kernel and mode" "$status $(cut -f 1,3,4 "$out" | tr '\t\n' ' ;')" \
	"0 1 0.0.0-small/nvhe cortex-a57;2 0.0.0-small/vhe neoverse-n1;3 0.0.0-small/nvhe cortex-a57;4 0.0.0-small/vhe neoverse-n1;"
is "each with an id of its own" "$(cut -f 2 "$out" | grep -cE '^[0-9a-f]{16}$') $(cut -f 2 "$out" | sort -u | wc -l)" "4 4"
cp -- "$out" "$work/plan"
mkdir "$work/elsewhere"
cp -- "$image" "$work/Image2" "$work/elsewhere"
try env -C "$work/elsewhere" "$exit24" plan -k Image -k Image2
holds "nvhe and vhe are the default, and a path does not matter" cmp -s -- "$out" "$work/plan"
for part in 1 2 3; do
	try "$exit24" plan -k "$image" -k "$work/Image2" --partition "count:$part/3"
	cat -- "$out" >>"$work/parts"
done
holds "the parts together are the plan" diff <(sort "$work/parts") <(sort "$work/plan")
is "and they go round: 1, 4, 2, 3" "$(cut -f 1 "$work/parts" | tr '\n' ' ')" "1 4 2 3 "
ids() {
	try "$exit24" plan -k "$image" --mode nvhe "$@"
	cut -f 2 "$out"
}
is "the id is of the cases, the command line, the processor, the clock too" \
	"$({ ids; ids 'system_off/*'; ids --append quiet; ids --cpu max; ids --clock real; ids --cpus 2; } | sort -u | wc -l)" 6
try "$exit24" plan --json -k "$image" --mode all
is "in JSON, with the images and the cases" "$status $(tool get "$out" cells 2 mode) $(tool get "$out" cells 0 image file)" \
	"0 hvhe $image"
is "the cases are those of exit24 cases" "$(tool get "$out" cases)" \
	"$("$exit24" cases | cut -d ' ' -f 1 | python3 -c 'import json,sys; print(json.dumps(sys.stdin.read().split()))')"

# Bad input
for verb in plan run; do
	for bad in "" 1/2 count:0/2 count:3/2 count:1 count:1/x hash:1/2; do
		refused "$verb --partition '$bad'" "--partition" "count:M/N" -- "$verb" -k "$image" --partition "$bad"
	done
done
refused "a plan without such a kernel" "$work/no-kernel" -- plan -k "$work/no-kernel"
refused "a plan of cases that are not there" "no case matches" -- plan -k "$image" 'nothing/*'
refused "a part that is empty" "2 cells" "part 3 of 3" -- plan -k "$image" --partition count:3/3
refused "the same for run" "2 cells" "part 3 of 3" -- "${with_kernel[@]}" --partition count:3/3
refused "a kernel that is twice in the plan" "0.0.0-small/nvhe" "twice" -- plan -k "$image" -k "$image" --partition count:1/2
refused "merge without a report" "REPORT" "--help" -- merge -o "$work/report.json"
refused "merge without an output" "--output" "--help" -- merge "$source_root/reports/golden/sample.json"
refused "a report that is not there" "$work/no.json" -- merge "$work/no.json" -o "$work/report.json"
refused "a report without a plan" "sample.json" "plan" -- merge "$source_root/reports/golden/sample.json" -o "$work/report.json"
echo '{' >"$work/cut.json"
refused "half a report" "$work/cut.json" -- merge "$work/cut.json" -o "$work/report.json"

# A machine that gives nothing makes a report too: every case an error.
run_part() {
	try "$exit24" "${with_kernel[@]:0:5}" -k "$work/Image2" 'system_off/*' "${@:3}" --json "$work/$1"
	is "$1: the status" "$status" "$2"
}
run_part small.json 3
run_part small-1.json 3 --partition count:1/2
run_part small-2.json 3 --partition count:2/2
refused "a hole" "no report has" "0.0.0-small/vhe (neoverse-n1, " "2 of 4" -- merge "$work/small-1.json" -o "$work/report.json"
refused "an overlap" "small-1.json and $work/small.json both have 0.0.0-small/nvhe" -- \
	merge "$work/small-1.json" "$work/small.json" -o "$work/report.json"
refused "a folder to write to" "$work/elsewhere" -- merge "$work/small.json" -o "$work/elsewhere"
try "$exit24" merge "$work/small-2.json" "$work/small-1.json" -o "$work/merged.json"
is "merge ends with the status of the whole" "$status $(<"$err")" "3 "
python3 - "$work/small.json" "$work/merged.json" <<'end' >"$out"
import json, sys
a, b = (json.load(open(f)) for f in sys.argv[1:])
for cell in a["cells"] + b["cells"]:
    cell["wall_ms"] = 0
print(json.dumps(a) == json.dumps(b))
end
is "and says what one run says, but for the time it took" "$(<"$out")" True
try "$exit24" merge "$work/small-2.json" "$work/small-1.json" -o -
holds "- is the standard output" cmp -s -- "$out" "$work/merged.json"
try "$exit24" report "$work/merged.json" --as text
is "it is a report" "$status" 0
if [[ -w /dev/full ]]; then
	try "$exit24" merge "$work/small-2.json" "$work/small-1.json" -o /dev/full
	is "a full disk is an error" "$status $(one_plain_line "$err" && echo one line)" "3 one line"
fi

finish

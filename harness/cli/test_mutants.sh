#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_mutants.sh EXIT24
#
# A campaign on the kernel tree that EXIT24_LINUX names: the one kernel with a switch and a kernel for each mutant say the
# same, a campaign goes on from what it has stored, a header is judged, and what cannot be noticed is no survivor.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

limit=3600
tree=${EXIT24_LINUX:-}
tree=${tree%%:*}
[[ $tree ]] || skip "set EXIT24_LINUX to a kernel tree"

sample=(off-reports-reset off-does-not-exit event-is-not-zeroed cpu-on-of-nobody-crashes init-leaves-stopped
	smc-immediate-is-ignored default-version-is-1-0 hdr-exit-reason-renumbered psci-range-ends-late)

# fates FILE: "name fate" of each mutant in a result
fates() {
	python3 -c 'import json, sys
for m in json.load(open(sys.argv[1]))["mutants"]: print(m["name"], m["fate"])' "$1"
}

try "$exit24" mutants --linux "$tree" --json "$work/fast.json" "${sample[@]}"
is "the fast campaign: all that can be noticed are" "$status" 0
has "it counts" "$out" "8 killed" "1 equivalent" "8 of 8"
fates "$work/fast.json" >"$work/fast"
is "all of the sample are stored" "$(wc -l <"$work/fast")" 9

try "$exit24" mutants --linux "$tree" --json "$work/fast.json" "${sample[@]}"
is "again, from what is stored" "$status" 0
has "nothing is tried again" "$out" "9 of 9 mutants are in $work/fast.json already"

try "$exit24" mutants --linux "$tree" --slow --json "$work/slow.json" "${sample[@]}"
is "the slow campaign" "$status" 0
fates "$work/slow.json" >"$work/slow"
is "a kernel for each mutant says the same" "$(<"$work/slow")" "$(<"$work/fast")"

# By rule: no rule of the ABI is named, so all cases are tried, a few at a time.
try "$exit24" mutants --generated --linux "$tree" --json "$work/generated.json" 'delete/kvm_psci_system_*'
fates "$work/generated.json" >"$work/generated"
has "a call that is taken out of the kernel is missed" "$work/generated" "delete/kvm_psci_system_off/1 killed" \
	"delete/kvm_psci_system_reset/1 killed"
lacks "every one has been tried" "$work/generated" "not-run"

finish

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_explain.sh EXIT24
#
# What teaches: explain, run --list, --exclude and --rerun-failed, completion against --help, the files for CI
# against --help, the manual page, and the demonstration on the first kernel that EXIT24_KERNELS names.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

tool frame <"$testdata/records.jsonl" >"$work/good.jsonl"
"$exit24" judge --cases "$testdata/cases" "$work/good.jsonl" --json "$work/red.json" >/dev/null || true

# explain
try "$exit24" explain system_reset/reports-reset
is "explain takes a case" "$status" 0
has "and says what it is about" "$out" "SYSTEM_RESET ends KVM_RUN" "catches" "hurts" "crosvm" "rules" "SE-RST-01" \
	"rests on" "Documentation/virt/kvm/api.rst" "mutants" "exit24 cases show system_reset/reports-reset"
has "and what it came to on which kernels" "$out" "6.1.0" "6.12." "7.3.4" "pass in nvhe, vhe"
try "$exit24" explain SE-RST-01
has "explain takes a rule" "$out" "SE-RST-01" "cases" "system_reset/reports-reset" "rests on" "mutants"
has "of a rule too" "$out" "kernels" "7.3.4"
try "$exit24" explain system_off2/is-not-supported-by-older-psci
has "a case that a kernel is not for says why" "$out" "skip (is for kernels without PSCI 1.3) in"
try "$exit24" explain 'SE-*'
is "a glob explains every rule" "$(grep -c '^SE-' "$out")" "$(grep -c '^  "SE-' "$source_root/cases/rules.json")"
holds "and each has a case or a reason" awk '/^SE-/ { if (name && !good) exit 1; name = $1; good = 0 }
	/^    (cases|no case) / { good = 1 } END { exit !good }' "$out"
refused "a rule that there is not" "SE-XXX-99" "cases matrix" -- explain SE-XXX-99
refused "a case that there is not" "system_of/" "exit24 cases" -- explain system_of/reports
refused "explain without a name" "NAME" "--help" -- explain
for columns in 40 80; do
	COLUMNS=$columns try "$exit24" explain system_reset/reports-reset
	is "COLUMNS=$columns keeps it within $columns columns" \
		"$(awk -v most="$columns" 'length($0) > most && split(substr($0, 16), words, " ") > 1 && $1 != "see" && $1 != "run"' "$out")" ""
done

# Which cases
try "$exit24" run --list
is "run --list lists all cases and needs no kernel" "$status $(wc -l <"$out")" "0 $("$exit24" cases | wc -l)"
try "$exit24" run --list 'system_off/*' -x '*shutdown'
is "-x leaves some out" "$(<"$out")" \
	"$(cd "$source_root/cases" && printf '%s\n' system_off/*.json | sed 's/\.json$//' | grep -v 'shutdown$' | LC_ALL=C sort)"
refused "-x of nothing" "--exclude" "no/such" -- run --list -x no/such
refused "-x of everything" "--exclude" "no case is left" -- run --list -x '*'
try "$exit24" run --list --tag system_off,system_reset --tag '!smp' -x '*/reports-reset'
is "--tag chooses by what a case says" "$status $(sort -u <(cut -d / -f 1 "$out") | tr '\n' ' ')" "0 system_off system_reset "
lacks "and -x and !TAG take away" "$out" "system_reset/reports-reset" "system_off/other-vcpus-are-stopped"
try "$exit24" cases --tag KVM_SYSTEM_EVENT_SUSPEND
has "cases --tag lists by the event expected" "$out" "system_suspend/"
try "$exit24" run --list --tag KVM_SYSTEM_EVENT_SUSPEND
is "as many as run --list does" "$(wc -l <"$out")" "$("$exit24" cases list -t KVM_SYSTEM_EVENT_SUSPEND | wc -l)"
try "$exit24" cases tags
is "cases tags counts the cases of each" "$(awk '$2 == "required" || $2 == "characterised" { n += $1 } END { print n }' "$out")" \
	"$("$exit24" cases | wc -l)"
while read -r n tag; do
	[[ $n == "$("$exit24" run --list --tag "$tag" | wc -l)" ]] || bad "--tag $tag gives $n cases"
done < <(grep -v 'SE-' "$out")
refused "a tag that there is not" "--tag" "no-such-tag" "exit24 cases tags" -- run --list --tag no-such-tag
refused "tags that no case has together" "--tag" "required" "characterised" -- run --list --tag required --tag characterised
try "$exit24" run --list --cases "$testdata/cases" --rerun-failed "$work/red.json"
is "--rerun-failed takes what is not right in a report" "$status $(<"$out")" "0 event/reset-reports-reset"
python3 - "$work/red.json" >"$work/green.json" <<'EOF'
import json, sys
report = json.load(open(sys.argv[1]))
for cell in report["cells"]:
    cell["cases"] = [case for case in cell["cases"] if case["verdict"] == "pass"]
print(json.dumps(report))
EOF
try "$exit24" run --list --cases "$testdata/cases" --rerun-failed "$work/green.json"
is "nothing to run again is not green" "$status $(grep -c 'nothing failed' "$err")" "3 1"
refused "--rerun-failed with names" "--rerun-failed" -- run --rerun-failed "$work/red.json" 'event/*'
refused "--rerun-failed of what is no report" "not a report" -- run --rerun-failed "$source_root/cases/rules.json"

# Completion offers what --help has
mkdir "$work/bin"
ln -s "$exit24" "$work/bin/exit24"
PATH=$work/bin:$PATH
completion=$source_root/harness/cli/completion

# words KIND VERB...: the verbs or options that exit24 VERB... --help names
words() {
	local kind=$1
	shift
	"$exit24" "$@" --help | awk -v kind="$kind" '/^[A-Z].*:$/ { part = $1; next }
		kind == "verbs" && part == "Subcommands:" && /^  [a-z]/ { print $1 }
		kind == "options" && part == "Options:" && /^  -/ { print $1 }' | tr ',' '\n' | LC_ALL=C sort
}
# completes WORD...: what bash offers for the last WORD
completes() {
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _exit24; printf "%s\n" "${COMPREPLY[@]}"' \
		bash "$completion/exit24.bash" "$@" 2>/dev/null | LC_ALL=C sort
}
is "bash completes verbs" "$(completes exit24 '')" "$(words verbs)"
mapfile -t verbs < <(words verbs)
for verb in "${verbs[@]}"; do
	is "bash completes the options of $verb" "$(completes exit24 "$verb" -)" "$(words options "$verb")"
done
is "bash completes verbs of verbs" "$(completes exit24 cases sho)" show
is "bash completes the names of cases" "$(completes exit24 run system_reset/reports-r)" "$(cd "$source_root/cases" && printf '%s\n' system_reset/reports-r*.json | sed 's/\.json$//' | LC_ALL=C sort)"
is "bash completes kinds of reports" "$(completes exit24 report x.json --as kt)" ktap
is "bash completes tags" "$(completes exit24 run --tag rac)" race
is "and leaves paths to the shell" "$(completes exit24 run --json x)" ""
if command -v fish >/dev/null; then
	for verb in "${verbs[@]}"; do
		is "fish completes the options of $verb" \
			"$(HOME=$work fish --no-config -c "source $completion/exit24.fish; complete -C 'exit24 $verb -'" | cut -f 1 | LC_ALL=C sort)" "$(words options "$verb")"
	done
else
	note "there is no fish"
fi
if command -v zsh >/dev/null; then
	for verb in "" "${verbs[@]}"; do
		# zsh completes on a terminal only; compadd tells what it would have offered
		got=$(zsh -fc 'compadd() { shift; print -l -- "$@" }; _files() { }; words=(exit24 '"${verb:+$verb -}"' ); [[ $#words == 1 ]] && words+=("")
			CURRENT=$#words; source '"$completion/_exit24" | LC_ALL=C sort)
		if [[ $verb ]]; then
			is "zsh completes the options of $verb" "$got" "$(words options "$verb")"
		else
			is "zsh completes verbs" "$got" "$(words verbs)"
		fi
	done
else
	note "there is no zsh"
fi

# Files for CI use options that there are, and are YAML
for file in "$source_root"/reports/ci/*.yml; do
	used=$(grep -v '^ *#' "$file" | sed -n '/scripts\/run/,/^ *- [a-z]*:\|^  artifacts/p' | grep -oE -- ' --[a-z-]+' | tr -d ' ' | LC_ALL=C sort -u)
	is "${file##*/} uses options of exit24 run" "$(comm -23 <(printf '%s\n' "$used") <(words options run))" ""
	holds "some at all" test -n "$used"
	if python3 -c 'import yaml' 2>/dev/null; then
		holds "${file##*/} is YAML" python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' "$file"
	fi
done

# The manual page names verbs that there are
named=$(sed -n '/^# VERBS/,/^# FORMS/p' "$source_root/reports/exit24.1.scd" | grep '^\*' | grep -o '[a-z0-9-]*' | LC_ALL=C sort)
is "the manual page names verbs that there are" "$(comm -23 <(printf '%s\n' "$named") <(words verbs))" ""
printf '%s\n' "$named" >"$work/named"
has "and the ones that one begins with" "$work/named" run report explain demo

# The demonstration, on a real kernel
refused "a demonstration with a kernel that is not there" "$work/none" -- demo --kernel "$work/none"
IFS=: read -r -a kernels <<<"${EXIT24_KERNELS:-}"
if ((${#kernels[@]} > 0)) && command -v qemu-system-aarch64 >/dev/null; then
	limit=300
	try "$exit24" demo --kernel "${kernels[0]}"
	is "exit24 demo shows red and is content" "$status" 0
	has "it says what is wrong" "$out" "wrong on purpose" "PASS" "FAIL" "KVM_SYSTEM_EVENT_SHUTDOWN (1)" "next: exit24 run"
else
	note "EXIT24_KERNELS names no kernel, so the demonstration was not run"
fi

finish

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/report/test_reports.sh EXIT24
#
# Reports in every form, from the command line: what is refused, that run and judge write the same as a later
# exit24 report, that the kernel's own tools read the KTAP (of the trees that EXIT24_LINUX names, joined with ':'),
# and that the page works in a browser (where there is chromium), with scripts and without.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"

cli_data=$source_root/harness/cli/testdata
golden=$source_root/reports/golden
sample=$golden/sample.json
kinds=(text html markdown mail ktap tap13 junit github baseline kcidb)
unset GITHUB_STEP_SUMMARY

tool() {
	python3 -- "$cli_data/tool.py" "$@"
}
tool frame <"$cli_data/records.jsonl" >"$work/good.jsonl"
judge=(judge --cases "$cli_data/cases" "$work/good.jsonl")

# What is refused, before anything is done
refused "a kind that there is not" "--report" "\"pdf\"" "ktap" -- "${judge[@]}" --report "pdf=$work/x"
refused "a report without a path" "KIND=PATH" -- "${judge[@]}" --report html
refused "a report with an empty path" "KIND=PATH" -- "${judge[@]}" --report html=
refused "a report into a folder that is not there" "$work/no/x" -- "${judge[@]}" --report "html=$work/no/x"
refused "report as a kind that there is not" "\"pdf\"" "ktap" -- report "$sample" --as pdf
refused "report without a kind" "--as" -- report "$sample"
refused "a report that is not there" "$work/none.json" -- report "$work/none.json" --as text
refused "coverage in a kind that does not show it" "--coverage" "html" -- report "$sample" --as text --coverage "$golden/coverage.json"
refused "coverage that is none" "$sample" "exit24 coverage --json" -- report "$sample" --as html --coverage "$sample"
refused "coverage that is not there" "$work/none" -- report "$sample" --as html --coverage "$work/none"
refused "a cell that there is not" "no/cell" "7.3.4/nvhe" -- report "$sample" --as text --cell no/cell
refused "an origin that KCIDB does not take" "--origin" -- report "$sample" --as kcidb --origin Exit-24
refused "a Tested-by for a red report" "--tested-by" "not green" -- report "$sample" --as mail --tested-by "A <a@example.org>"
for bytes in 0 1 100 9000; do
	head -c "$bytes" "$sample" >"$work/torn.json"
	refused "a report of $bytes bytes" "$work/torn.json" "exit24 run --json" -- report "$work/torn.json" --as text
done
echo '{"report": 7, "tool": {"name": "exit24"}, "cells": []}' >"$work/later.json"
refused "a report of a later format" "$work/later.json" "format" -- report "$work/later.json" --as text
refused "a file that is something else" "$source_root/cases/rules.json" "not a report" -- report "$source_root/cases/rules.json" --as html
head -c 100000 /dev/urandom >"$work/noise.json"
refused "noise" "$work/noise.json" -- report "$work/noise.json" --as html

# One run, every kind, and the same again later
options=(--json "$work/now.json")
for kind in "${kinds[@]}"; do
	options+=(--report "$kind=$work/now.$kind")
done
try "$exit24" "${judge[@]}" "${options[@]}"
is "judge writes every kind, and its status stays" "$status" 1
for kind in "${kinds[@]}"; do
	try "$exit24" report "$work/now.json" --as "$kind" -o "$work/later.$kind"
	holds "exit24 report --as $kind says what judge wrote" cmp -- "$work/now.$kind" "$work/later.$kind"
done
is "report itself is content, whatever it reports" "$status" 0
try "$exit24" report "$work/now.json" --as ktap
holds "without -o it goes to standard output" cmp -- "$work/now.ktap" "$out"
has "the rules come along" "$work/now.html" "rules that no case checks, and why"
has "the disassembly of the guests comes along" "$work/now.html" "hvc"
try "$exit24" "${judge[@]}" --report ktap=-
has "- is the standard output" "$out" "KTAP version 1"
GITHUB_STEP_SUMMARY=$work/summary try "$exit24" report "$work/now.json" --as github
has "github gives annotations" "$out" "::error title=fail%3A event/reset-reports-reset"
holds "and appends the step's summary" cmp -s -- "$work/summary" "$work/now.markdown"
GITHUB_STEP_SUMMARY=$work/no/summary try "$exit24" report "$work/now.json" --as github
is "a summary that cannot be written is an error" "$status" 3
try "$exit24" report "$work/now.json" "$work/now.json" --as html
has "two reports of one kernel are told apart" "$out" "(2)" "From kernel to kernel"
try "$exit24" report "$sample" --as text --cell '7.3.4/*'
has "--cell takes the cells that it names" "$out" "7.3.4/nvhe"
lacks "and no others" "$out" "6.1.0"
many=()
for ((i = 0; i < 30; i++)); do
	many+=("$work/now.json")
done
try "$exit24" report "${many[@]}" --as html -o "$work/many.html"
has "what a table has no room for is counted" "$work/many.html" "are 30 kernels and modes" "--cell KERNEL/MODE"
lacks "and has no columns" "$work/many.html" "colgroup"
if [[ -w /dev/full ]]; then
	try "$exit24" report "$work/now.json" --as text -o /dev/full
	is "a full disk is an error" "$status" 3
fi

# The kernel's own parser
IFS=: read -r -a trees <<<"${EXIT24_LINUX:-}"
for tree in "${trees[@]}"; do
	if [[ ! -f $tree/tools/testing/kunit/kunit.py ]]; then
		note "$tree has no tools/testing/kunit/kunit.py"
		continue
	fi
	"$exit24" report "$sample" --as ktap -o "$work/sample.ktap"
	try env PYTHONDONTWRITEBYTECODE=1 python3 "$tree/tools/testing/kunit/kunit.py" parse "$work/sample.ktap"
	has "kunit.py of $tree counts what the report has" "$out" "Ran 15 tests: passed: 7, failed: 5, skipped: 3"
	lacks "and complains about nothing" "$out" "ERROR" "[CRASHED]"
	(echo "[    0.000000] a line of the kernel"; cat "$work/sample.ktap"; echo "[    9.000000] another one") >"$work/log"
	try env PYTHONDONTWRITEBYTECODE=1 python3 "$tree/tools/testing/kunit/kunit.py" parse "$work/log"
	has "within a console's log too" "$out" "Ran 15 tests: passed: 7, failed: 5, skipped: 3"
done
[[ ${EXIT24_LINUX:-} ]] || note "EXIT24_LINUX names no kernel tree, so kunit.py was not asked"

# The page, in a browser
"$exit24" report "$sample" --as html --coverage "$golden/coverage.json" -o "$work/page.html"
has "the page has the coverage" "$work/page.html" "108 of 120, 90.0%" "kvm_psci_vcpu_suspend"
browse() {
	try python3 "$cli_data/browse.py" "$work/page.html" "$@"
}
if command -v chromium >/dev/null; then
	failed_case='[id^=case-]:has(.chip.bad)'
	browse "document.querySelector('h1').textContent" "click #words" "type #words reset" \
		"document.getElementById('count').textContent" \
		"[...document.querySelectorAll('#cases ~ details[data-grades]')].filter((d) => d.offsetHeight > 0).length" \
		"document.getElementById('case-0').open" "location.hash = '#case-0'; 0" "click a[href='#case-0']" \
		"document.getElementById('case-0').open" "document.getElementById('case-0').hidden"
	is "with scripts a page filters and opens what is asked for" "$status $(tr '\n' ';' <"$out")" \
		"0 exit24: the contract is broken;1 cases shown;1;False;0;True;False;"
	browse --no-script "document.getElementById('tools').offsetHeight" "document.querySelectorAll('$failed_case[open]').length > 0" \
		"document.getElementById('case-0').open" "click #case-0 > summary" "document.getElementById('case-0').open" \
		"[...document.querySelectorAll('svg rect.wrong')].some((r) => r.getBoundingClientRect().width > 0)"
	is "without scripts there is no filter, what failed is open, and a click opens the rest" \
		"$status $(tr '\n' ';' <"$out")" "0 0;True;False;True;True;"
	for width in 400 1280; do
		browse --width "$width" "document.documentElement.scrollWidth <= $width" \
			"getComputedStyle(document.body).backgroundColor"
		is "at $width pixels nothing hangs over, in the light" "$(tr '\n' ';' <"$out")" "True;rgb(255, 255, 255);"
	done
	cp -- "$work/many.html" "$work/page.html"
	for width in 400 1280; do
		browse --no-script --width "$width" "document.documentElement.scrollWidth <= $width" \
			"click svg.picture a:last-child" "document.querySelector(':target').localName"
		is "at $width pixels many kernels do not hang over, and their picture's lines are links" "$(tr '\n' ';' <"$out")" "True;details;"
	done
	browse --dark "getComputedStyle(document.body).backgroundColor" \
		"performance.getEntriesByType('resource').length"
	is "in the dark it is dark, and nothing was loaded" "$(tr '\n' ';' <"$out")" "rgb(13, 17, 23);0;"
else
	note "there is no chromium, so no browser has looked at the page"
fi

finish

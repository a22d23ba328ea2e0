#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_usage.sh EXIT24
#
# What a person sees without running a kernel: wrong options, help, the verbs that only print, colour and width.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

tool frame <"$testdata/records.jsonl" >"$work/good.jsonl"
judge=("$exit24" judge --cases "$testdata/cases" "$work/good.jsonl")
escape=$'\033'

# Options
refused "no verb" "exit24 --help" --
refused "an unknown verb" "validat" "is it validate?" "--help" -- validat
refused "a verb that is like no other" "frobnicate" "--help" -- frobnicate
refused "an unknown verb with options" "validat" "--help" -- validat --json "$work/report.json"
refused "an unknown option" "--bogus" "exit24 run --help" -- run --bogus
refused "an unknown short option" "-z" "--help" -- run -z
refused "an unknown option of a verb below a verb" "--bogus" "--help" -- cases show --bogus x
refused "an option of another verb" "--recordings" "--help" -- judge --recordings x "$work/good.jsonl"
refused "an unknown mode" "--mode" "hyper" "nvhe" "vhe" -- run --mode hyper
refused "an unknown mode in a list" "--mode" "hyper" "nvhe" -- run --mode nvhe,hyper
refused "an empty mode" "--mode" -- run --mode ""
refused "a list of known failures that is not there" "$work/no-list" -- run --known-failures "$work/no-list"
refused "an unknown machine" "--machine" "cloud" "native" "lab" -- run --machine cloud
for cpus in 0 -1 65 x ""; do
	refused "--cpus '$cpus'" "--cpus" -- run --cpus "$cpus"
done
refused "several processors and the clock of one" "--cpus" "--clock" "real" -- run --cpus 2 --clock deterministic
refused "an unknown clock" "--clock" "wall" "deterministic" "real" -- run --clock wall
for jobs in 0 -1 x 1x 1.5 257 99999999999999999999 ""; do
	refused "-j '$jobs'" "--jobs" -- run -j "$jobs"
done
for option in -k --kernel -m --mode -j --json --recordings --cases --append --cpu --cpus --qemu --clock --machine; do
	refused "$option without a value" "--" "--help" -- run "$option"
done
refused "judge without a recording" "RECORDING" "--help" -- judge
refused "cases show without a case" "CASE" "--help" -- cases show
refused "cases cite without a tree" "--linux" "--help" -- cases cite DOC --find words
refused "cases cite without words" "--find" "--help" -- cases cite DOC --linux "$work"
refused "a tree without the document" "$work/no/doc.rst" "--linux" -- cases cite no/doc.rst --linux "$work" --find words
refused "mutants without a tree" "--linux" "--help" -- mutants
refused "mutants of a tree that is not there" "$work/no-tree" -- mutants --linux "$work/no-tree"
refused "coverage without a tree" "--linux" "--help" -- coverage
refused "coverage of a tree that is not there" "$work/no-tree" -- coverage --linux "$work/no-tree"
refused "run --repeat 0" "--repeat" -- run --repeat 0
refused "run --max-fail 0" "--max-fail" -- run --max-fail 0
refused "run --max-fail and --fail-fast" "--max-fail" "--fail-fast" -- run --max-fail 2 --fail-fast
refused "run --slowest none" "--slowest" -- run --slowest none
refused "evidence of a folder that is not there" "$work/no-folder" -- evidence "$work/no-folder"
mkdir -p "$work/evidence"
refused "evidence of an empty folder" "$work/evidence" "mutants --json" -- evidence "$work/evidence"
echo '{"campaign": 1}' >"$work/evidence/a.json"
refused "evidence of something else" "$work/evidence/a.json" -- evidence "$work/evidence"
refused "doctor with an argument" "everything" "--help" -- doctor everything
refused "an option of control characters" "--help" -- run "--${escape}[31m"$'\n'"bogus"

# Settings: what is wrong in them is told by file and line, with what would be right
settings=$work/settings.toml
# badly LINES WORD...: exit24 refuses these settings, and says each WORD
badly() {
	printf '%b' "$1" >"$settings"
	EXIT24_SETTINGS=$settings refused "settings with ${1//$'\n'/ }" "$settings, line" "${@:2}" -- cases
}
badly '[run]\nmdoe = vhe\n' "line 2" "run has no option --mdoe" "mode"
badly '[rnu]\nmode = vhe\n' "line 2" 'no verb "rnu"' "run, plan"
badly '[run]\nmode = [vhe, hyper]\n' "line 2" "--mode" "hyper" "nvhe"
badly '[run]\n\ncpus = many\n' "line 3" "--cpus" "many"
badly '[run]\nfail-fast = 3\n' "line 2" "--fail-fast is a flag" "true or false"
badly '[run]\nmode vhe\n' "line 2" "[VERB], OPTION = VALUE"
badly 'mode = vhe\n' "line 1" "[run]"
head -c 300 /dev/urandom >"$settings"
EXIT24_SETTINGS=$settings refused "settings of noise" "$settings, line" -- cases
EXIT24_SETTINGS=$work/none refused "EXIT24_SETTINGS of no file" "EXIT24_SETTINGS names $work/none" "No such file" -- cases
refused "--settings of no file" "$work/none" -- --settings "$work/none" cases
EXIT24_SETTINGS=$work/none try "$exit24" --help
is "help comes whatever the settings say" "$status" 0
printf '# mine\n[run]\ntag = ["KVM_SYSTEM_EVENT_RESET", "!race"]\nlist = true\n\n[report]\nas = text\n' >"$settings"
EXIT24_SETTINGS=$settings try "$exit24" run
cp -- "$out" "$work/chosen"
try "$exit24" run --list --tag KVM_SYSTEM_EVENT_RESET --tag '!race'
holds "settings are as if they had been typed" cmp -s -- "$out" "$work/chosen"
try "$exit24" --settings "$settings" run --tag race
try_again=$(<"$out")
try "$exit24" run --list --tag race
is "but what is typed goes first" "$try_again" "$(<"$out")"
mkdir -p "$work/home/.config"
cp -- "$settings" "$work/home/.config/exit24.conf"
(unset EXIT24_SETTINGS; HOME=$work/home exec env -u XDG_CONFIG_HOME "$exit24" run >"$work/at-home")
holds "without EXIT24_SETTINGS they are in ~/.config/exit24.conf" cmp -s -- "$work/at-home" "$work/chosen"

# Help: each verb has it, it names every option, and each option has words behind it.
# helps VERB NAME...: its help names each NAME
helps() {
	local words
	read -r -a words <<<"$1"
	try "$exit24" "${words[@]}" --help
	has "exit24 $1 --help names everything" "$out" --help "Exit status:" "${@:2}"
}
helps "" --version --settings run cases judge doctor
helps run GLOB -k,--kernel -m,--mode --machine -j,--jobs --json --recordings --cases --append --cpu --cpus --qemu --clock --repeat --tally --max-fail --fail-fast --slowest
helps cases --cases list show cite
helps "cases list" GLOB
helps "cases show" CASE --linux
helps "cases cite" DOC --linux --find
helps judge RECORDING --cases --json
helps mutants GLOB --linux -m,--mode -j,--jobs --json --slow --generated --all-cases --cases --qemu --no-sandbox
helps coverage GLOB --linux -m,--mode -j,--jobs --json --cases --qemu --no-sandbox
helps evidence FOLDER
helps validate SERIES --linux --base -m,--mode --each --whole --case --cases --known-failures --json --reports --reply --tested-by -j,--jobs --no-sandbox
helps b4-check --linux --patch -m,--mode --case --cases --known-failures -j,--jobs --no-sandbox
refused "b4-check without a mail" "no mail on the standard input" -- b4-check --patch
helps doctor
helps plan GLOB -k,--kernel -m,--mode --partition --json
helps merge REPORT -o,--output
helps export initramfs lava
helps "export lava" --url --method --device-type --dtb
helps "import lava" LOG --plan --json --recordings

# all_helps VERB: the same of it and of every verb below it, those that come later too
all_helps() {
	local verb=$1 words option undescribed below
	read -r -a words <<<"$verb"
	for option in -h --help; do
		try "$exit24" "${words[@]}" "$option"
		is "exit24 $verb $option ends with status 0 and without a complaint" "$status $(<"$err")" "0 "
	done
	# An option begins in column 3; its description in column 31, or in the next line if the name is long.
	undescribed=$(awk '
		name != "" && (substr($0, 1, 30) ~ /[^ ]/ || length($0) < 31) { print name }
		{ name = /^  [^ ]/ && (substr($0, 30, 1) != " " || length($0) < 31) ? $0 : "" }
		END { if (name != "") print name }' "$out")
	is "exit24 $verb --help describes everything that it names" "$undescribed" ""
	is "exit24 $verb --help keeps within 120 columns" "$(awk 'length($0) > 120' "$out")" ""
	mapfile -t below < <(awk '/^Subcommands:/ { on = 1; next } !NF { on = 0 } on && /^  [a-z]/ { print $1 }' "$out")
	for option in "${below[@]}"; do
		all_helps "${verb:+$verb }$option"
	done
}
all_helps ""
try "$exit24" --version
is "exit24 --version" "$status $(sed -E 's/[0-9]+\.[0-9]+\.[0-9]+$/VERSION/' "$out")" "0 exit24 VERSION"

# The verbs that print
try "$exit24" cases
cp -- "$out" "$work/list"
found=$(find "$source_root/cases" -mindepth 2 -name '*.json' -printf '%P\n' | sed 's/\.json$//' | LC_ALL=C sort)
is "exit24 cases lists every case file once, sorted" "$status $(cut -d ' ' -f 1 "$out")" "0 $found"
is "each with its title" "$(awk 'NF < 2' "$out")" ""
try "$exit24" cases list
holds "exit24 cases list says the same" cmp -s -- "$out" "$work/list"
try "$exit24" cases list 'system_off/*'
is "exit24 cases list GLOB lists those" "$(cut -d / -f 1 "$out" | sort -u)" "system_off"
try "$exit24" cases --cases "$testdata/cases"
is "exit24 cases --cases lists another folder" "$(wc -l <"$out")" 2
try "$exit24" cases show system_off/reports-shutdown
has "exit24 cases show prints the case, its guest's source and disassembly, and the text it rests on" \
	"$out" '"title"' "guest system_off, source" "guest system_off, disassembly" "after_call" "hvc" \
	"rests on" "Documentation/virt/kvm/api.rst" "sha256:" "--linux"
mkdir -p "$work/linux/Documentation/virt/kvm"
: >"$work/linux/MAINTAINERS"
echo "A sentence on KVM_EXIT_SYSTEM_EVENT. Another one." >"$work/linux/Documentation/virt/kvm/api.rst"
try "$exit24" cases cite Documentation/virt/kvm/api.rst --linux "$work/linux" --find "A sentence"
is "exit24 cases cite finds a sentence" "$(cut -c 1-7,20- "$out")" "sha256:  A sentence on KVM_EXIT_SYSTEM_EVENT."
refused "words that no sentence has" "no such words" -- \
	cases cite Documentation/virt/kvm/api.rst --linux "$work/linux" --find "no such words"
try "$exit24" cases show system_off/reports-shutdown --linux "$work/linux"
has "exit24 cases show says which sentences a tree does not have" "$out" "does not have"
try "$exit24" cases show system_off/reports-shutdown --linux "$work/tmp"
is "exit24 cases show with a tree that is none" "$status $(wc -l <"$err")" "2 1"
has "says which file is not there" "$err" "exit24: " "$work/tmp/" "a kernel tree"

# shellcheck disable=SC2317 # holds calls it
plain() {
	[[ $(LC_ALL=C tr -d '\n\40-\176\200-\377' <"$1" | wc -c) -eq 0 ]]
}

# Colour: on a terminal only, and not with NO_COLOR or TERM=dumb. `script` gives us a terminal.
try "${judge[@]}"
holds "without a terminal there is no escape byte on stdout" plain "$out"
holds "nor on stderr" plain "$err"
cp -- "$out" "$work/plain"
NO_COLOR=1 try "${judge[@]}"
holds "NO_COLOR=1 changes nothing there but the seconds it took" \
	cmp -s -- <(sed 's/\[ *[0-9.]*s\]//' "$work/plain") <(sed 's/\[ *[0-9.]*s\]//' "$out")
try "$exit24" doctor
holds "doctor has no escape byte either" plain "$out"

# on_terminal VARIABLE... : the output of $command, as a terminal of 200 columns gets it, into $out
on_terminal() {
	local line
	printf -v line '%q ' env "$@" "${command[@]}"
	try script -qec "stty cols 200; $line" /dev/null
}
if command -v script >/dev/null; then
	command=("${judge[@]}")
	on_terminal NO_COLOR=
	has "on a terminal there is colour, with an empty NO_COLOR too" "$out" "${escape}[32;1mPASS" "${escape}[31;1mFAIL"
	is "a status keeps its place: in front of it are as many spaces as without colour" \
		"$(sed -n "s/$escape\[[0-9;]*m//g; s/^\( *\)PASS.*/\1/p" "$out")" "$(sed -n 's/^\( *\)PASS.*/\1/p' "$work/plain")"
	sed "s/$escape\[[1-9][0-9;]*m[^$escape]*$escape\[0m//g" "$out" >"$work/rest"
	lacks "colour is always switched off again" "$work/rest" "${escape}[3"
	on_terminal NO_COLOR=1
	lacks "NO_COLOR=1 on a terminal means no colour" "$out" "${escape}[3" "${escape}[1m" "${escape}[2m"
	on_terminal TERM=dumb
	holds "TERM=dumb means no escape byte at all" plain <(tr -d '\r' <"$out")
	command=("$exit24" cases)
	on_terminal NO_COLOR=
	has "the names of cases are bold" "$out" "${escape}[1m"
	on_terminal NO_COLOR=1
	holds "but not with NO_COLOR" plain <(tr -d '\r' <"$out")
	command=("${judge[@]}")
	on_terminal COLUMNS=
	is "on a wide terminal lines are longer than 80 columns" \
		"$(tr -d '\r' <"$out" | sed "s/$escape\[[0-9;]*[mK]//g" | awk 'length($0) > 80 { n++ } END { print (n > 0) }')" 1
else
	note "there is no script(1), so there is no terminal to look at"
fi

# Width: what explains a failure keeps to COLUMNS, but for one word that is longer, and commands to be copied.
too_wide() {
	sed -n '/^ \{11\}/p' "$out" | grep -v '^ *repeat: ' |
		awk -v most="$1" 'length($0) > most && NF > 1 + ($1 == "want" || $1 == "got")'
}
for columns in 40 60 80 120; do
	COLUMNS=$columns try "${judge[@]}"
	is "COLUMNS=$columns keeps the explanation within $columns columns" "$(too_wide "$columns")" ""
	tr -s ' \n' ' ' <"$out" >"$work/words"
	has "COLUMNS=$columns cuts nothing off" "$work/words" "the event has the wrong type" "KVM_SYSTEM_EVENT_RESET (2)" \
		"KVM_SYSTEM_EVENT_SHUTDOWN (1)" "says SHUTDOWN where" "started again"
done
for columns in 0 -1 1 x 99999999999999999999; do
	COLUMNS=$columns try "${judge[@]}"
	is "COLUMNS=$columns does no harm" "$status" 1
done

# The command that repeats a failure works as it stands.
COLUMNS=120 try "${judge[@]}"
again=$(sed -n 's/.*; repeat: exit24 //p' "$out")
try bash -c "$(printf %q "$exit24") $again"
is "the command that the last line gives repeats the failure: exit24 $again" \
	"$status $(grep -c 'FAIL .*event/reset-reports-reset' "$out")" "1 2"

finish

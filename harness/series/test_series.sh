#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/series/test_series.sh EXIT24
#
# exit24 validate from end to end, without a kernel: a tree whose makefile behaves like the kernel's and is done in
# no time, and a QEMU that "runs" what it built by writing the recording that its psci.c asks for.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"

for program in bwrap make flex bison bc git spatch; do
	command -v "$program" >/dev/null || skip "there is no $program"
done
bwrap --unshare-all --ro-bind / / true 2>/dev/null || skip "this system lets bwrap make no sandbox"

export EXIT24_CACHE=$work/cache COLUMNS=200
tree=$work/linux
psci=arch/arm64/kvm/psci.c
records=$source_root/harness/cli/testdata/records.jsonl
patches=$work/patches
mkdir -p "$tree/arch/arm64/kvm" "$patches"
tool image >"$tree/head"

cat >"$tree/Makefile" <<'END'
# Comments do not get into the Image, and "#error" does not compile.
OBJECTS := $(patsubst %.c,$(O)/%.o,$(wildcard arch/arm64/kvm/*.c))
allnoconfig:
	@cp $(KCONFIG_ALLCONFIG) $(O)/.config
$(O)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC      $*.o"
	@! grep -n '#error' $< || { echo "$(CURDIR)/$<:1:1: error: $$(grep '#error' $<)" >&2; false; }
	@grep -v '^//' $< >$@
Image: $(OBJECTS)
	@! [ -f deed ] || O=$(O) sh ./deed
	@mkdir -p $(O)/arch/arm64/boot
	@(cat head; echo; cat $(OBJECTS)) >$(O)/arch/arm64/boot/Image
END
echo "config KVM" >"$tree/Kconfig"
printf '// one\n// two\nOFF=01\n// three\nRESET=02\n// four\n' >"$tree/$psci"
echo "text" >"$tree/README"

tool frame <"$records" >/dev/null
cat >"$work/qemu" <<END
#!/usr/bin/env bash
if [[ \$1 == --version ]]; then
	echo "QEMU emulator version 0"
	exit
fi
while ((\$# > 0)); do
	case \$1 in
	-kernel) kernel=\$2 ;;
	-serial) console=\${2#file:} ;;
	-chardev) recording=\${2#*path=} ;;
	esac
	shift
done
echo ran >>"$work/boots"
value() { tail -c 500 "\$kernel" | grep -a "^\$1=" | head -n 1 | cut -d = -f 2; }
if [[ \$(value PANIC) ]]; then
	printf 'booting\nKernel panic - not syncing: %s\n' "\$(value PANIC)" >"\$console"
	exit
fi
# the type of each event is the byte behind the poison
sed -e "/off-reports/s/a5\*16 01/a5*16 \$(value OFF)/" -e "/reset-reports/s/a5\*16 01/a5*16 \$(value RESET)/" "$records" |
	python3 "$source_root/harness/cli/testdata/tool.py" frame | sed '1d;\$d' >"\$recording"
END
chmod +x "$work/qemu"

# All of a folder, with times: what must never change
snapshot() {
	(cd "$1" && find . -printf '%p %m %s %T@ %l\n' | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum)
}
before=$(snapshot "$tree")

validate() {
	try "$exit24" validate --linux "$tree" --cases "$source_root/harness/cli/testdata/cases" --qemu "$work/qemu" \
		--mode nvhe --json "$work/validation.json" "$@"
	tr -s ' \n' ' ' <"$out" >"$work/flat" # once more, without the breaks between lines
	cat -- "$work/flat" >>"$out"
}
same_tree() {
	is "the tree is byte for byte what it was: $1" "$(snapshot "$tree")" "$before"
}
# change FILE SED: a diff of psci.c
change() {
	mkdir -p "$work/new/${psci%/*}" "$work/old/${psci%/*}"
	cp -- "${3:-$tree/$psci}" "$work/old/$psci"
	sed -- "$2" "$work/old/$psci" >"$work/new/$psci"
	(cd "$work" && diff -U1 "old/$psci" "new/$psci" | sed -E '1,2s/\t.*//') >"$1" || true
}
# as_mail SUBJECT DIFF: one message of an mbox
as_mail() {
	printf 'From 0123456789 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: %s\n\nWords.\n---\n' "$1"
	cat -- "$2"
	printf -- '-- \n2.39\n\n'
}

# What a patch does

change "$patches/break.diff" 's/RESET=02/RESET=01/'
validate "$patches/break.diff"
is "a patch that breaks a case: status" "$status" 1
has "a patch that breaks a case: it says which, and how" "$out" "newly failing: 1" "event/reset-reports-reset" \
	"the event has the wrong type" "the series makes a case worse"
same_tree "after a patch was built"
boots=$(wc -l <"$work/boots")
validate "$patches/break.diff"
is "the second time nothing is compiled or booted" "$status $(wc -l <"$work/boots")" "1 $boots"
has "the second time says so" "$out" "everything had been built and run before"

change "$patches/comment.diff" 's/two/2/'
validate "$patches/comment.diff"
is "a patch of comments: status" "$status" 0
has "a patch of comments changes nothing" "$out" "the kernel is the same byte for byte" "changes no behaviour"

change "$patches/error.diff" 's/OFF=01/#error no/'
validate "$patches/error.diff"
is "a patch that does not build: status" "$status" 4
has "a patch that does not build: the first error, and where" "$out" "DOES NOT BUILD: $psci:1:1: error: #error no"
same_tree "after a build that failed"

change "$patches/panic.diff" 's/OFF=01/PANIC=no root/'
validate "$patches/panic.diff"
is "a kernel that does not boot: status" "$status" 1
has "a kernel that does not boot: its last words" "$out" "DOES NOT BOOT: nvhe: Kernel panic - not syncing: no root" "| booting"

# Five patches of which the second breaks what the fourth mends
cp -- "$tree/$psci" "$work/0"
n=0
: >"$patches/five.mbx"
for step in 's/one/1/' 's/RESET=02/RESET=05/' 's/two/2/' 's/RESET=05/RESET=02/' 's/three/3/'; do
	change "$work/diff" "$step" "$work/$n"
	cp -- "$work/new/$psci" "$work/$((++n))"
	as_mail "[PATCH $n/5] step $n" "$work/diff" >>"$patches/five.mbx"
done
validate "$patches/five.mbx"
is "five patches, one of which breaks what another mends: status" "$status" 1
has "they are not bisectable" "$out" "is broken by patch 2/5 and mended by patch 4/5" "Verdict" "Validating step 1 (5 patches)"
is "the verdict on each patch" "$(python3 - "$work/validation.json" <<'END'
import json, sys
for s in json.load(open(sys.argv[1]))["states"]:
    print(s["name"], s["state"], *[c["kind"] + " " + c["case"] for c in s["changes"]])
END
)" "base good
patch 1/5 good
patch 2/5 good newly failing event/reset-reports-reset
patch 3/5 good same failure as before event/reset-reports-reset
patch 4/5 good fixed event/reset-reports-reset
patch 5/5 good"
validate --whole "$patches/five.mbx"
is "only the end of it changes nothing: status" "$status" 0

# Reports of states can be compared, too
validate --reports "$work/reports" "$patches/break.diff"
try "$exit24" diff "$work/reports/0000.json" "$work/reports/0001.json"
is "diff of two reports: status" "$status" 1
has "diff of two reports: words" "$out" "newly failing: 1" "event/reset-reports-reset" "B is worse than A"
try "$exit24" diff "$work/reports/0001.json" "$work/reports/0000.json"
is "the other way round: status" "$status" 0
has "the other way round: words" "$out" "fixed: 1" "B is not worse than A"
refused "diff of what is no report" "not a report" -- diff "$work/validation.json" "$work/reports/0000.json"

# A mode that this QEMU cannot give

validate --mode nested "$patches/comment.diff"
has "a mode that cannot be given is skipped, with the reason" "$out" "nested: skipped, " "QEMU"
is "a mode that cannot be given, beside one that can: status" "$status" 0

# An answer to the list

validate --reply "$work/reply" "$patches/five.mbx"
has "a reply names its environment and the cases" "$work/reply" "Subject: Re: [PATCH 1/5] step 1" "To: A <a@example.org>" \
	"emulated EL2 of QEMU emulator version 0, no hardware" "base     +1     +2" "pass   fail   fail   pass   pass" "Not bisectable:"
is "a reply has lines of 72 columns at most" "$(grep -cE '^.{73}' "$work/reply")" 0
lacks "a reply vouches for nobody" "$work/reply" "Tested-by"
validate --reply "$work/reply" --tested-by "B <b@example.org>" "$patches/comment.diff"
has "a reply vouches for whom it is told to" "$work/reply" "Tested-by: B <b@example.org>" "changes no behaviour"

# A case to hand over

try "$exit24" repro --cases "$source_root/harness/cli/testdata/cases" -o "$work/repro" event/off-reports-shutdown
is "repro: status" "$status" 0
for file in exit24-agent initramfs plan.json case.json README qemu.sh board.sh system_off.S system_off.bin; do
	holds "repro writes $file" test -s "$work/repro/$file"
done
holds "repro's programs can be run" test -x "$work/repro/exit24-agent" -a -x "$work/repro/qemu.sh" -a -x "$work/repro/board.sh"
refused "repro does not write over what is there" "there already" -- repro -o "$work/repro" \
	--cases "$source_root/harness/cli/testdata/cases" event/off-reports-shutdown
refused "repro takes one case" "name one" -- repro -o "$work/repro2" --cases "$source_root/harness/cli/testdata/cases" 'event/*'

# Forms of a series

validate "$patches/break.diff" "$patches/comment.diff"
is "several files: status" "$status" 1
mkdir "$work/quilt"
cp -- "$patches"/{break,comment}.diff "$work/quilt"
echo comment.diff >"$work/quilt/series"
validate "$work/quilt"
is "a folder of quilt's: status" "$status" 0
cat >"$work/off.cocci" <<END
// Subject: off and on
// files: $psci
@@ @@
- OFF
+ ON
END
validate "$work/off.cocci"
has "a semantic patch that changes nothing" "$err" "off.cocci does not apply: nothing in $psci matches it"
is "a semantic patch that changes nothing: status" "$status" 4
printf '// files: %s\n@script:python@ @@\nprint(1)\n' "$psci" >"$work/script.cocci"
validate "$work/script.cocci"
has "a semantic patch with a script is refused" "$err" "runs no script"
{
	printf '[PATCH v2 1/1] KVM: Break it\n\nAda Lovelace ada at example.org\nThu Dec 12 11:12:26 EST 2013\n\n\nWords.\n---\n'
	cat -- "$patches/break.diff"
	printf -- '-- \n1.7.9.5\n\n\nMore information about the mailing list\n'
} >"$work/page.txt"
validate "$work/page.txt"
is "the page of an archive: status" "$status" 1
has "the page of an archive: what was guessed" "$out" "page of an archive" "Ada Lovelace <ada@example.org>" "KVM: Break it"
as_mail '[PATCH v2 1/1] old' "$patches/comment.diff" >"$work/versions.mbx"
as_mail '[PATCH v3 1/1] new' "$patches/break.diff" >>"$work/versions.mbx"
validate "$work/versions.mbx"
is "two versions in one mailbox: status" "$status" 1
has "two versions in one mailbox: which is taken" "$out" "holds v2 and v3; v3 is taken"
sed 's/$/\r/' "$patches/break.diff" >"$work/crlf.diff"
validate "$work/crlf.diff"
is "CR LF: status" "$status" 1
has "CR LF: it says so" "$out" "CR LF"
head -c -1 "$patches/break.diff" >"$work/cut.diff"
validate "$work/cut.diff"
is "no newline at the end: status" "$status" 1

# What is refused

# apply_fails WHAT FILE TEXT...: status 4, nothing built, and it says so
apply_fails() {
	boots=$(wc -l <"$work/boots")
	validate "$2"
	is "$1: status, and nothing booted" "$status $(wc -l <"$work/boots")" "4 $boots"
	has "$1: words" "$err" "${@:3}"
	same_tree "$1"
}
sed 's/^-RESET=02/-RESET=09/' "$patches/break.diff" >"$work/conflict.diff"
apply_fails "a conflict" "$work/conflict.diff" "does not apply: what it changes is not what the tree has at $psci:"
is "a conflict: the JSON says it, too" "$(python3 -c 'import json, sys; j = json.load(open(sys.argv[1])); print(j["exit_status"], j["states"][1]["state"], j["verdict"]["words"])' "$work/validation.json")" \
	"4 does not apply the series does not apply"
sed 's/^ \/\/ three/ \/\/ other words/' "$patches/break.diff" >"$work/fuzz.diff"
apply_fails "context that is not quite that of the tree" "$work/fuzz.diff" "what it changes is not what the tree has"
validate "$patches/break.diff" "$patches/break.diff"
is "a patch twice: status" "$status" 4
has "a patch twice: words" "$err" "it is in the tree already"
{
	cat -- "$patches/break.diff"
	printf -- '--- a/README\n+++ b/README\n@@ -1 +1 @@\n-old\n+text\n'
} >"$work/partly.diff"
apply_fails "partly applied" "$work/partly.diff" "does not apply: what it changes is not what the tree has at README:1"
printf -- '--- a/gone.c\n+++ b/gone.c\n@@ -1 +1 @@\n-a\n+b\n' >"$work/gone.diff"
apply_fails "a file that the tree does not have" "$work/gone.diff" "the tree has no such file: gone.c"
printf -- '--- a/../x\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n' >"$work/dots.diff"
apply_fails "a path out of the tree" "$work/dots.diff" "leaves the kernel tree"
printf -- '--- /dev/null\n+++ b/.git/hooks/post-checkout\n@@ -0,0 +1 @@\n+x\n' >"$work/hook.diff"
apply_fails "a path into .git" "$work/hook.diff" ".git folder"
printf 'diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n' >"$work/link.diff"
apply_fails "a symbolic link" "$work/link.diff" "symbolic link"
printf 'diff --git a/b b/b\nindex 1..2\nGIT binary patch\nliteral 1\n' >"$work/binary.diff"
apply_fails "a binary patch" "$work/binary.diff" "binary patch of b"
head -n 6 "$patches/break.diff" >"$work/torn.diff"
apply_fails "a patch cut short" "$work/torn.diff" "cut short"

: >"$work/empty"
refused "an empty file" "is empty" -- validate --linux "$tree" "$work/empty"
as_mail '[PATCH 0/2] cover' /dev/null >"$work/cover"
refused "a cover letter alone" "cover letter and no patch" -- validate --linux "$tree" "$work/cover"
refused "no such file" "there is no file" -- validate --linux "$tree" "$work/no-such-file"
refused "no kernel tree" "no kernel tree" -- validate --linux "$work/no-such-tree" "$patches/break.diff"
refused "a folder that is no kernel tree" "not a kernel tree" -- validate --linux "$patches" "$patches/break.diff"

# A rename

printf 'diff --git a/%s b/%s\nsimilarity index 100%%\nrename from %s\nrename to %s\n' "$psci" "${psci%psci.c}new.c" \
	"$psci" "${psci%psci.c}new.c" >"$work/rename.diff"
validate "$work/rename.diff"
is "a renamed file: status" "$status" 0
same_tree "a renamed file"

# Builds that misbehave

printf -- '--- /dev/null\n+++ b/deed\n@@ -0,0 +1 @@\n+touch $O/started; while :; do sleep 1; done\n' >"$work/endless.diff"
validate --build-limit 2 "$work/endless.diff"
is "a build that never ends: status" "$status" 4
has "a build that never ends: words" "$out" "DOES NOT BUILD: the build did not end within 2 s and was stopped"
printf -- '--- /dev/null\n+++ b/deed\n@@ -0,0 +1 @@\n+rm -rf $O/* %s/* ./*; false\n' "$tree" >"$work/delete.diff"
validate "$work/delete.diff"
is "a build that deletes all it can: status" "$status" 4
same_tree "a build that deletes all it can"
validate "$patches/comment.diff"
is "and after it all is well" "$status" 0
printf -- '--- a/Makefile\n+++ b/Makefile\n@@ -1,2 +1,3 @@\n+# more\n # Comments do not get into the Image, and "#error" does not compile.\n %s\n' \
	"$(sed -n 2p "$tree/Makefile")" >"$work/makefile.diff"
validate "$work/makefile.diff"
has "a series that steers the build is told" "$out" "changes what is run when a kernel is built: Makefile"
validate --no-sandbox "$patches/break.diff"
has "without a sandbox there is a warning" "$out" "WARNING" "no sandbox"

# How long it will take: as long as the patches before, which a line says now and then

change "$work/diff" 's/four/4/'
as_mail '[PATCH 1/3] a comment' "$work/diff" >"$patches/slow.mbx"
printf -- '--- /dev/null\n+++ b/deed\n@@ -0,0 +1 @@\n+[ -f $O/slept ] || sleep 7; touch $O/slept\n' >"$work/diff"
as_mail '[PATCH 2/3] sleep' "$work/diff" >>"$patches/slow.mbx"
cp -- "$work/new/$psci" "$work/0"
change "$work/diff" 's/one/I/' "$work/0"
as_mail '[PATCH 3/3] another' "$work/diff" >>"$patches/slow.mbx"
validate "$patches/slow.mbx"
is "a slow build: status" "$status" 0
holds "a slow build: which patch, what it does, and how long it will be" grep -qE 'patch 2/3: building.*, about [0-9]+ s left' "$err"

# An interrupt

started=("$EXIT24_CACHE"/trees/linux-*/slots/0/build)
rm -f -- "${started[0]}/started"
change "$work/off.diff" 's/OFF=01/OFF=02/'
start "$exit24" validate --linux "$tree" --cases "$source_root/harness/cli/testdata/cases" --qemu "$work/qemu" --mode nvhe \
	"$work/off.diff" "$work/endless.diff"
wait_until 120 test -e "${started[0]}/started"
child=$(children_of "$pid")
kill -INT "$pid"
end 20
is "an interrupt: status" "$status" 130
has "an interrupt: words" "$err" "interrupted" "goes on from there"
holds "an interrupt leaves no child" wait_until 5 gone "${child%%$'\n'*}"
same_tree "an interrupt"
boots=$(wc -l <"$work/boots")
validate "$work/off.diff"
has "after an interrupt nothing is done twice" "$out" "newly failing: 1" "everything had been built and run before"
is "after an interrupt nothing is booted twice" "$(wc -l <"$work/boots")" "$boots"
validate "$patches/comment.diff"
is "after an interrupt all is well" "$status" 0

# A git tree

git=(git -c user.name=a -c user.email=a@example.org -c init.defaultBranch=main -c commit.gpgsign=false -C "$work/git")
cp -a -- "$tree" "$work/git"
"${git[@]}" init -q
"${git[@]}" add -A
"${git[@]}" commit -qm base
sed -i 's/RESET=02/RESET=01/' "$work/git/$psci"
"${git[@]}" commit -qam 'break it'
sed -i 's/RESET=01/RESET=02/' "$work/git/$psci"
"${git[@]}" commit -qam 'mend it'
printf '#!/bin/sh\ntouch %s/hook-ran\n' "$work" >"$work/git/.git/hooks/post-checkout"
chmod +x "$work/git/.git/hooks/post-checkout"
echo dirt >"$work/git/untracked"
tree=$work/git
before=$(snapshot "$tree")
validate HEAD~2..HEAD
is "a range of commits: status" "$status" 1
has "a range of commits: each by its name" "$out" "break it" "mend it" "is broken by patch 1/2 and mended by patch 2/2"
same_tree "a git tree"
holds "no hook ran" test ! -e "$work/hook-ran"
"${git[@]}" format-patch -q -1 --base=HEAD~2 -o "$work/formatted" HEAD~1
validate "$work/formatted"
is "a patch that names its base: status" "$status" 1
has "a patch that names its base is applied to that" "$out" "commit $("${git[@]}" rev-parse --short=12 HEAD~2)"

# As a check of b4 review: it runs in the tree, with a mail on standard input and its notes in a file

"${git[@]}" update-ref refs/heads/b4/review/20260101-x "$("${git[@]}" commit-tree -p HEAD -m "b4's own" 'HEAD^{tree}')"
cat >"$work/tracking.json" <<END
{"series": {"change-id": "20260101-x", "revision": 1, "base-commit": "$("${git[@]}" rev-parse HEAD~2)",
  "first-patch-commit": "$("${git[@]}" rev-parse HEAD~1)"},
 "patches": [{"header-info": {"msgid": "1@example.org"}}, {"header-info": {"msgid": "2@example.org"}}]}
END
cover=$work/cover.mail
printf 'From: A <a@example.org>\nSubject: [PATCH 0/2] cover\nMessage-ID: <0@example.org>\n\nWords.\n' >"$cover"
sed 's/0@/1@/; s/0\/2/1\/2/' "$cover" >"$work/1.mail"
sed 's/0@/2@/; s/0\/2/2\/2/' "$cover" >"$work/2.mail"
# b4 MAIL ARGUMENT...: what b4 does; the tracking data is $notes, if that is set
b4() {
	local mail=$1 variables=()
	shift
	[[ ! $notes ]] || variables=("B4_TRACKING_FILE=$notes")
	status=0
	(cd "$tree" && exec env "${variables[@]}" timeout -k 5 60 "$exit24" b4-check --cases "$source_root/harness/cli/testdata/cases" \
		--qemu "$work/qemu" --mode nvhe "$@") <"$mail" >"$out" 2>"$err" || status=$?
}
# The result in $out: its status and its summary, if it is what b4 takes
result() {
	python3 - "$out" <<'END'
import json, sys
result, = json.load(open(sys.argv[1]))
assert set(result) <= {"tool", "status", "summary", "url", "details"}, result
assert all(isinstance(value, str) for value in result.values()), result
assert "\n" not in result["summary"]
print(result["tool"], result["status"], result["summary"])
END
}
before=$(snapshot "$tree")
notes=$work/tracking.json
b4 "$cover"
is "b4-check of a series: status" "$status" 0
is "b4-check of a series" "$(result)" "exit24 fail the series breaks nothing, but not every patch of it is good"
has "b4-check of a series: the details" "$out" "patch 1/2 break it" "newly failing: 1" "not bisectable: event/reset-reports-reset" \
	"emulated EL2 of QEMU emulator version 0, no hardware"
boots=$(wc -l <"$work/boots")
b4 "$work/1.mail" --patch
is "b4-check of the patch that breaks it" "$(result)" "exit24 fail newly failing: 1"
b4 "$work/2.mail" --patch
is "b4-check of the patch that mends it" "$(result)" "exit24 pass fixed: 1"
is "b4-check of each patch boots nothing again" "$(wc -l <"$work/boots")" "$boots"
b4 "$cover" --patch
is "b4-check of a mail that is no patch: status, and no JSON" "$status $(<"$out")" "2 "
has "b4-check of a mail that is no patch: words" "$err" "0@example.org is no patch of the series"
notes=
b4 "$cover"
is "b4-check of a series that b4 has not checked out" "$status $(result)" \
	"0 exit24 warn not judged: b4 has not checked the series out, and the mail holds a cover letter and no patch; give it the whole thread"
as_mail '[PATCH] break it' "$patches/break.diff" | sed 1d >"$work/single.mail"
b4 "$work/single.mail"
is "b4-check of a series of one patch that b4 has not checked out" "$status $(result)" "0 exit24 fail the series makes a case worse"
as_mail '[PATCH] again' "$work/conflict.diff" | sed 1d >"$work/conflict.mail"
b4 "$work/conflict.mail"
is "b4-check of a patch that does not apply" "$status $(result)" "0 exit24 fail the series does not apply"
has "b4-check of a patch that does not apply: why" "$out" "DOES NOT APPLY: \\\"again\\\" does not apply: what it changes"
echo '{"series": {}}' >"$work/notes.json"
notes=$work/notes.json
b4 "$cover"
is "b4-check with notes that say nothing: status, and no JSON" "$status $(<"$out")" "2 "
has "b4-check with notes that say nothing: words" "$err" "$work/notes.json has no \"first-patch-commit\""
same_tree "b4-check"

validate no..where
has "a range that is none" "$err" "no range of commits"
is "a range that is none: status" "$status" 2
validate --base nonsense "$patches/break.diff"
has "a commit that the tree does not have" "$err" "has no commit"

# A cache that is too large: what was not used for longest goes, and it says so

cp -a -- "$tree" "$work/third"
tree=$work/third
EXIT24_CACHE_LIMIT=0 validate HEAD~1..HEAD
is "a full cache: status" "$status" 0
has "a full cache: what is removed" "$out" "had more than 0 GiB: 2 kernel trees and"
is "a full cache: the tree at work stays" "$(cd "$EXIT24_CACHE/trees" && printf '%s\n' */source | sed 's/-[^-]*$//')" third
validate HEAD~1..HEAD
has "a full cache: what was used is still there" "$out" "everything had been built and run before"
export EXIT24_CACHE_LIMIT=much
validate HEAD~1..HEAD
is "a limit that is no number, when it is not needed: status" "$status" 0
cp -a -- "$tree" "$work/fourth"
tree=$work/fourth
validate HEAD~1..HEAD
has "a limit that is no number" "$err" 'EXIT24_CACHE_LIMIT is "much", which is no number of GiB'
unset EXIT24_CACHE_LIMIT

finish

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_cites.sh EXIT24
#
# exit24 cites on a kernel tree of a few documents, written here, and cases that cite them. EXIT24_LINUX may name
# real ones, with : between them.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

tree=$work/tree
kvm=Documentation/virt/kvm
api=$kvm/api.rst
mkdir -p "$tree/$kvm/arm" "$tree/$kvm/devices" "$tree/arch/arm64/kvm" "$work/empty"

cat >"$tree/$api" <<'END'
===================
How to call things
===================

1. First words
==============

These words are in no section that counts.

4.38 KVM_GET_MP_STATE
---------------------

:Capability: something
:Returns: nothing that is a sentence

::

  struct thing {
	int not_a_sentence;
  };

Asks how a vCPU is. It answers with a state,
which goes over two lines.

Possible values are:

   ==================   ====================
   KVM_MP_STATE_ASLEEP  a row of a table
   ==================   ====================

For arm64:
^^^^^^^^^^

Below a smaller heading is the same section.

.. warning::

     A warning is to be heeded.

See the code below::

	and this is code.

4.39 KVM_SET_MP_STATE
---------------------

Tells a vCPU how to be.

5. The run structure
====================

::

		/* KVM_EXIT_OTHER */
		struct { int x; } other;

Another exit is another exit.

::

		/* KVM_EXIT_SYSTEM_EVENT */
		struct {
  #define NOT_A_SENTENCE 1
		} system_event;

The guest wants something. The types are:

 - SHUTDOWN -- it wants to end.
   Userspace need not listen.
 - RESET -- it wants to begin again.

For arm/arm64:
--------------

A heading does not end an exit.

::

		/* KVM_EXIT_NEXT */
		struct { int y; } next;

The next exit is the next exit.
END
cat >"$tree/$kvm/arm/hypercalls.rst" <<'END'
* KVM_REG_ARM_PSCI_VERSION:

  Holds a version.

  - Affects the whole VM

* KVM_REG_OTHER:

  Holds another thing.
END
printf '/*\n * Nothing is as quick as a sleeping vCPU.\n */\nint x; /* A small remark. */\n' >"$tree/arch/arm64/kvm/psci.c"

hash_of() {
	printf %s "$1" | sha256sum | cut -c 1-12
}

cases=$work/cases
mkdir -p "$cases/event"
good=$(<"$testdata/cases/event/off-reports-shutdown.json")
rests='{ "doc": "harness/cli/testdata", "section": "none", "sentence": "sha256:000000000000" }'
[[ $good == *"$rests"* ]] || { echo "the case of $testdata has changed" >&2; exit 1; }

# a_case NAME STATUS DOC SENTENCE...: a case that rests on them
a_case() {
	local name=$1 status=$2 doc=$3 spec=
	shift 3
	for sentence; do
		spec+="${spec:+, }{ \"doc\": \"$doc\", \"section\": \"A section\", \"sentence\": \"sha256:$(hash_of "$sentence")\" }"
	done
	printf '%s' "${good/"$rests"/"$spec"}" | sed "s/\"required\"/\"$status\"/" >"$cases/event/$name.json"
}
cites=(cites --cases "$cases" --linux "$tree")
a_case one required "$api" "The guest wants something." "It answers with a state, which goes over two lines."
a_case two characterised "arch/arm64/kvm/psci.c" "Nothing is as quick as a sleeping vCPU."

refused "no tree" "--linux" "--help" -- cites
refused "an unknown option" "--bogus" -- cites --bogus --linux "$tree"
refused "a tree that is not there" "$work/none/$api" "kernel tree" -- cites --linux "$work/none"
refused "an empty name" "kernel tree" -- cites --linux ""
refused "a folder that is no tree" "$work/empty/$api" "kernel tree" -- cites --linux "$work/empty"
refused "a base that is no tree" "$work/empty/$api" -- "${cites[@]}" --base "$work/empty"
refused "a folder of cases that is not there" "$work/none" "--cases" -- cites --linux "$tree" --cases "$work/none"

try "$exit24" "${cites[@]}" --strict
is "a tree that has all cited sentences" "$status $(<"$err")" "0 "
has "each section is counted" "$out" \
	"KVM_EXIT_SYSTEM_EVENT, $api:$(grep -n "/[*] KVM_EXIT_SYSTEM_EVENT" "$tree/$api" | cut -d : -f 1): cases rest on 1 of 5 sentences, on none of" \
	"KVM_GET_MP_STATE, $api:$(grep -n "^4.38" "$tree/$api" | cut -d : -f 1): cases rest on 1 of 4 sentences, on none of" \
	"KVM_SET_MP_STATE, $api:$(grep -n "^4.39" "$tree/$api" | cut -d : -f 1): cases rest on 0 of 1 sentences, on none of" \
	"KVM_REG_ARM_PSCI_VERSION, $kvm/arm/hypercalls.rst:1: cases rest on 0 of 2 sentences" \
	"cases rest on 2 of these 12 sentences" "2 cases cite 3 sentences: this tree has them all"
for sentence in "Asks how a vCPU is." "Below a smaller heading is the same section." "A warning is to be heeded." \
		"SHUTDOWN -- it wants to end." "Userspace need not listen." "RESET -- it wants to begin again." \
		"A heading does not end an exit." "Tells a vCPU how to be." "Holds a version." "Affects the whole VM"; do
	has "no case rests on \"$sentence\"" "$out" "    sha256:$(hash_of "$sentence")  $sentence"
done
lacks "nothing else is a sentence of a section" "$out" "no section that counts" "not_a_sentence" "NOT_A_SENTENCE" "row of a table" \
	"this is code" "Another exit" "The next exit" "another thing" "nothing that is" "The types are" "The guest wants" "two lines"
has "what the tree does not have is named" "$out" "KVM_ARM_VCPU_INIT: not in $api" \
	"KVM_ARM_VM_SMCCC_CTRL: this tree does not have $kvm/devices/vm.rst"
lacks "all of it is kept" "$out" "that kernels do not keep"

# A case that knows better
a_case three required "$api" "Userspace need not listen."
sed -i 's/\(sha256:[0-9a-f]*"\) }/\1, "differs": "userspace is made to listen" }/' "$cases/event/three.json"
try "$exit24" "${cites[@]}" --strict
is "a sentence that kernels do not keep is no failure" "$status $(<"$err")" "0 "
has "it is listed with what they do" "$out" "sentences of this tree that kernels do not keep" "event/three, $api, A section" \
	"text:    Userspace need not listen." "kernels: userspace is made to listen"
touch "$tree/MAINTAINERS"
try "$exit24" cases --cases "$cases" show event/three --linux "$tree"
has "the case shows it too" "$out" "but: userspace is made to listen"
rm -- "$cases/event/three.json"

# A document is changed.
cp -r -- "$tree" "$work/new"
cites=(cites --cases "$cases" --linux "$work/new")
sed -i 's/^The guest wants something\./The guest wants something else./; s/^Asks how/Asks kindly how/' "$work/new/$api"
try "$exit24" "${cites[@]}"
is "a sentence has changed: the listing is a listing" "$status" 0
has "and the case that rests on it is named" "$out" "cited, and not in this tree" "event/one (required)" \
	"    $api, A section (sha256:$(hash_of "The guest wants something.")): this tree has no such sentence" \
	"this tree lacks 1, of 1 cases"
lacks "and no other" "$out" "event/two" "$(hash_of "It answers with a state, which goes over two lines.")"
try "$exit24" "${cites[@]}" --strict
is "with --strict it is a failure" "$status" 1
try "$exit24" "${cites[@]}" --strict --base "$tree"
is "so it is with the tree that had it" "$status" 1
has "which gives the words, and what they may be now" "$out" "        was:  The guest wants something." \
	"        now?  The guest wants something else."
try "$exit24" "${cites[@]}" --strict --base "$work/new"
is "what the base does not have either has not vanished" "$status" 0
has "and is counted" "$out" "1 neither here nor in $work/new"

# It moves to another document, or a whole document goes.
cp -- "$tree/$api" "$work/new/$api"
mv -- "$work/new/arch/arm64/kvm/psci.c" "$work/new/arch/arm64/kvm/calls.c"
try "$exit24" "${cites[@]}" --strict
is "a sentence that has moved has not vanished" "$status" 0
has "and where it is is said" "$out" "cited, and elsewhere in this tree" "): in arch/arm64/kvm/calls.c" "has 1 elsewhere"
rm -- "$work/new/arch/arm64/kvm/calls.c"
try "$exit24" "${cites[@]}" --strict
is "with its document it has" "$status" 1
has "which is said" "$out" "event/two (characterised)" "this tree has no such document"

# Strange documents
printf 'no heading and no end \033[31m' >"$work/new/$api"
try "$exit24" "${cites[@]}"
is "a document without headings" "$status" 0
printf '4.38 KVM_GET_MP_STATE\n-----\n\nWords \033[31m in red. :: ====\n\n::' >"$work/new/$api"
try "$exit24" "${cites[@]}"
is "one with control characters" "$status $(LC_ALL=C tr -d '\n\40-\176\200-\377' <"$out" | wc -c)" "0 0"
: >"$work/new/$api"
try "$exit24" "${cites[@]}"
is "an empty one" "$status" 0

# Kernel trees
IFS=: read -r -a trees <<<"${EXIT24_LINUX:-}"
((${#trees[@]} > 0)) || note "EXIT24_LINUX names no kernel tree"
for tree in "${trees[@]}"; do
	try "$exit24" cites --linux "$tree"
	is "$tree" "$status $(<"$err")" "0 "
	has "its event section is found" "$out" "KVM_EXIT_SYSTEM_EVENT, $api:"
	note "$(grep '^cases rest' "$out"); $(tail -n 1 "$out")"
done

finish

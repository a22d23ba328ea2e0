#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/series/test_kernel.sh EXIT24
#
# exit24 validate on real kernels: the folders that EXIT24_LINUX names, joined with ':', as scripts/fetch-source
# prints them. The first time each is built from nothing, which takes minutes; what is built stays in the cache of
# the user, or in EXIT24_KERNEL_CACHE.

# shellcheck source=harness/cli/testlib.sh
cache=${EXIT24_KERNEL_CACHE:-${EXIT24_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/exit24}}
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"

IFS=: read -r -a trees <<<"${EXIT24_LINUX:-}"
((${#trees[@]} > 0)) || skip "EXIT24_LINUX names no kernel source; scripts/fetch-source prints some"
for program in qemu-system-aarch64 bwrap spatch; do
	command -v "$program" >/dev/null || skip "there is no $program"
done
export EXIT24_CACHE=$cache COLUMNS=200
limit=5400
psci=arch/arm64/kvm/psci.c
cases=(--case system_off/reports-shutdown --case 'system_[rs]*/reports-*' --case wakeup/pending-interrupt-is-reported)

states() {
	python3 - "$work/validation.json" <<'END'
import json, sys
for s in json.load(open(sys.argv[1]))["states"]:
    print(s["name"], s["state"], *sorted({c["kind"] for c in s["changes"]}))
END
}

for tree in "${trees[@]}"; do
	note "$tree"
	before=$(stat -c '%n %s %Y' "$tree/$psci" "$tree/include/uapi/linux/kvm.h" "$tree/Makefile")

	try "$exit24" validate --linux "$tree" --mode nvhe "${cases[@]}" --json "$work/validation.json" \
		"$source_root/kernel-patches/seed"
	is "the seed: status" "$status" 0
	is "the seed: each state" "$(states)" "base good
patch 1/2 good same failure as before
patch 2/2 good fixed"
	tr -s ' \n' ' ' <"$out" >"$work/flat"
	has "the seed: the header is red without the number, and green with patch 1" "$work/flat" "WRONG: " "mended: "
	has "the seed: how it fails" "$work/flat" "the guest was resumed and saw PSCI_RET_NOT_SUPPORTED"
	start=$SECONDS
	try "$exit24" validate --linux "$tree" --mode nvhe "${cases[@]}" "$source_root/kernel-patches/seed"
	has "the seed again: nothing is built or booted" "$out" "everything had been built and run"
	note "the second time took $((SECONDS - start)) s"

	# The other ways in which the events can go missing, each told as what it is
	for way in 'resumed:the guest was resumed and saw PSCI_RET_NOT_SUPPORTED' 'unknown-exit:KVM_RUN returned without an exit reason' \
		'no-event:KVM_RUN returned without an exit reason' 'blocked:it is blocked: KVM has put the guest to sleep' \
		'exception:the guest took an exception' 'run-fails:KVM_RUN failed instead of reporting the event (errno is EINVAL (22)'; do
		try "$exit24" validate --linux "$tree" --mode nvhe --case system_off/reports-shutdown --case system_reset/reports-reset \
			"$source_root/kernel-patches/seed/ways/${way%%:*}.cocci"
		is "without the event, ${way%%:*}: status" "$status" 1
		tr -s ' \n' ' ' <"$out" >"$work/flat"
		has "without the event, ${way%%:*}: what userspace sees" "$work/flat" "newly failing: 2" "${way#*:}"
	done

	# Comments, then a break, a comment, the mend, and another comment: five patches in one mailbox
	mkdir -p "$work/a/${psci%/*}" "$work/b/${psci%/*}"
	cp -- "$tree/$psci" "$work/a/$psci"
	: >"$work/five.mbx"
	n=0
	for step in '1i // one' 's/KVM_SYSTEM_EVENT_RESET, 0/KVM_SYSTEM_EVENT_SHUTDOWN, 0/' '1i // two' \
		'/kvm_psci_system_reset(struct/,/^}/s/KVM_SYSTEM_EVENT_SHUTDOWN, 0/KVM_SYSTEM_EVENT_RESET, 0/' '1i // three'; do
		sed -- "$step" "$work/a/$psci" >"$work/b/$psci"
		printf 'From 0 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH %d/5] step %d\n\n---\n' $((++n)) "$n" >>"$work/five.mbx"
		(cd "$work" && diff -U1 "a/$psci" "b/$psci" | sed -E '1,2s/\t.*//') >>"$work/five.mbx" || true # diff says that they differ
		printf -- '-- \n2\n\n' >>"$work/five.mbx"
		cp -- "$work/b/$psci" "$work/a/$psci"
	done
	try "$exit24" validate --linux "$tree" --mode nvhe "${cases[@]}" --json "$work/validation.json" "$work/five.mbx"
	is "five patches with a break in the middle: status" "$status" 1
	is "five patches: each state" "$(states)" "base good
patch 1/5 good
patch 2/5 good newly failing
patch 3/5 good same failure as before
patch 4/5 good fixed
patch 5/5 good"
	tr -s ' \n' ' ' <"$out" >"$work/flat"
	has "five patches: what is not bisectable" "$work/flat" \
		"system_reset/reports-reset (nvhe) is broken by patch 2/5 and mended by patch 4/5"

	# Comments only, as they come to a list: with a cover letter
	: >"$work/comments.mbx"
	printf 'From 0 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH 0/2] KVM: arm64: Comments\n\nWords.\n\n' >>"$work/comments.mbx"
	n=0
	cp -- "$tree/$psci" "$work/a/$psci"
	for step in '0,/^ \* [A-Z]/s/^\( \* [A-Z].*\)/\1 now/' '0,/^\t \* [A-Z]/s/^\(\t \* [A-Z].*\)/\1 then/'; do
		sed -- "$step" "$work/a/$psci" >"$work/b/$psci"
		printf 'From 0 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nSubject: [PATCH %d/2] KVM: arm64: Say it %d times\n\n---\n' $((++n)) "$n" >>"$work/comments.mbx"
		(cd "$work" && diff -u "a/$psci" "b/$psci" | sed -E '1,2s/\t.*//') >>"$work/comments.mbx" || true
		printf -- '-- \n2\n\n' >>"$work/comments.mbx"
		cp -- "$work/b/$psci" "$work/a/$psci"
	done
	try "$exit24" validate --linux "$tree" --mode nvhe "${cases[@]}" "$work/comments.mbx"
	is "comments only: status" "$status" 0
	has "comments only: nothing changed" "$out" "Validating KVM: arm64: Comments (2 patches)" \
		"the series changes no behaviour: every kernel is the same byte for byte"

	# The hang of guests with their MMU on, on a Cortex-A57
	if grep -q '__hpfar_valid' "$tree/arch/arm64/kvm/hyp/include/hyp/fault.h"; then
		try "$exit24" validate --linux "$tree" --mode nvhe --case 'system_off/reports-shutdown*' --json "$work/validation.json" \
			"$source_root/kernel-patches/a57"
		is "the remedy of the hang: status" "$status" 0
		is "the remedy of the hang: each state" "$(states)" "base good
patch 1/1 good fixed"
		has "the remedy of the hang: what it was" "$out" "was hang"
	fi
	is "the tree is as it was" "$(stat -c '%n %s %Y' "$tree/$psci" "$tree/include/uapi/linux/kvm.h" "$tree/Makefile")" "$before"
done
finish

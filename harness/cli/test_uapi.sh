#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_uapi.sh EXIT24
#
# exit24 uapi on the headers that Debian installs for arm64, on a kernel tree made from them, and on copies of
# them with one mistake each. EXIT24_LINUX may name kernel trees, with : between them; all of them are to pass.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

# Headers
for folder in "" linux asm; do
	mkdir -p "$work/x86/$folder" "$work/half/linux"
done
: >"$work/half/linux/kvm.h"
: >"$work/x86/linux/kvm.h"
echo '/* registers of another processor */' >"$work/x86/asm/kvm.h"
mkdir -p "$work/empty" "$work/notarm/include/uapi/linux"
: >"$work/notarm/include/uapi/linux/kvm.h"
refused "no tree" "TREE" "--help" -- uapi
refused "a third tree" "--help" -- uapi a b c
refused "an unknown option" "--bogus" -- uapi --bogus "$work"
refused "an empty name" "empty" -- uapi ""
refused "a folder that is not there" "$work/none" "include/uapi/linux/kvm.h" -- uapi "$work/none"
refused "a folder without headers" "$work/empty" "linux/kvm.h" -- uapi "$work/empty"
refused "a file" "$work/half/linux/kvm.h" -- uapi "$work/half/linux/kvm.h"
refused "headers without asm/" "$work/half/asm/kvm.h" "headers_install" -- uapi "$work/half"
refused "headers of another architecture" "$work/x86/asm/kvm.h" "not arm64" -- uapi "$work/x86"
refused "a kernel tree without arm64" "$work/notarm/arch/arm64" "whole kernel tree" -- uapi "$work/notarm"
refused "a name of control characters" "?" -- uapi "$work/"$'\033[31m'

installed=/usr/aarch64-linux-gnu/include
prefix=aarch64-linux-gnu-
if [[ $(uname -m) == aarch64 ]]; then
	installed=/usr/include prefix=
fi
[[ -e $installed/linux/kvm.h ]] || skip "there are no user headers in $installed; install g++-aarch64-linux-gnu"
command -v "${prefix}g++" >/dev/null || skip "there is no ${prefix}g++; install g++-aarch64-linux-gnu"

try "$exit24" uapi "$installed"
is "the installed headers hold" "$status $(<"$err")" "0 "
has "both kinds of programs compile" "$out" "a C program with <linux/kvm.h>" "a C++ program with <linux/kvm.h>"
has "all of the contract is asked for" "$out" "exit reasons" "system event types" "struct kvm_run" "MP states" \
	"capabilities" "requests" "vCPU features" "register ids" "PSCI 0.1" ", 0 wrong"
has "a macro that needs the kernel's BIT() is for review" "$out" "PSCI_1_0_OS_INITIATED" "'BIT'" "SE-HDR-16"
LC_ALL=C.UTF-8 CPATH=$work/x86 try "$exit24" uapi --all "$installed"
is "the environment makes no difference" "$status" 0
has "--all prints each number" "$out" "KVM_EXIT_SYSTEM_EVENT: 24 (SE-HDR-01)" "KVM_SYSTEM_EVENT_SHUTDOWN: 1" \
	"offset of system_event.ndata of struct kvm_run: 36" "size of struct kvm_run: 2352" "KVM_PSCI_FN_BASE: 0x95c1ba5e" \
	"PSCI_RET_INTERNAL_FAILURE: -6" "PSCI_VERSION(1, 3): 0x10003" "KVM_ARM_VCPU_INIT: 0x4020aeae" \
	"id of pc: 0x6030000000100040" "offset of flags in today's system_event: 8"

try bash -c "$(printf '%q uapi --all %q' "$exit24" "$installed") | head -n 1"
is "a reader that goes away does no harm" "$status $(<"$err")" "0 "

# A kernel tree: where the headers are, what no program sees, and a release of its own.
# tree FOLDER VERSION PATCHLEVEL
tree() {
	local generic=$1/include/uapi arch=$1/arch/arm64/include/uapi
	mkdir -p "$generic" "$arch"
	cp -r -- "$installed/linux" "$installed/asm-generic" "$generic"
	cp -rL -- "$asm" "$arch/asm"
	rm -- "$arch/asm/types.h" "$arch/asm/ioctl.h"
	sed -i 's@^#include <linux/types.h>@&\n#include <linux/compiler.h>@; s@__u64 addr;@__u64 __user addr;@' \
		"$generic/linux/kvm.h"
	printf '%s = %s\n' VERSION "$2" PATCHLEVEL "$3" SUBLEVEL 7 >"$1/Makefile"
}
asm=$installed/asm
[[ -e $asm/kvm.h ]] || asm=$installed/aarch64-linux-gnu/asm
tree "$work/tree" 6 1
try "$exit24" uapi "$work/tree"
is "a kernel tree holds" "$status $(<"$err")" "0 "
has "its release is known" "$out" "$work/tree (6.1.7), a kernel tree"
cp -r -- "$work/tree" "$work/tree of spaces"
try "$exit24" uapi "$work/tree of spaces/"
is "a path with a space, and a slash behind it" "$status" 0

# mutant WHAT SCRIPT: a copy of the tree of which sed has changed $file
mutant() {
	rm -rf -- "$work/mutant"
	cp -r -- "$work/tree" "$work/mutant"
	sed -i -E -- "$2" "$work/mutant/$file"
	if diff -rq -- "$work/tree" "$work/mutant" >"$out"; then
		bad "$1" "the mistake is not in it"
	fi
	try "$exit24" uapi "$work/mutant"
}

# caught WHAT SCRIPT TEXT...: the tree with that mistake fails, and each TEXT is a line's part
caught() {
	mutant "$1" "$2"
	is "$1 is wrong" "$status $(<"$err")" "1 "
	has "and said to be so" "$out" WRONG "${@:3}"
}
file=include/uapi/linux/kvm.h
event='/\/\* KVM_EXIT_SYSTEM_EVENT \*\//,/\} system_event;/'
caught "SHUTDOWN renumbered" 's/(KVM_SYSTEM_EVENT_SHUTDOWN +)1/\19/' \
	"KVM_SYSTEM_EVENT_SHUTDOWN is 9, and 1 in every release (SE-HDR-02): include/uapi/linux/kvm.h:" "mend"
caught "the exit reason renumbered" 's/(KVM_EXIT_SYSTEM_EVENT +)24/\125/' \
	"KVM_EXIT_SYSTEM_EVENT is 25, and 24 in every release (SE-HDR-01): include/uapi/linux/kvm.h:"
caught "a reason with the number of another" 's/^#define KVM_EXIT_SYSTEM_EVENT .*/&\n#define KVM_EXIT_NEWER 24/' \
	"KVM_EXIT_NEWER has the number 24, which is KVM_EXIT_SYSTEM_EVENT's (SE-HDR-01): include/uapi/linux/kvm.h:"
caught "an event type with the number of another" 's/^#define KVM_SYSTEM_EVENT_SUSPEND .*/&\n#define KVM_SYSTEM_EVENT_NAP 5/' \
	"KVM_SYSTEM_EVENT_NAP has the number 5, which is KVM_SYSTEM_EVENT_SUSPEND's"
caught "ndata of 64 bits" "$event s/__u32 ndata/__u64 ndata/" \
	"size of system_event.ndata of struct kvm_run is 8, and 4 in every release (SE-HDR-05)" \
	"offset of system_event.data of struct kvm_run is 48, and 40" \
	"offset of flags in today's system_event is 16, and 8 in every release (SE-HDR-07)"
caught "data of 40 words" "$event s/data\\[16\\]/data[40]/" \
	"size of system_event.data of struct kvm_run is 320, and 128" "size of struct kvm_run is 2424, and 2352" \
	"offset of kvm_valid_regs of struct kvm_run is 360, and 288 in every release (SE-HDR-08)"
caught "a larger union" 's/(char padding\[)256/\1320/' \
	"size of padding of struct kvm_run is 320, and 256 in every release (SE-HDR-08)" \
	"offset of s of struct kvm_run is 368, and 304"
caught "flags gone" "$event s/__u64 flags;//" \
	"system_event.flags of struct kvm_run is gone, and every release has it (SE-HDR-06): include/uapi/linux/kvm.h"
caught "flags no alias" "$event s/__u64 flags;/struct { __u64 unused; __u64 flags; };/" \
	"offset of system_event.flags of struct kvm_run is 48, and 40" "offset of flags in today's system_event is 16"
caught "a type gone" '/define KVM_SYSTEM_EVENT_SUSPEND/d' \
	"KVM_SYSTEM_EVENT_SUSPEND is gone, and 6.1 has it (SE-HDR-02)"
caught "a type without a number" 's/(KVM_SYSTEM_EVENT_RESET +)2/\1/' \
	"KVM_SYSTEM_EVENT_RESET must be 2, and is no number (SE-HDR-02): include/uapi/linux/kvm.h:"
caught "a capability renumbered" 's/(KVM_CAP_SYSTEM_EVENT_DATA +)215/\1214/' \
	"KVM_CAP_SYSTEM_EVENT_DATA is 214, and 215 in every release (SE-HDR-11)"
caught "an ioctl with another argument" 's/^(struct kvm_mp_state \{)/\1 __u32 before;/' \
	"KVM_GET_MP_STATE is 0x8008ae98, and 0x8004ae98" "offset of mp_state of struct kvm_mp_state is 4, and 0"
caught "a header that does not compile" 's/^struct kvm_run \{/& __u65 more;/' \
	"a C program" "include/uapi/linux/kvm.h:" "'__u65'"
caught "a header that includes one of the kernel's own" 's/^#include <linux\/ioctl.h>/&\n#include <linux\/kvm_host.h>/' \
	"a C program" "linux/kvm_host.h: No such file"
caught "a header that is no C++" 's/^struct kvm_device_attr \{/& __u8 class;/' "a C++ program" "include/uapi/linux/kvm.h:"
file=arch/arm64/include/uapi/asm/kvm.h
caught "a flag moved" 's/(FLAG_PSCI_RESET2.*)<< 0/\1<< 1/' \
	"KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2 is 2, and 1 in every release (SE-HDR-09): arch/arm64/include/uapi/asm/kvm.h:"
caught "PSCI 0.1 renumbered" 's/0x95c1ba5e/0x95c1ba60/' \
	"KVM_PSCI_FN_BASE is 0x95c1ba60, and 0x95c1ba5e in every release (SE-HDR-13)" "KVM_PSCI_FN_MIGRATE is"
file=include/uapi/linux/psci.h
caught "a PSCI result changed" 's/(PSCI_RET_DENIED[[:blank:]]+)-3/\1-4/' \
	"PSCI_RET_DENIED is -4, and -3 in every release (SE-HDR-12): include/uapi/linux/psci.h:" "KVM_PSCI_RET_DENIED is -4"

file=include/uapi/linux/kvm.h

# What is new since is not missed in an old kernel, but in a new one.
mutant "an older tree" 's/^#define KVM_SYSTEM_EVENT_SUSPEND .*//'
sed -i 's/PATCHLEVEL = .*/PATCHLEVEL = 18/; s/^VERSION = .*/VERSION = 5/' "$work/mutant/Makefile"
try "$exit24" uapi "$work/mutant"
is "a kernel from before SUSPEND needs none" "$status" 0
has "which is said" "$out" "absent  KVM_SYSTEM_EVENT_SUSPEND, which came by 6.1"
rm -- "$work/mutant/Makefile"
try "$exit24" uapi "$work/mutant"
is "so does one that does not say its release" "$status" 0
has "which is said as well" "$out" "absent  KVM_SYSTEM_EVENT_SUSPEND" "of what release this is they do not say"
mutant "new names" 's/^#define KVM_EXIT_SYSTEM_EVENT .*/&\n#define KVM_EXIT_NEW_ONE 99/
	s/^struct kvm_device_attr \{/struct kvm_new { __u8 one; union { __u16 two; struct { __u32 three[2], four; }; } both; };\n&/'
is "new names do no harm" "$status" 0

# Two kernels
try "$exit24" uapi "$work/tree" "$work/mutant"
is "two that hold" "$status" 0
has "what is new in the other one is listed" "$out" "A is $work/tree (6.1.7), B is $work/mutant (6.1.7)" \
	"new  KVM_EXIT_NEW_ONE: not in A, 99 in B" "new  struct kvm_new: not in A, 16 bytes in B" "2 differences"
try "$exit24" uapi "$work/mutant" "$work/tree"
has "and what is gone from it" "$out" "gone  KVM_EXIT_NEW_ONE: 99 in A, not in B" "gone  struct kvm_new: 16 bytes in A, not in B"
mutant "renumbered, and ndata of 64 bits" "s/(KVM_SYSTEM_EVENT_SHUTDOWN +)1/\\19/; $event s/__u32 ndata/__u64 ndata/"
try "$exit24" uapi "$work/tree" "$work/mutant"
is "the second one is judged, too" "$status" 1
has "what differs is in words" "$out" "changed  KVM_SYSTEM_EVENT_SHUTDOWN: 1 in A, 9 in B" \
	"changed  struct kvm_run: system_event.ndata: offset 36, 4 bytes in A, offset 40, 8 bytes in B" \
	"changed  struct kvm_run: system_event: offset 32, 136 bytes in A, offset 32, 144 bytes in B"
try "$exit24" uapi "$work/tree" "$work/tree"
has "a tree does not differ from itself" "$out" "no difference"
refused "a second tree that is none" "$work/empty" -- uapi "$work/tree" "$work/empty"

# Compilers. One that is not there, that fails by itself, that never ends.
mkdir "$work/bin"
try env PATH="$work/bin" "$exit24" uapi "$work/tree"
is "without a compiler the status is 3" "$status $(grep -c "${prefix}gcc.*apt-get install" "$err")" "3 1"
for tool in gcc g++; do
	printf '#!/bin/sh\necho "disk full" >&2\nexit 7\n' >"$work/bin/$prefix$tool"
	chmod +x "$work/bin/$prefix$tool"
done
PATH=$work/bin:$PATH try "$exit24" uapi "$work/tree"
is "so it is with one that fails by itself" "$status $(grep -c "status 7: disk full" "$err")" "3 1"
printf '#!/bin/sh\nexec sleep 50\n' >"$work/bin/${prefix}gcc"
PATH=$work/bin:$PATH start "$exit24" uapi "$work/tree"
# shellcheck disable=SC2317 # wait_until calls it
compiles() {
	[[ $(children_of "$pid") ]]
}
holds "one that takes long is started" wait_until 20 compiles
kill -INT "$pid"
end 20
is "an interrupted one ends soon, with status 130" "$status" 130

# Kernel trees
IFS=: read -r -a trees <<<"${EXIT24_LINUX:-}"
((${#trees[@]} > 0)) || note "EXIT24_LINUX names no kernel tree"
for tree in "${trees[@]}"; do
	try "$exit24" uapi "$tree"
	is "$tree holds" "$status $(<"$err")" "0 "
	note "$(sed -n 's/^ *\([0-9]* facts\)/\1/p' "$out")"
done

finish

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/machine/test_nested.sh EXIT24
#
# One level down: the emulated machine runs KVM in mode nested, Debian's QEMU for arm64 runs a Linux at virtual EL2
# on it, and in there exit24 runs cases on a /dev/kvm that is KVM's own. It needs four things more than the lab:
# EXIT24_ARM64 and EXIT24_ARM64_QEMU (scripts/fetch-arm64), EXIT24_QEMU (scripts/fetch-qemu), and as the first of
# EXIT24_KERNELS one that offers KVM_CAP_ARM_EL2. The clock must count instructions: by the host's, the timers of two
# kernels leave a guest no time on a busy machine.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"
kernels
inner_qemu=${EXIT24_ARM64_QEMU:-}
[[ -x $inner_qemu/bin/qemu-system-aarch64 ]] ||
	skip "EXIT24_ARM64_QEMU names no QEMU for arm64; scripts/fetch-arm64 qemu fetches one"
[[ -x ${EXIT24_QEMU:-} ]] || skip "EXIT24_QEMU names no QEMU that emulates FEAT_NV2; scripts/fetch-qemu fetches one"
# shellcheck source=harness/machine/arm64.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/arm64.sh"

# The inner machine has the same root; what it tells is a file of the outer one.
globs=('system_off/*' 'system_reset/*' 'vcpus/*')
steps="try doctor exit24 doctor
try run exit24 run --machine native --json /out/report.json $(printf "'%s' " "${globs[@]}")"
printf '%s\n' "$steps" >"$root/steps"
tool initramfs "$root" >"$work/inner"
cp -r -- "$inner_qemu/." "$root"
cp -- "$(realpath -- "${kernels[0]}")" "$root/Image"
mv -- "$work/inner" "$root/initramfs"
# shellcheck disable=SC2034 # boot takes it
steps="try outer exit24 doctor
try inner timeout 3000 qemu-system-aarch64 -accel kvm -M virt,virtualization=on,gic-version=3,its=off -cpu host -m 768 \
	-nodefaults -no-user-config -display none -no-reboot -serial file:/out/console \
	-chardev file,id=out,path=/out/inner.tar -device virtio-serial-pci \
	-device virtserialport,chardev=out,name=exit24.out -kernel /Image -initrd /initramfs \
	-append 'console=ttyAMA0 panic=-1 oops=panic loglevel=4 cryptomgr.notests'"
# shellcheck disable=SC2034
qemu=$EXIT24_QEMU append=kvm-arm.mode=nested boot_limit=3400
boot outer "${clocked[@]}" -m 3072 -cpu max,pauth=off,lpa2=off,sve=off,sme=off
in_there outer
has "the outer machine runs KVM in mode nested" "$out" "ok  native: SYSTEM_OFF on " "in mode nested"
in_there inner
is "the QEMU in it: the status" "$status" 0
here=$work/outer/inner
mkdir -p "$here"
tar -x -f "$work/outer/inner.tar" -C "$here" || true
holds "the inner machine came to its end" test -e "$here/all-done"
[[ -e $here/all-done ]] || { note "$(tail -n 20 "$work/outer/console")"; finish; }
in_there doctor
has "the inner machine has a KVM of its own" "$out" "ok  native: SYSTEM_OFF on " "KVM_EXIT_SYSTEM_EVENT (24)"
in_there run
is "the cases in it: the status, and the mode" "$status $(tool get "$here/report.json" cells 0 environment kvm_mode)" "0 vhe"

out=$work/out
err=$work/err
limit=900 try "$exit24" run --kernel "${kernels[0]}" --mode vhe --json "$work/lab.json" "${globs[@]}"
is "the verdicts are those of the lab" "$(compare "$work/lab.json" "$here/report.json")" same

finish

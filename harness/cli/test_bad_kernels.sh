#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_bad_kernels.sh EXIT24
#
# Kernel images and QEMUs that exit24 refuses before it boots anything. EXIT24_KERNELS, if it is set, adds real
# images to the small one made here.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

small_kernel
small=$work/Image
gzip -1 <"$small" >"$work/small.gz"
tool zboot "$small" >"$work/small.efi"
image=$work/bad

# bad_image WHAT TEXT...: $image is refused by name, for each TEXT.
bad_image() {
	refused "$1" "$image" "${@:2}" -- run --qemu "$work/qemu" --kernel "$image" --json "$work/report.json"
	rm -rf -- "$image"
}

# accepted WHAT IMAGE: it gets as far as QEMU, which ends at once.
accepted() {
	try "$exit24" run --qemu "$work/qemu" --kernel "$2" --mode nvhe system_off/reports-shutdown
	is "$1 is taken: QEMU is started and the status is 3" "$status $(grep -c 'QEMU ended with status 0' "$out")" "3 3"
}

accepted "a raw image" "$small"
accepted "a gzip image" "$work/small.gz"
accepted "an EFI zboot image" "$work/small.efi"

bad_image "no file"
mkdir -- "$image"
bad_image "a folder" "directory"
: >"$image"
bad_image "an empty file" "empty" "Image.gz"
echo "this is not a kernel" >"$image"
bad_image "a text" "not an arm64 kernel image" "Image.gz"
head -c 100000 /dev/zero >"$image"
bad_image "zeroes" "not an arm64 kernel image"
truncate -s 1T "$image"
bad_image "a huge file" "larger"
cp -- "$exit24" "$image"
bad_image "an ELF file" "ELF" "arch/arm64/boot/Image"
printf '!<arch>\ndebian-binary   ' >"$image"
bad_image "a Debian package" "package" "vmlinuz"
{ head -c 514 /dev/zero; printf HdrS; head -c 4096 /dev/zero; } >"$image"
bad_image "an x86 kernel" "x86"
for size in 1 57 63 64 65 100 4095 60000; do
	head -c "$size" "$small" >"$image"
	bad_image "$size bytes of a raw image" ";"
done
for size in 2 18 100 30000; do
	head -c "$size" "$work/small.gz" >"$image"
	bad_image "$size bytes of a gzip image" ";"
done
head -c -1 "$work/small.gz" >"$image"
bad_image "a gzip image without its last byte" "cut short" "again"
{ cat "$work/small.gz"; echo "and more"; } >"$image"
try "$exit24" run --qemu "$work/qemu" --kernel "$image" --mode nvhe
is "a gzip image with something behind it is taken or refused, and no crash" "$((status == 2 || status == 3))" 1
# one byte in the middle
{ head -c 100 "$work/small.gz"; printf '\xff\xff'; tail -c +103 "$work/small.gz"; } >"$image"
bad_image "a damaged gzip image" "damaged" "again"
echo "not a kernel at all" | gzip >"$image"
bad_image "a gzip with a text in it" "not an arm64 kernel image"
python3 -c 'import gzip, sys; sys.stdout.buffer.write(gzip.compress(sys.stdin.buffer.read(), 0))' <"$small" >"$image"
accepted "a gzip image that is not packed" "$image"
printf 'X' | dd of="$image" bs=1 seek=40000 conv=notrunc status=none
bad_image "a gzip image whose checksum does not fit" "damaged" "again"
head -c 4200 "$work/small.efi" >"$image"
bad_image "a cut EFI zboot image" "zboot" "cut short" "again"
{ head -c 8 "$work/small.efi"; printf '\xff\xff\xff\xff\xff\xff\xff\xff'; tail -c +17 "$work/small.efi"; } >"$image"
bad_image "an EFI zboot image with its payload outside" "zboot"
head -c 600000000 /dev/zero | gzip -1 >"$image"
bad_image "a gzip that unpacks to 600 MB" "512 MiB"

refused "the second of two kernels is bad" "$work/text" -- "${with_kernel[@]}" --kernel "$work/text"

IFS=: read -r -a real <<<"${EXIT24_KERNELS:-}"
for kernel in "${real[@]}"; do
	name=${kernel##*/}
	size=$(stat -Lc %s -- "$kernel")
	for percent in 1 50 99; do
		head -c "$((size * percent / 100))" -- "$kernel" >"$image"
		bad_image "$percent % of $name" "cut short" "again"
	done
	gzip -1 <"$kernel" | head -c 3000000 >"$image" || true
	bad_image "3 MB of $name.gz" "cut short" "again"
done
((${#real[@]} > 0)) || note "EXIT24_KERNELS is empty, so no real kernel was cut"

refused "no QEMU" "$work/no-qemu" "qemu-system-arm" "--qemu" -- \
	run --qemu "$work/no-qemu" --kernel "$small" --json "$work/report.json"
printf '#!/bin/sh\nPATH=/nowhere exec "%s" "$@"\n' "$exit24" >"$work/no-path"
chmod +x "$work/no-path"
exit24=$work/no-path refused "no QEMU in PATH" "qemu-system-aarch64" "qemu-system-arm" "--qemu" -- \
	run --machine lab --kernel "$small" --json "$work/report.json"
refused "a QEMU that is no program" "$work/Image" "--qemu" -- \
	run --qemu "$small" --kernel "$small" --json "$work/report.json"
refused "a QEMU that is a folder" "$work" "--qemu" -- run --qemu "$work/" --kernel "$small" --json "$work/report.json"
cat >"$work/qemu" <<'end'
#!/bin/sh
printf 'qemu: \033[31mone\nqemu: two\nqemu: three\n'
exit 1
end
refused "a QEMU that fails with many words" "$work/qemu" "status 1" -- "${with_kernel[@]}"
printf '#!/bin/sh\nkill -SEGV $$\n' >"$work/qemu"
refused "a QEMU that crashes" "$work/qemu" "signal 11" -- "${with_kernel[@]}"

# A QEMU too old for a mode: that mode is skipped, unless a newer one was fetched.
old_qemu='#!/bin/sh\necho "QEMU emulator version 7.2.22"\n'
printf "$old_qemu" >"$work/qemu"
try "$exit24" "${with_kernel[@]}" --mode nested
is "a QEMU too old for the mode: the status, and what the report says" \
	"$status $(tool get "$work/report.json" cells 0 skip)" \
	"3 it needs QEMU 9 or later, and this is QEMU emulator version 7.2.22; scripts/fetch-qemu brings one, or name one with --qemu"
has "the output says it too" "$out" "SKIP" "the whole mode: it needs QEMU 9" "nothing was judged"
mkdir -p "$work/bin" "$work/cache/qemu"
printf "$old_qemu" >"$work/bin/qemu-system-aarch64"
printf '#!/bin/sh\necho "QEMU emulator version 10.0.2"\n' >"$work/cache/qemu/qemu-system-aarch64"
chmod +x "$work/bin/qemu-system-aarch64" "$work/cache/qemu/qemu-system-aarch64"
PATH=$work/bin:$PATH EXIT24_CACHE=$work/cache try "$exit24" run --machine lab --kernel "$small" \
	--json "$work/report.json" --mode nvhe,nested system_off/reports-shutdown
is "a newer one that was fetched is taken for the mode that needs it" \
	"$(for cell in 0 1; do tool get "$work/report.json" cells $cell environment machine qemu; done)" \
	"QEMU emulator version 7.2.22"$'\n'"QEMU emulator version 10.0.2"

refused "no kernel given and none fetched" "--kernel" "scripts/fetch-kernel" -- \
	run --machine lab --qemu /bin/true --json "$work/report.json"
if [[ $(uname -m) != aarch64 ]]; then
	try "$exit24" run --machine native system_off/reports-shutdown
	is "the KVM of a host that is not arm64 is an error of status 3, said once" \
		"$status $(grep -c 'ERROR' "$out")" "3 1"
fi

finish

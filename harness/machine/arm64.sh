# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# For tests that run exit24 on arm64, in an emulated machine. To be sourced after ../cli/testlib.sh and kernels.
#
#   $root                    a root file system with all of exit24, built for arm64, and busybox. It is built when this
#                            file is sourced, with the libraries of EXIT24_ARM64; the build stays beside EXIT24, in arm64/
#   boot NAME ARGUMENT...    runs $steps in there, in QEMU with these arguments, and reads what comes out into $here
#   in_there NAME            what the step "try NAME COMMAND..." gave: $status, $out, $err
#   verdicts_of REPORT       "CASE VERDICT REASON" for each case, without the cell
#   compare REPORT OTHER     "same" if both have the same verdicts, else the difference
#   $clocked                 arguments for a clock that counts instructions

sysroot=${EXIT24_ARM64:-}
[[ -x $sysroot/bin/busybox ]] || skip "EXIT24_ARM64 names no arm64 libraries; scripts/test fetches them and sets it"
command -v aarch64-linux-gnu-g++ >/dev/null || skip "there is no aarch64-linux-gnu-g++"
build=$(dirname -- "$exit24")/arm64

# Headers that are the same everywhere are those of this machine. Debian's libfmt has no static form.
cross_file() {
	local tool compiler="'aarch64-linux-gnu-g++'"
	! command -v ccache >/dev/null || compiler="'ccache', $compiler"
	cat <<-END
		[constants]
		root = '$sysroot'
		libraries = root / 'usr/lib/aarch64-linux-gnu'
		[binaries]
		cpp = [$compiler]
		pkgconfig = 'pkg-config'
	END
	for tool in ar nm objcopy objdump readelf strip; do
		echo "$tool = 'aarch64-linux-gnu-$tool'"
	done
	cat <<-END
		[properties]
		needs_exe_wrapper = true
		pkg_config_libdir = libraries / 'pkgconfig:/usr/share/pkgconfig'
		boost_includedir = '/usr/include'
		boost_librarydir = '/usr/lib'
		[built-in options]
		cpp_args = ['-DFMT_HEADER_ONLY', '-isystem', root / 'usr/include', '-isystem', root / 'usr/include/aarch64-linux-gnu']
		cpp_link_args = ['-static', '-s', '-L' + libraries, '-L$build.files',
		                 '-Wl,--start-group', '-lz', '-lbz2', '-llzma', '-lzstd', '-llz4', '-Wl,--end-group']
		[host_machine]
		system = 'linux'
		cpu_family = 'aarch64'
		cpu = 'aarch64'
		endian = 'little'
	END
}

build_for_arm64() {
	mkdir -p -- "$build.files"
	cross_file >"$work/cross"
	if ! cmp -s -- "$work/cross" "$build.files/cross"; then
		rm -rf -- "$build" "$build.files/libfmt.a"
		aarch64-linux-gnu-ar rcs "$build.files/libfmt.a" || return
		cp -- "$work/cross" "$build.files/cross"
	fi
	if [[ ! -f $build/build.ninja ]]; then
		meson setup "$build" "$source_root" --cross-file "$build.files/cross" -Dtests=disabled -Dtarget=enabled ||
			return
	fi
	meson compile -C "$build" && DESTDIR=$work/root meson install -C "$build" --no-rebuild
}
status=0
build_for_arm64 >"$out" 2>"$err" || status=$? # minutes for the first time; afterwards there is little to compile
is "exit24 is built for arm64, with a compiler for arm64 only" "$status" 0
((status == 0)) || finish
guests_in() {
	(cd -- "$1" && sha256sum -- *.bin)
}
is "its guests are the same as everywhere" "$(guests_in "$build/guests")" "$(guests_in "$(dirname -- "$exit24")/guests")"

# What runs in there: try NAME COMMAND... leaves NAME.status, NAME.out and NAME.err, which come out with all else
# in /out by the virtio port.
root=$work/root
mkdir -p "$root"/{bin,dev,etc,out,proc,sys,tmp}
cp -- "$sysroot/bin/busybox" "$root/bin"
printf 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nkvm:x:104:\nnogroup:x:65534:\n' >"$root/etc/group"
cat >"$root/init" <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t devtmpfs none /dev
mount -t proc none /proc
mount -t sysfs none /sys
mount -t tmpfs none /tmp
chmod 1777 /tmp
export PATH=/usr/local/bin:/bin HOME=/ TMPDIR=/tmp
try() {
	name=$1
	shift
	status=0
	"$@" </dev/null >/out/$name.out 2>/out/$name.err || status=$?
	echo $status >/out/$name.status
}
. /steps
touch /out/all-done
tar -c -f /out.tar -C /out .
for port in /sys/class/virtio-ports/*; do
	if [ "$(cat $port/name)" = exit24.out ]; then
		cat /out.tar >/dev/${port##*/}
	fi
done
poweroff -f
END
chmod +x "$root/init"

qemu='qemu-system-aarch64'
append=''
boot_limit=900
boot() {
	local name=$1
	shift
	here=$work/$name
	out=$work/out
	err=$work/err
	printf '%s\n' "$steps" >"$root/steps"
	tool initramfs "$root" >"$work/initramfs"
	limit=$boot_limit try "$qemu" -M virt,virtualization=on,dtb-randomness=off,gic-version=3 -accel tcg \
		-nodefaults -no-user-config -display none -no-reboot -serial "file:$work/console" \
		-chardev "file,id=out,path=$work/$name.tar" -device virtio-serial-pci,ioeventfd=off \
		-device virtserialport,chardev=out,name=exit24.out \
		-kernel "${kernels[0]}" -initrd "$work/initramfs" \
		-append "console=ttyAMA0 panic=-1 oops=panic loglevel=4 nokaslr cryptomgr.notests $append" "$@"
	rm -f -- "$work/initramfs"
	mkdir -p "$here"
	tar -x -f "$work/$name.tar" -C "$here" || true
	if [[ -e $here/all-done ]]; then
		good "$name: the machine came to its end"
	else
		bad "$name: the machine came to its end" "status $status; the console: $(tail -n 12 "$work/console")"
		finish
	fi
}
# shellcheck disable=SC2034 # the tests use it
clocked=(-icount 'shift=0,sleep=off' -rtc 'base=2026-01-01,clock=vm')

in_there() {
	out=$here/$1.out
	err=$here/$1.err
	status=$(<"$here/$1.status")
}

verdicts_of() {
	tool verdicts "$1" | cut -f 2-
}

compare() {
	local text
	text=$(verdicts_of "$1") && [[ $text ]] && diff <(echo "$text") <(verdicts_of "$2") && echo same
}

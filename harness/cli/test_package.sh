#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_package.sh EXIT24
#
# The Debian package: scripts/package builds it and lintian is content, and what is in it works where it is unpacked.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"

for tool in dpkg-buildpackage dh lintian; do
	command -v "$tool" >/dev/null || skip "there is no $tool; scripts/setup --all installs it"
done

limit=3000
try "$source_root/scripts/package" "$work/package"
is "scripts/package builds it, and lintian is content" "$status" 0
((status == 0)) || tail -n 40 "$work/package/package.log"
deb=$(<"$out")
holds "it says where it is" test -s "$deb"
has "lintian looked at it" "$work/package/package.log" "### lintian"
has "each override is needed" "$work/package/package.log" "O: exit24: statically-linked-binary"
lacks "and none is stale" "$work/package/package.log" "unused-override" "mismatched-override"

limit=60
holds "it unpacks" dpkg -x "$deb" "$work/root"
installed=$work/root/usr/bin/exit24
try "$installed" --version
is "it is of this version" "$(<"$out")" "$("$exit24" --version)"
for arguments in "cases" "cases matrix" "run --list --tag required" "explain SE-RST-01" "cases show system_off/reports-shutdown"; do
	# shellcheck disable=SC2086 # words
	try "$exit24" $arguments
	mv "$out" "$work/want"
	# shellcheck disable=SC2086 # words
	try "$installed" $arguments
	holds "exit24 $arguments says what the build tree's says" cmp -- "$out" "$work/want"
done
for file in man/man1/exit24.1.gz bash-completion/completions/exit24 zsh/site-functions/_exit24 \
	fish/vendor_completions.d/exit24.fish exit24/cases/rules.json exit24/kernel-patches/exit24.config \
	exit24/reports/report.schema.json doc/exit24/copyright; do
	holds "$file is in it" test -s "$work/root/usr/share/$file"
done
holds "the agent is a program for arm64" grep -q "ARM aarch64" <(file "$work/root/usr/libexec/exit24/exit24-agent")

EXIT24_CACHE=$work/nothing try "$installed" doctor
mend=$(sed -n 's,^ *\(/.*/fetch-kernel\) newest.*,\1,p' "$out")
is "what doctor names to fetch a kernel is there" "$("$mend" --help | sed -n '1s/ .*//p')" "scripts/fetch-kernel"

# A case on a real kernel, with nothing but what the package has
IFS=: read -r -a kernels <<<"${EXIT24_KERNELS:-}"
if ((${#kernels[@]} > 0)) && command -v qemu-system-aarch64 >/dev/null; then
	limit=300
	try "$installed" run --kernel "${kernels[0]}" --mode nvhe system_off/reports-shutdown
	is "a case passes with what the package has" "$status" 0
	has "on a real kernel" "$out" "PASS" "system_off/reports-shutdown"
else
	note "EXIT24_KERNELS names no kernel, so no case was run"
fi

finish

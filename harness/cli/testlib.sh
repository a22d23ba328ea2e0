# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the end-to-end tests (test_*.sh here and in ../machine) share. A test sources it with its own arguments:
# the exit24 to be tested.
#
#   $exit24, $work           the program, absolute; a scratch folder that goes with the test
#   try COMMAND...           run COMMAND, with no input and at most $limit seconds (60)
#   $status, $out, $err      the status, and the files with the output, of the last try
#   is WHAT GOT WANT         an assertion: two texts are the same
#   has WHAT FILE TEXT...    the file holds each TEXT
#   lacks WHAT FILE TEXT...  the file holds no TEXT
#   holds WHAT COMMAND...    COMMAND succeeds
#   refused WHAT TEXT... -- ARGUMENT...
#                            "exit24 ARGUMENT..." ends with status 2, writes no report and says so in one line
#                            that has each TEXT
#   skip WHY                 end the whole test as skipped; for a part of it use note
#   note TEXT                a line for the log
#   start COMMAND...         run COMMAND in the background, as try does; $pid is its process
#   end SECONDS              wait for it and set $status; one that takes longer is killed, and $status is "late"
#   wait_until SECONDS COMMAND...
#                            try COMMAND again and again; 1 if it never succeeds
#   children_of PID          the processes that PID has started
#   finish                   the last line of a test: ends it with 0, or 1 if an assertion did not hold
#   tool ARGUMENT...         testdata/tool.py: reads reports, makes recordings
#   small_kernel             an Image and a QEMU that ends at once: the array $with_kernel, a run that takes them
#   kernels                  the images in EXIT24_KERNELS into the array $kernels; skip without QEMU or image

set -euo pipefail

source_root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # the tests use it
testdata=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/testdata

if (($# != 1)) || [[ ! -x $1 ]]; then
	echo "usage: ${0##*/} EXIT24, a built one; meson test runs it" >&2
	exit 2
fi
exit24=$(realpath -- "$1")
work=$(mktemp -d)
out=$work/out
err=$work/err
status=
limit=60
asserted=0
failed=()

# The lab's folders are made here and not in /tmp, so that a test sees its own only.
mkdir "$work/tmp"
export TMPDIR=$work/tmp
export TERM=xterm EXIT24_CACHE=$work/no-cache EXIT24_SETTINGS=
unset NO_COLOR COLUMNS XDG_CACHE_HOME

pid=
clean() {
	if [[ $pid ]]; then
		kill -TERM "$pid" 2>/dev/null && sleep 1
		kill -KILL "$pid" 2>/dev/null || true
	fi
	rm -rf -- "$work"
}
trap clean EXIT
trap 'exit 1' INT TERM HUP

note() {
	printf '# %s\n' "$*"
}

skip() {
	printf 'skipped: %s\n' "$*"
	exit 77
}

tool() {
	python3 -- "$source_root/harness/cli/testdata/tool.py" "$@"
}

try() {
	status=0
	timeout -k 5 "$limit" "$@" </dev/null >"$out" 2>"$err" || status=$?
}

start() {
	"$@" </dev/null >"$out" 2>"$err" &
	pid=$!
}

end() {
	if wait_until "$1" gone "$pid"; then
		status=0
		wait "$pid" || status=$?
	else
		kill -KILL "$pid"
		status=late
	fi
	pid=
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

wait_until() {
	local last=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < last)) || return 1
		sleep 0.05
	done
}

children_of() {
	# any process may end meanwhile, which grep calls an error although it found what was asked for
	{ grep -ls "^PPid:[[:blank:]]*$1\$" /proc/[0-9]*/status || true; } | cut -d / -f 3
}

# The last try, so that a log is enough to understand a failure
show() {
	local file
	for file in "$out" "$err"; do
		[[ -s $file ]] || continue
		echo "#   the end of std${file##*/}:"
		tail -n 8 -- "$file" | LC_ALL=C cut -c 1-300 | cat -v | sed 's/^/#   | /'
	done
}

good() {
	asserted=$((asserted + 1))
	printf 'ok %d - %s\n' "$asserted" "$1"
}

bad() {
	asserted=$((asserted + 1))
	failed+=("$asserted - $1")
	printf 'not ok %d - %s\n' "$asserted" "$1"
	shift
	(($# == 0)) || printf '#   %s\n' "$@"
	show
}

# A text as a part of the log, all of it if it is short
some_of() {
	local text
	text=$(head -n 12 <<<"$1" | cut -c 1-300)
	printf '%s' "${text//$'\n'/$'\n'#         }"
}

is() {
	if [[ $2 == "$3" ]]; then
		good "$1"
	else
		bad "$1" "got:  $(some_of "$2")" "want: $(some_of "$3")"
	fi
}

# Sets $missed to the first TEXT that FILE does not hold.
holds_all() {
	local file=$1
	shift
	for missed; do
		grep -qF -e "$missed" -- "$file" || return 1
	done
}

has() {
	if holds_all "${@:2}"; then
		good "$1"
	else
		bad "$1" "\"$missed\" is not in it"
	fi
}

lacks() {
	local text
	for text in "${@:3}"; do
		if grep -qF -e "$text" -- "$2"; then
			bad "$1" "\"$text\" is in it"
			return
		fi
	done
	good "$1"
}

holds() {
	local what=$1
	shift
	if "$@"; then
		good "$what"
	else
		bad "$what" "this does not hold: $*"
	fi
}

# All of FILE is one line of printable characters.
one_plain_line() {
	[[ $(wc -l <"$1") -eq 1 && -z $(LC_ALL=C tr -d '\n\40-\176\200-\377' <"$1") ]]
}

refused() {
	local what=$1 wanted=() why=()
	shift
	while [[ $1 != -- ]]; do
		wanted+=("$1")
		shift
	done
	shift
	rm -f -- "$work/report.json"
	try "$exit24" "$@"
	((status == 2)) || why+=("the status is $status, not 2")
	one_plain_line "$err" || why+=("stderr is not one line of plain text")
	[[ $(<"$err") == 'exit24: '* ]] || why+=("stderr does not begin with \"exit24: \"")
	holds_all "$err" "${wanted[@]}" || why+=("\"$missed\" is not in what it says")
	[[ ! -s $out ]] || why+=("something is on stdout")
	[[ ! -e $work/report.json && ! -e $work/report.json.new ]] || why+=("a report was written")
	if ((${#why[@]} == 0)); then
		good "$what"
	else
		bad "$what" "${why[@]}"
	fi
}

small_kernel() {
	tool image >"$work/Image"
	printf '#!/bin/sh\necho "QEMU emulator version 0"\n' >"$work/qemu"
	chmod +x "$work/qemu"
	# shellcheck disable=SC2034 # the tests use it
	with_kernel=(run --qemu "$work/qemu" --kernel "$work/Image" --json "$work/report.json")
}

kernels() {
	command -v qemu-system-aarch64 >/dev/null || skip "there is no qemu-system-aarch64; install qemu-system-arm"
	IFS=: read -r -a kernels <<<"${EXIT24_KERNELS:-}"
	((${#kernels[@]} > 0)) || skip "EXIT24_KERNELS names no kernel image; scripts/test fetches some and sets it"
}

finish() {
	if [[ -n $(ls -A "$TMPDIR") ]]; then
		bad "nothing is left behind in TMPDIR" "$(ls -A "$TMPDIR")"
	else
		good "nothing is left behind in TMPDIR"
	fi
	if ((${#failed[@]} > 0)); then
		printf '%d of %d do not hold:\n' "${#failed[@]}" "$asserted"
		printf '  %s\n' "${failed[@]}"
		exit 1
	fi
	printf 'all %d hold\n' "$asserted"
	exit 0
}

# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Shared by the scripts beside it, which source it; it does nothing by itself.
#
#   root                     the project's top folder, absolute
#   say TEXT                 one line on stderr, signed with the script's name
#   die STATUS TEXT          the same, then exit with STATUS
#   usage                    print the header comment of the calling script
#   long TITLE COMMAND...    run COMMAND with its output in $log and a sign of life on stderr;
#                            returns COMMAND's status
#   must TITLE COMMAND...    the same, but a failure shows the end of $log and ends the script
#
# All of them write to stderr: stdout belongs to what a script is asked to print.

# shellcheck disable=SC2034 # the scripts use it
root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
log=/dev/null

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	local status=$1
	shift
	say "$*"
	exit "$status"
}

usage() {
	sed -n '4,/^$/ { s/^# \{0,1\}//; p }' "$0"
}

# The locale decides on the decimal point, so take every non-digit away.
milliseconds() {
	local now=${EPOCHREALTIME//[!0-9]/}
	echo $((now / 1000))
}

# The seconds since START (a value of milliseconds), with one decimal
seconds_since() {
	local tenths=$((($(milliseconds) - $1) / 100))
	echo "$((tenths / 10)).$((tenths % 10)) s"
}

on_terminal() {
	[[ -t 2 && ${TERM:-dumb} != dumb ]]
}

# Until it is killed or PARENT is gone: on a terminal one line that is redrawn every second, elsewhere
# a line after two seconds and then every five.
heartbeat() {
	local title=$1 parent=$2 seconds=0 width=100 last line
	if on_terminal; then
		width=$(stty size <&2 2>/dev/null || true)
		width=${width##* }
		((width > 20)) || width=80
	fi
	while sleep 1 >/dev/null 2>&1 && kill -0 "$parent" 2>/dev/null; do
		seconds=$((seconds + 1))
		last=$(tail -n 1 -- "$log" 2>/dev/null || true)
		last=${last//[[:cntrl:]]/ }
		line="${0##*/}: $title: $seconds s"
		if [[ $last && $last != '### '* ]]; then
			line+=", $last"
		fi
		if on_terminal; then
			printf '\r\033[K%s' "${line:0:width - 1}" >&2
		elif ((seconds % 5 == 2)); then
			printf '%s\n' "${line:0:width}" >&2
		fi
	done
}

# An interrupt is noticed when COMMAND has ended; what was done by then is kept, or made again.
doing=
interrupted() {
	if [[ $doing ]]; then
		if on_terminal; then
			printf '\r\033[K' >&2
		fi
		say "interrupted while $doing; run it again, and it goes on from there"
	fi
	trap - INT
	kill -INT "$$"
}
trap interrupted INT

# COMMAND stays in the foreground, so that an interrupt from the keyboard reaches it.
long() {
	local title=$1 start beat status=0
	shift
	doing=$title
	start=$(milliseconds)
	printf '### %s: %s\n' "$title" "$*" >>"$log"
	# 9 is where a script holds its lock; a last sleep must not keep it.
	heartbeat "$title" "$$" </dev/null >/dev/null 9>&- &
	beat=$!
	"$@" </dev/null >>"$log" 2>&1 || status=$?
	doing=
	kill "$beat" 2>/dev/null || true
	wait "$beat" 2>/dev/null || true
	if on_terminal; then
		printf '\r\033[K' >&2
	fi
	if ((status == 0)); then
		say "$title: done, $(seconds_since "$start")"
	else
		say "$title: failed with status $status after $(seconds_since "$start")"
	fi
	return "$status"
}

must() {
	local status=0
	long "$@" || status=$?
	if ((status != 0)); then
		say "the last 30 lines of $log:"
		tail -n 30 -- "$log" >&2
		die 1 "giving up; everything that was said is in $log"
	fi
}

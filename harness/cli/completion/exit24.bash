# SPDX-License-Identifier: GPL-2.0-only
# bash completion: what there is, exit24 --help knows, so it is asked each time.

# The verbs before the word at hand, in front of --help; what that says, as words: NAMES of verbs or of options
_exit24_words()
{
	local kind=$1
	shift
	"$@" --help 2>/dev/null | awk -v kind="$kind" '
		/^[A-Z].*:$/ { part = $1; next }
		kind == "verbs" && part == "Subcommands:" && /^  [a-z]/ { print $1 }
		kind == "options" && part == "Options:" && /^  -/ { gsub(",", "\n", $1); print $1 }'
}

_exit24()
{
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=("${COMP_WORDS[0]}") word words=''
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ ' '$(_exit24_words verbs "${command[@]}" | tr '\n' ' ') == *" $word "* ]] || break
		command+=("$word")
	done
	COMPREPLY=()
	case $before in
	--as)
		words=$("${command[@]}" --help 2>/dev/null | sed -n 's/.*--as KIND.*one of //p' | tr -d ',')
		;;
	--mode | -m)
		words='nvhe vhe hvhe gicv2 protected nested all'
		;;
	--tag | -t)
		words=$("${command[0]}" cases tags 2>/dev/null | awk '{ print $2 }')
		;;
	--machine)
		words='auto native lab'
		;;
	--method)
		words='qemu u-boot'
		;;
	--clock)
		words='deterministic real'
		;;
	--*)
		# a path or a number, or a flag: leave it to the shell
		if [[ $current != -* ]] && "${command[@]}" --help 2>/dev/null | grep -qE -- "(^|[ ,])$before [A-Z]"; then
			return
		fi
		;;
	esac
	if [[ ! $words ]]; then
		words=$(_exit24_words verbs "${command[@]}")
		if [[ $current == -* ]]; then
			words=$(_exit24_words options "${command[@]}")
		elif [[ ${command[*]:1} == run || ${command[*]:1} == plan || ${command[*]:1} == 'export '* || ${command[*]:1} == explain || ${command[*]:1} == 'cases show' ]]; then
			words=$("${command[0]}" cases 2>/dev/null | cut -d ' ' -f 1)
		fi
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -F _exit24 exit24

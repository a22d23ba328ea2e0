# SPDX-License-Identifier: GPL-2.0-only
# fish completion: what there is, exit24 --help knows, so it is asked each time.
function __exit24_complete
	set -l command exit24
	set -l part 'part == "Subcommands:" && /^  [a-z]/ { print $1 }'
	for word in (commandline -opc)[2..-1]
		contains -- $word ($command --help 2>/dev/null | awk "/^[A-Z].*:\$/ { part = \$1; next } $part"); or break
		set -a command $word
	end
	if string match -q -- '-*' (commandline -ct)
		set part 'part == "Options:" && /^  -/ { gsub(",", "\n", $1); print $1 }'
	end
	$command --help 2>/dev/null | awk "/^[A-Z].*:\$/ { part = \$1; next } $part"
	if contains -- "$command[2..-1]" run plan 'export initramfs' 'export lava' explain 'cases show'
		exit24 cases 2>/dev/null | cut -d ' ' -f 1
	end
end
complete -c exit24 -a '(__exit24_complete)'

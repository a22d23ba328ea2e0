# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Debian's packages by name, for scripts that install nothing. To be sourced after lib.sh.
#
#   open_cache               sets cache, the folder where everything fetched is kept
#   lock_cache COMMAND...    runs COMMAND in this shell while no other script changes the cache; log is set
#   open_debian ARCH         sets apt, a private apt of all the suites below for the packages of ARCH;
#                            with ARCH "host" it knows what this machine has installed
#   versions_of PACKAGE      each version that there is, one a line
#   highest NAME             of the versions on stdin: the highest that is NAME or begins so; "newest"
#                            is the beginning of all
#   depends_of PACKAGE[=V]   its Depends field
#   download FOLDER PACKAGE  its .deb into FOLDER
#
# The packages come from the Debian mirror that this machine's apt uses, or from EXIT24_DEBIAN_MIRROR,
# and only if Debian has signed them. The machine's own apt settings and state are left alone.

suites=(bookworm bookworm-backports trixie trixie-backports sid)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

open_cache() {
	if [[ ! ${EXIT24_CACHE:-} && ! ${XDG_CACHE_HOME:-} && ! ${HOME:-} ]]; then
		die 2 "no place for the cache: set EXIT24_CACHE or HOME"
	fi
	cache=${EXIT24_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/exit24}
	mkdir -p -- "$cache"
	cache=$(CDPATH='' cd -- "$cache" && pwd)
	[[ $cache != *[\":]* ]] || die 2 "the cache's path must not contain '\"' or ':': $cache"
}

lock_cache() {
	mkdir -p -- "$cache/apt"
	exec 9>"$cache/apt/lock"
	if ! flock -n 9; then
		say "waiting for another script that fetches to finish"
		flock 9
	fi
	log=$cache/apt/log
	"$@"
	rm -f -- "$cache"/apt/*/cache/*.bin # large, and made anew in a second
	exec 9>&-
}

# Debian's main archive as this machine knows it: the mirror of an index that says it is Debian's, which
# the security archive and third parties do not. A machine whose lists were removed has no index; then
# the sources are asked, where the one that also has the suite's updates is preferred.
find_mirror() {
	local output uri label suite kind
	if [[ ${EXIT24_DEBIAN_MIRROR:-} ]]; then
		[[ $EXIT24_DEBIAN_MIRROR =~ ^[a-z0-9+]+:/[^[:space:]]*$ ]] ||
			die 2 "EXIT24_DEBIAN_MIRROR is '$EXIT24_DEBIAN_MIRROR', which is not a URI"
		echo "$EXIT24_DEBIAN_MIRROR"
		return
	fi
	# shellcheck disable=SC2016 # the fields are apt's
	output=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)/$(LABEL)' \
		'Created-By: Packages' 2>>"$log" || true)
	while read -r uri label; do
		if [[ $label == Debian/Debian && $uri != cdrom:* ]]; then
			echo "$uri"
			return
		fi
	done <<<"$output"
	output=$(apt-get update --print-uris 2>>"$log" || true)
	output=${output//\'/}
	for kind in -updates ''; do
		while read -r uri _; do
			for suite in "${suites[@]}"; do
				if [[ $uri == *"/debian/dists/$suite$kind/InRelease" ]]; then
					echo "${uri%dists/*}"
					return
				fi
			done
		done <<<"$output"
	done
}

# -c adds to the machine's configuration: its proxies count, its hooks, pins and sources do not.
open_debian() {
	local arch=$1 private mirror suite
	command -v apt-get >/dev/null ||
		die 3 "there is no apt-get here: ${0##*/} can only fetch where there is one"
	[[ -r $keyring ]] || die 3 "$keyring is missing (package debian-archive-keyring; scripts/setup installs it)"
	mirror=$(find_mirror)
	[[ $mirror ]] ||
		die 3 "this machine's apt knows no Debian mirror: set EXIT24_DEBIAN_MIRROR to the URI of one"

	private=$cache/apt/$arch
	mkdir -p -- "$private"/{state/lists/partial,cache/archives/partial}
	: >"$private/status"
	if [[ $arch == host ]]; then
		arch=$(dpkg --print-architecture)
		cp -- /var/lib/dpkg/status "$private/status"
	fi
	for suite in "${suites[@]}"; do
		echo "deb [arch=$arch target=Packages signed-by=$keyring] $mirror $suite main"
	done >"$private/sources.list"
	cat >"$private/apt.conf" <<-END
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear APT::Architectures;
		APT::Architecture "$arch";
		APT::Architectures { "$arch"; };
		APT::Default-Release "";
		Dir::State "$private/state";
		Dir::State::lists "$private/state/lists";
		Dir::State::status "$private/status";
		Dir::Cache "$private/cache";
		Dir::Cache::archives "$private/cache/archives";
		Dir::Cache::pkgcache "$private/cache/pkgcache.bin";
		Dir::Cache::srcpkgcache "$private/cache/srcpkgcache.bin";
		Dir::Etc::sourcelist "$private/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "/dev/null";
		Dir::Etc::preferencesparts "/dev/null";
		Acquire::Languages "none";
		Acquire::GzipIndexes "true";
		Acquire::PDiffs "false";
		Acquire::Retries "2";
		APT::Get::AllowUnauthenticated "false";
		Acquire::AllowInsecureRepositories "false";
		Acquire::AllowWeakRepositories "false";
		Acquire::AllowDowngradeToInsecureRepositories "false";
	END
	apt=(-q -c "$private/apt.conf")
	if ((EUID == 0)); then
		# apt's own user cannot write here
		apt+=(-o APT::Sandbox::User=root)
	fi

	# One suite that the mirror lacks, or whose key is too new for this machine, must not hide the others.
	: >"$log"
	if ! long "reading what Debian has" apt-get "${apt[@]}" update ||
		grep -q '^[EW]: ' "$log"; then
		say "not every suite could be read; going on with what there is. apt says:"
		{ grep '^[EW]: ' "$log" || tail -n 5 "$log"; } | sed 's/^/  /' >&2
	fi
}

versions_of() {
	apt-cache "${apt[@]}" madison "$1" 2>>"$log" | sed 's/^[^|]*| *\([^ |]*\) *|.*/\1/'
}

# 6.1 is not the beginning of 6.12.
highest() {
	local prefix=$1 version highest=
	while read -r version; do
		if [[ $prefix != newest && $version != "$prefix" && $version != "$prefix"[!0-9]* ]]; then
			continue
		fi
		if [[ ! $highest ]] || dpkg --compare-versions "$version" gt "$highest"; then
			highest=$version
		fi
	done
	echo "$highest"
}

depends_of() {
	apt-cache "${apt[@]}" --no-all-versions show "$1" 2>>"$log" | sed -n 's/^Depends: //p'
}

download() (
	cd -- "$1" && apt-get "${apt[@]}" download "$2"
)

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/cli/test_slurm.sh EXIT24
#
# scripts/slurm-array on a Slurm of one node, all of it on loopback and in a mount namespace of its own. Skipped
# without Slurm, without root, and without the kernels that EXIT24_KERNELS names.

# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/testlib.sh"
array=$source_root/scripts/slurm-array

# Bad input needs no Slurm.
# asked STATUS TEXT ARGUMENT...: it ends so, and says that in one line
asked() {
	try "$array" "${@:3}"
	is "slurm-array ${*:3}: the status, and one line" "$status $(wc -l <"$err")" "$1 1"
	has "which says what is wrong" "$err" "$2"
}
asked 2 "no folder"
asked 2 "--bogus" --bogus
asked 2 "--parts" --parts
asked 2 "$work/no-program" --exit24 "$work/no-program" "$work/parts"

((${#failed[@]} == 0)) || finish
for program in slurmctld slurmd sbatch sinfo munged mungekey; do
	command -v "$program" >/dev/null ||
		skip "bad input is refused; there is no $program for more (Debian's slurmctld, slurmd, slurm-client and munge)"
done
((EUID == 0)) || skip "bad input is refused; for more, a Slurm of one's own needs root here"
kernels

slurm=$work/slurm
mkdir -p "$slurm"/{state,spool}
port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
cat >"$slurm/slurm.conf" <<end
ClusterName=exit24
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$slurm/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort=$(port)
SlurmdPort=$(port)
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
NodeName=node NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=node Default=YES MaxTime=INFINITE State=UP
end
echo CgroupPlugin=cgroup/v1 >"$slurm/cgroup.conf"
export SLURM_CONF=$slurm/slurm.conf

# daemon COMMAND...: one that ends with the test
daemon() {
	"$@" >>"$slurm/log" 2>&1 </dev/null &
	disown
}
# shellcheck disable=SC2317 # the trap calls it
stop() {
	local environ process
	# All of it, jobs that still run too, has $SLURM_CONF; this shell was started without.
	for environ in /proc/[0-9]*/environ; do
		process=${environ//[!0-9]/}
		if [[ $process != "$BASHPID" ]] && grep -qsz "^SLURM_CONF=$SLURM_CONF\$" "$environ"; then
			kill -KILL "$process" 2>/dev/null || true
		fi
	done
	clean
}
trap stop EXIT

mungekey -c -k "$slurm/munge.key"
daemon munged --foreground --force --key-file="$slurm/munge.key" --socket="$slurm/munge" --pid-file="$slurm/munge.pid" \
	--log-file="$slurm/munge.log" --seed-file="$slurm/munge.seed"
wait_until 20 test -S "$slurm/munge" || { cat "$slurm/log"; bad "munged starts"; finish; }
daemon slurmctld -D
# slurmd wants a cgroup file system of version 1, whatever it is told to use
daemon unshare -m sh -c 'mount -t tmpfs tmpfs /sys/fs/cgroup && exec slurmd -D -N node'
# shellcheck disable=SC2317 # wait_until calls it
idle() {
	[[ $(sinfo -h -o %T 2>/dev/null) == idle ]]
}
if ! wait_until 60 idle; then
	tail -n 20 "$slurm"/*log
	bad "the node comes up"
	finish
fi
good "Slurm is up, with $(sinfo -h -o '%D node of %c processors')"

globs=('system_off/*' 'system_reset/*')
arguments=(--kernel "${kernels[0]}" --kernel "${kernels[-1]}")
limit=500 try "$exit24" run "${arguments[@]}" --json "$work/whole.json" "${globs[@]}"
is "all cells in one run: the status" "$status" 0
limit=500 try "$array" --exit24 "$exit24" "$work/parts" "${arguments[@]}" "${globs[@]}"
is "as an array: the status" "$status" 0
is "a job for each cell" "$(find "$work/parts" -name 'part-*.json' | wc -l)" 4
is "the merged report is that of the one run, but for times" "$(tool same "$work/whole.json" "$work/parts/report.json")" "4 cells are the same"

# A part that is lost is named, and only that one is run again.
rm -- "$work"/parts/{part-3-of-4.json,report.json} "$work"/parts/*.log
limit=500 try "$array" --exit24 "$exit24" "$work/parts" "${arguments[@]}" "${globs[@]}"
is "with a report missing: the status, and which jobs ran" "$status $(cd "$work/parts" && echo *.log)" "0 part-3.log"
rm -- "$work"/parts/part-2-of-4.json
limit=500 try "$array" --exit24 "$exit24" --sbatch --export=NONE,PATH=/nowhere "$work/parts" "${arguments[@]}" "${globs[@]}"
is "a job that cannot run leaves a hole: the status" "$status" 2
has "which is named" "$err" "no report has" "1 of 4"

finish

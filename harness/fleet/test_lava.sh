#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# harness/fleet/test_lava.sh EXIT24
#
# All cases on every kernel of EXIT24_KERNELS in both modes through a LAVA lab (scripts/lava-lab) with two workers, of
# which a job and a worker are killed in the middle; the imported report must be that of one run on this machine.
# Takes long, needs root, and makes a chroot of 1.5 GB in the cache; meson test --suite lava.

lab_folder=${EXIT24_LAVA:-${EXIT24_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/exit24}/lava}
# shellcheck source=harness/cli/testlib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../cli/testlib.sh"
kernels
((EUID == 0)) || skip "a LAVA lab needs root"
command -v debootstrap >/dev/null || skip "there is no debootstrap"
export EXIT24_LAVA=$lab_folder
lab=$source_root/scripts/lava-lab
limit=3600

try "$lab" bogus
is "an unknown command: the status" "$status" 2
limit=7200 try "$lab" build
if ((status == 3)); then
	skip "$(tail -n 1 "$err")"
fi
is "the lab is built" "$status" 0

arguments=()
for kernel in "${kernels[@]}"; do
	arguments+=(--kernel "$kernel")
done
try "$exit24" run "${arguments[@]}" --json "$work/run.json"
is "all in one run: the status" "$status" 0
try "$exit24" export lava "${arguments[@]}" -o "$work/jobs" --url file:///srv/exit24 --minutes 60
is "exported: the status" "$status" 0
mapfile -t jobs < <(sed 's|.*/||' "$out")

# shellcheck disable=SC2317 # the trap calls it
end_lab() {
	"$lab" stop || true
	clean
}
trap end_lab EXIT
try "$lab" start "$work/jobs"
is "the lab starts" "$status" 0
((status == 0)) || finish

try "$lab" submit "${jobs[@]}"
is "it takes all jobs" "$status $(wc -l <"$out")" "0 ${#jobs[@]}"
mapfile -t numbers <"$out"
begun=$SECONDS

# By their machines and not by their logs, which the server has only when they are over.
kill_job() {
	"$lab" kill-job "${numbers[0]}" 2>"$err"
}
holds "the first job is killed while its machine runs" wait_until 900 kill_job
kill_worker() {
	"$lab" kill-worker "${numbers[2]}" >"$out" 2>"$err"
}
holds "the worker of the third is killed, with it" wait_until 1800 kill_worker
try "$lab" start-worker "$(<"$out")"
is "and started again" "$status" 0

mkdir "$work/logs"
again=()
for i in "${!numbers[@]}"; do
	try "$lab" wait "${numbers[i]}" 3000
	note "job ${numbers[i]}, ${jobs[i]}: $(<"$out")"
	"$lab" log "${numbers[i]}" >"$work/logs/${numbers[i]}.yaml"
	[[ $(<"$out") == Complete ]] || again+=("${jobs[i]}")
done
note "$((SECONDS - begun)) s for ${#jobs[@]} jobs with two workers, of which ${#again[@]} did not come to their end"
holds "the two that were killed did not" test "${#again[@]}" -ge 2
try "$exit24" import lava "$work"/logs/*.yaml --plan "$work/jobs/plan.json" --json "$work/part.json"
is "what is lost makes the import an error" "$status" 3
try "$lab" submit "${again[@]}"
mapfile -t numbers <"$out"
for number in "${numbers[@]}"; do
	try "$lab" wait "$number" 3000
	is "job $number, the second try, is complete" "$(<"$out")" Complete
	"$lab" log "$number" >"$work/logs/$number.yaml"
done

try "$exit24" import lava "$work"/logs/*.yaml --plan "$work/jobs/plan.json" --json "$work/lava.json"
is "all logs imported: the status" "$status" 0
is "the report is that of the one run, cell by cell" "$(tool same "$work/run.json" "$work/lava.json")" "${#jobs[@]} cells are the same"
try "$exit24" merge "$work/lava.json" -o "$work/merged.json"
is "it is whole" "$status" 0

# What LAVA made of it: each case under a name of its own, none of them passed.
"$lab" results "${numbers[0]}" >"$work/results"
cases=$("$exit24" run --list | wc -l)
is "LAVA has each case once, as skipped" \
	"$(wc -l <"$work/results") $(cut -d ' ' -f 1 "$work/results" | sort -u | wc -l) $(cut -d ' ' -f 2 "$work/results" | sort -u | paste -sd ' ')" \
	"$cases $cases skip"

finish

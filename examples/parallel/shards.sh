#!/bin/sh
# Counts a run's shards with GNU parallel: sh shards.sh SHARDS FOLDER softprobe eval --features … --labels … [options]
# After any end (a full disk, a kill, a power failure) the same command goes on: finished shards are skipped by the job log, the others resume from their journals.
set -eu
shards=$1
folder=$2
shift 2
mkdir -p "$folder"
seq "$shards" | parallel --quote --joblog "$folder/joblog" --resume-failed --jobs "${JOBS:-100%}" \
  "$@" --shard "{}/$shards" --resume --out "$folder/part-{}.json"

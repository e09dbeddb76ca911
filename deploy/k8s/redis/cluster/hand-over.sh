#!/bin/sh
# Before this node ends: its replica becomes the primary, so that nobody has to miss this one first.
set -eu

port=${SELF##*:}
role() { redis-cli -p "$port" role 2>/dev/null; }

role | head -1 | grep -q '^master$' || exit 0
# Address and port of the first replica.
replica=$(role | sed -n '3p;4p' | paste -sd: -)
case $replica in *:[0-9]*) ;; *) echo 'no replica to hand over to' >&2; exit 0 ;; esac
timeout 3 redis-cli -h "${replica%:*}" -p "${replica##*:}" cluster failover || exit 0
for _ in $(seq 20); do
  role | head -1 | grep -q '^master$' || exit 0
  sleep 1
done
echo 'nobody has taken over' >&2

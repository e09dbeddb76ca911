#!/bin/sh
# Before the Redis of this pod ends: another one becomes the primary, so that nobody has to miss this one first. Meanwhile
# writes wait, 15 s at most: what this one took after the other began would be lost.
set -eu

port=$(echo "$SELF" | cut -d: -f2)
self="${SELF%%:*}:$port"
here() { redis-cli -p "$port" "$@"; }
# The sentinel of this pod ends at the same time: the others are asked.
sentinels() {
  for peer in $PEERS; do
    [ "$peer" = "$SELF" ] && continue
    answer=$(REDISCLI_AUTH="${REDIS_SENTINEL_PASSWORD:-}" timeout 1 redis-cli -h "${peer%%:*}" -p "${peer##*:}" \
      sentinel "$@" 2>/dev/null | paste -sd: -) || answer=
    case $answer in OK | *:[0-9]*) echo "$answer"; return ;; esac
  done
}

[ "$(here role | head -1)" = master ] || exit 0
here client pause 15000 write >/dev/null
[ "$(sentinels failover "$NAME")" = OK ] || { here client unpause >/dev/null; echo 'nobody takes over' >&2; exit 0; }
end=$(($(date +%s) + 14))
while [ "$(date +%s)" -lt "$end" ]; do
  now=$(sentinels get-master-addr-by-name "$NAME")
  case $now in
    "$self" | '') sleep 0.2 ;;
    *)
      here replicaof "${now%:*}" "${now##*:}" >/dev/null
      here client unpause >/dev/null
      exit 0
      ;;
  esac
done
here client unpause >/dev/null
echo 'nobody has taken over' >&2

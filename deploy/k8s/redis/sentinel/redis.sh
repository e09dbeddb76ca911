#!/bin/sh
# Starts the Redis of one pod: as the primary, or as a replica of who is that now.
#   SELF    host:port:port-of-the-sentinel of this pod
#   PEERS   those of all pods; the first is the primary where nobody knows of another one
#   NAME    of the primary, to the sentinels
#   DATA    a directory that stays; the sentinel of this pod remembers the primary there
#   CONFIG  a directory for what is written here
#   COMMON  what every Redis has
set -eu
umask 077

# A value as Redis reads it in a file of settings.
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

host() { echo "${1%%:*}"; }
port() { echo "$1" | cut -d: -f2; }
sentinel_port() { echo "$1" | cut -d: -f3; }

# host:port of the primary, as most of the sentinels have it that answer; where none does, as this pod's one knew it last.
primary() {
  found=$(for peer in $PEERS; do
    REDISCLI_AUTH="${REDIS_SENTINEL_PASSWORD:-}" timeout 3 redis-cli -h "$(host "$peer")" -p "$(sentinel_port "$peer")" \
      sentinel get-master-addr-by-name "$NAME" 2>/dev/null | paste -sd: - | grep ':[0-9]' || true
  done | sort | uniq -c | sort -rn | sed -n '1s/^ *[0-9]* //p')
  [ -n "$found" ] && { echo "$found"; return; }
  remembered=$(sed -n "s/^sentinel monitor $NAME \([^ ]*\) \([0-9]*\) .*/\1:\2/p" "$DATA/sentinel.conf" 2>/dev/null || true)
  [ -n "$remembered" ] && { echo "$remembered"; return; }
  for peer in $PEERS; do echo "$(host "$peer"):$(port "$peer")"; return; done
}

now=$(primary)
self="$(host "$SELF"):$(port "$SELF")"
{
  echo "include $COMMON"
  echo "port $(port "$SELF")"
  echo "dir $DATA"
  echo "replica-announce-ip $(host "$SELF")"
  echo "replica-announce-port $(port "$SELF")"
  if [ -n "${MEMORY_LIMIT:-}" ]; then echo "maxmemory $((MEMORY_LIMIT / 4 * 3))"; fi
  if [ -n "${REDIS_PASSWORD:-}" ]; then
    printf 'requirepass %s\n' "$(quoted "$REDIS_PASSWORD")"
    printf 'masterauth %s\n' "$(quoted "$REDIS_PASSWORD")"
  fi
  if [ "$now" != "$self" ]; then echo "replicaof $(host "$now") $(port "$now")"; fi
} >"$CONFIG/redis.conf.new"
# Whole or not at all: the sentinel reads it, too.
mv "$CONFIG/redis.conf.new" "$CONFIG/redis.conf"
echo "$self starts; the primary is $now"
exec redis-server "$CONFIG/redis.conf"

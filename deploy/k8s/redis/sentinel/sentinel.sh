#!/bin/sh
# Starts the sentinel of one pod. Variables as for redis.sh; QUORUM = so many must miss the primary,
# DOWN_AFTER_MS = for so long; by default 5 s.
set -eu
umask 077

# A value as Redis reads it in a file of settings.
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }

self_host=${SELF%%:*}
self_port=${SELF##*:}
config=$DATA/sentinel.conf

# It writes what it learns into its file, which stays: after a start of all, it knows who was the primary.
if [ ! -s "$config" ]; then
  # The Redis of this pod has been told who the primary is; it is that itself where it follows nobody.
  until [ -s "$CONFIG/redis.conf" ]; do sleep 1; done
  address=$(sed -n 's/^replicaof //p' "$CONFIG/redis.conf")
  [ -n "$address" ] || address="$self_host $(echo "$SELF" | cut -d: -f2)"
  until getent hosts "${address%% *}" >/dev/null; do sleep 1; done
  cat >"$config" <<END
port $self_port
dir $DATA
protected-mode no
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $self_host
sentinel announce-port $self_port
sentinel monitor $NAME $address $QUORUM
END
fi
# Passwords, and how many must miss the primary for how long, are those of now: it keeps to what it has written else.
sed -i -e "s/^\(sentinel monitor $NAME .*\) [0-9]*$/\1 $QUORUM/" -e "/^sentinel down-after-milliseconds $NAME /d" \
  -e "/^sentinel failover-timeout $NAME /d" -e "/^sentinel parallel-syncs $NAME /d" \
  -e "/^sentinel auth-pass $NAME /d" -e '/^requirepass /d' -e '/^sentinel sentinel-pass /d' -e '/^user default /d' "$config"
{
  echo "sentinel down-after-milliseconds $NAME ${DOWN_AFTER_MS:-5000}"
  echo "sentinel failover-timeout $NAME 60000"
  echo "sentinel parallel-syncs $NAME 1"
  if [ -n "${REDIS_PASSWORD:-}" ]; then printf 'sentinel auth-pass %s %s\n' "$NAME" "$(quoted "$REDIS_PASSWORD")"; fi
  if [ -n "${REDIS_SENTINEL_PASSWORD:-}" ]; then printf 'requirepass %s\n' "$(quoted "$REDIS_SENTINEL_PASSWORD")"; fi
} >>"$config"
exec redis-server "$config" --sentinel

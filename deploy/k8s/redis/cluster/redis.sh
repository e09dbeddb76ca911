#!/bin/sh
# Starts one node of the cluster.
#   SELF    host:port of this pod
#   PEERS   those of all pods; by default those of the NODES of the StatefulSet
#   DATA    a directory that stays, with what the node knows of the cluster
#   CONFIG  a directory for what is written here
#   COMMON  what every Redis has
set -eu
umask 077

# A value as Redis reads it in a file of settings.
quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }
: "${PEERS:=$(seq -f 'redis-%.0f.redis:6379' 0 $((${NODES:-1} - 1)) | paste -sd' ' -)}"

port=${SELF##*:}
{
  echo "include $COMMON"
  echo "port $port"
  echo "dir $DATA"
  echo 'cluster-enabled yes'
  echo 'cluster-node-timeout 5000'
  # Clients go by names: addresses of pods change.
  echo "cluster-announce-hostname ${SELF%:*}"
  echo 'cluster-preferred-endpoint-type hostname'
  # Where a primary and its replica are away, the cards of the others are decided all the same.
  echo 'cluster-require-full-coverage no'
  if [ -n "${MEMORY_LIMIT:-}" ]; then echo "maxmemory $((MEMORY_LIMIT / 4 * 3))"; fi
  if [ -n "${REDIS_PASSWORD:-}" ]; then
    printf 'requirepass %s\n' "$(quoted "$REDIS_PASSWORD")"
    printf 'masterauth %s\n' "$(quoted "$REDIS_PASSWORD")"
  fi
} >"$CONFIG/redis.conf"

# Nodes find each other by addresses. Where all pods got new ones at once, nobody knows any: a node that belongs to a
# cluster calls on all of them.
call() {
  until [ "$(redis-cli -p "$port" ping 2>/dev/null)" = PONG ]; do sleep 1; done
  # A name may have no address yet, or its old one.
  until redis-cli -p "$port" cluster info | grep -q '^cluster_state:ok' &&
    ! redis-cli -p "$port" cluster nodes | grep -q 'fail\|disconnected\|noaddr'; do
    for peer in $PEERS; do
      [ "$peer" = "$SELF" ] && continue
      address=$(getent ahostsv4 "${peer%:*}" | cut -d' ' -f1 | head -1)
      [ -n "$address" ] && redis-cli -p "$port" cluster meet "$address" "${peer##*:}" >/dev/null
    done
    sleep 5
  done
}
if [ "$(grep -c ' connected\| disconnected' "$DATA/nodes.conf" 2>/dev/null || true)" -gt 1 ]; then call & fi
exec redis-server "$CONFIG/redis.conf"

#!/bin/sh
# Makes one cluster of all pods, half of them primaries, each with a replica; takes in pods that have come since. Changes
# nothing where all is as it should be.
#   PEERS  host:port of all pods; by default those of the NODES of the StatefulSet
set -eu
: "${PEERS:=$(seq -f 'redis-%.0f.redis:6379' 0 $((${NODES:-1} - 1)) | paste -sd' ' -)}"

address() { echo "$(getent ahostsv4 "${1%:*}" | cut -d' ' -f1 | head -1):${1##*:}"; }
ask() { node=$1; shift; redis-cli -h "${node%:*}" -p "${node##*:}" "$@"; }
known() { ask "$1" cluster info | tr -d '\r' | sed -n 's/^cluster_known_nodes://p'; }
# Who is a primary, and who follows whom, as one node sees it.
seen_by() { ask "$1" cluster nodes | tr -d '\r' | sed 's/myself,//' | awk '{print $1, $3, $4}' | sort; }
# A change takes a moment until all nodes have heard of it.
settled() {
  for _ in $(seq 120); do
    views=$(for node in $members; do seen_by "$node" | cksum; done | sort -u | wc -l)
    primaries=$(for node in $members; do ask "$node" role | head -1; done | grep -c '^master$' || true)
    told=$(seen_by "${members%% *}" | grep -c ' master ' || true)
    if [ "$views" = 1 ] && [ "$primaries" = "$told" ] &&
      redis-cli --cluster check "${members%% *}" >/dev/null 2>&1; then return; fi
    sleep 0.5
  done
  echo 'the nodes do not come to agree' >&2
  return 1
}

members=
fresh=
all=0
for peer in $PEERS; do
  echo "waiting for $peer"
  until [ "$(ask "$peer" ping 2>/dev/null)" = PONG ]; do sleep 1; done
  node=$(address "$peer")
  if [ "$(known "$node")" -gt 1 ]; then members="${members:+$members }$node"; else fresh="${fresh:+$fresh }$node"; fi
  all=$((all + 1))
done

if [ -z "$members" ]; then
  # shellcheck disable=SC2086 # one argument for each
  redis-cli --cluster create $fresh --cluster-replicas 1 --cluster-yes
  members=$fresh
  # Each primary has its replica.
  until [ "$(seen_by "${members%% *}" | grep -c ' slave ')" = $((all / 2)) ]; do sleep 0.5; done
  settled
  exit 0
fi

settled
for node in $fresh; do
  one=${members%% *}
  if [ "$primaries" -lt $((all / 2)) ]; then
    redis-cli --cluster add-node "$node" "$one"
  else
    alone=$(seen_by "$one" | awk '$2 == "master" {of[$1] += 0} $2 == "slave" {of[$3]++} END {for (p in of) if (!of[p]) {print p; exit}}')
    redis-cli --cluster add-node "$node" "$one" --cluster-slave ${alone:+--cluster-master-id "$alone"}
  fi
  members="$members $node"
  settled
done
if [ -n "$fresh" ]; then
  redis-cli --cluster rebalance "${members%% *}" --cluster-use-empty-masters
  settled
fi
ask "${members%% *}" cluster info | head -7

#!/bin/sh
# Makes one cluster of all pods, half of them primaries, each with a replica; takes in pods that have come since. Goes on where
# an earlier run of it was killed. Changes nothing where all is as it should be, and takes from no node what it holds: where that
# is in doubt it says what is to be done by hand, and fails.
#   PEERS  host:port of all pods; by default those of the NODES of the StatefulSet
set -eu
: "${PEERS:=$(seq -f 'redis-%.0f.redis:6379' 0 $((${NODES:-1} - 1)) | paste -sd' ' -)}"

address() { echo "$(getent ahostsv4 "${1%:*}" | cut -d' ' -f1 | head -1):${1##*:}"; }
ask() { node=$1; shift; redis-cli -h "${node%:*}" -p "${node##*:}" "$@" | tr -d '\r'; }
about() { ask "$1" cluster info | sed -n "s/^$2://p"; }
# All that they hold, where each of them says so.
keys() { for node in $nodes; do ask "$node" dbsize; done | awk -v all="$all" '/^[0-9]+$/ {said++; n += $1} END {print said == all ? n + 0 : "unknown"}'; }
# Slots that a node says are its own: from-to, or one, a line each.
own() { ask "$1" cluster nodes | awk '/myself/ {for (i = 9; i <= NF; i++) if ($i !~ /^\[/) print $i}'; }
# How many slots are said to be the own ones of two, or from and to of what is nobody's.
claims() {
  for node in $nodes; do own "$node"; done | awk -F- -v what="$1" '
    {for (slot = $1; slot <= $NF; slot++) of[slot]++}
    END {
      for (slot = 0; slot <= 16384; slot++) {
        if (of[slot] > 1) twice++
        if (what != "free") continue
        if (slot < 16384 && !of[slot]) {if (from == "") from = slot} else if (from != "") {print from, slot - 1; from = ""}
      }
      if (what == "twice") print twice + 0
    }'
}
# Of such lines, the first of so many equal parts.
share() {
  awk -v parts="$1" '
    {from[NR] = $1; n[NR] = $2 - $1 + 1; all += n[NR]}
    END {
      take = int((all + parts - 1) / parts)
      for (i = 1; i <= NR && take > 0; i++) {
        if (n[i] > take) n[i] = take
        print from[i], from[i] + n[i] - 1
        take -= n[i]
      }
    }'
}
# Who is a primary, and who follows whom, as one node sees it.
seen_by() { ask "$1" cluster nodes | sed 's/myself,//' | awk '{print $1, $3, $4}' | sort; }
# Primaries without a slot, not those that are away.
empty() { ask "$one" cluster nodes | sed 's/myself,//' | awk '$3 == "master" && NF < 9 {split($2, at, "@"); print at[1]}'; }
by_hand() {
  echo "$1. See \`redis-cli --cluster check ${one:-${nodes%% *}}\`, and \`cluster nodes\` of each node. \`redis-cli --cluster fix\` closes open" \
    'slots and covers those of nobody; a node that holds no key may be taken back by `cluster reset hard`.' >&2
  exit 1
}
agree() {
  for _ in $(seq 120); do
    views=$(for node in $members; do seen_by "$node" | cksum; done | sort -u | wc -l)
    told=$(seen_by "$one" | grep -c ' master ' || true)
    primaries=$(for node in $members; do ask "$node" role | head -1; done | grep -c '^master$' || true)
    if [ "$views" = 1 ] && [ "$primaries" = "$told" ]; then return; fi
    sleep 0.5
  done
  by_hand 'the nodes do not come to agree'
}
# A change takes a moment until all nodes have heard of it.
settled() {
  for _ in $(seq 60); do
    agree
    if redis-cli --cluster check "$one" >/dev/null 2>&1; then return; fi
    sleep 0.5
  done
  by_hand 'the cluster does not become whole'
}
# Makes a node the replica of who has the fewest of them, among the others; of one with slots first.
follow() {
  of=$(ask "$one" cluster nodes | sed 's/myself,//' | awk -v self="$(ask "$1" cluster myid)" '
    $3 == "slave" {has[$4]++}
    $3 == "master" && $1 != self {slots[$1] = NF >= 9}
    END {for (id in slots) print has[id] + 0, 1 - slots[id], id}' | sort -n -k1 -k2 | awk '{print $3; exit}')
  ask "$1" cluster replicate "$of"
  for _ in $(seq 60); do
    if seen_by "$one" | grep -q "^$(ask "$1" cluster myid) slave $of"; then return; fi
    sleep 0.2
  done
  by_hand "$1 does not become a replica"
}

nodes=
all=0
for peer in $PEERS; do
  echo "waiting for $peer"
  until [ "$(ask "$peer" ping 2>/dev/null)" = PONG ]; do sleep 1; done
  nodes="${nodes:+$nodes }$(address "$peer")"
  all=$((all + 1))
done
formed() {
  for node in $nodes; do if [ "$(about "$node" cluster_slots_assigned)" = 16384 ]; then echo "$node"; return; fi; done
}

one=$(formed)
if [ -z "$one" ] && [ "$(keys)" = 0 ]; then
  # There is nothing to lose: what was begun is taken back. Of news that is on its way a node may learn of another once more.
  for _ in $(seq 10); do
    begun=$(for node in $nodes; do echo "$(about "$node" cluster_known_nodes) $(about "$node" cluster_slots_assigned)"; done | grep -cv '^1 0$' || true)
    [ "$begun" -gt 0 ] || break
    # It refuses by itself where a key has come.
    for node in $nodes; do ask "$node" cluster reset hard; done
    sleep 2
  done
  # shellcheck disable=SC2086 # one argument for each
  redis-cli --cluster create $nodes --cluster-replicas 1 --cluster-yes
  one=${nodes%% *}
elif [ -z "$one" ]; then
  # Some have slots, and keys came into them. What is nobody's is shared out among those that are still to be primaries.
  [ "$(claims twice)" = 0 ] || by_hand 'two nodes have the same slots'
  owners=0
  for node in $nodes; do
    if [ -n "$(own "$node")" ]; then
      : "${one:=$node}"
      owners=$((owners + 1))
    elif [ "$(ask "$node" dbsize)" != 0 ] && ask "$node" role | grep -q '^master$'; then
      by_hand "$node has keys and no slots"
    fi
  done
  [ -n "$one" ] || by_hand 'there are keys, and no node has slots'
  if ask "$one" cluster nodes | grep -q 'fail\|noaddr'; then by_hand "nodes that $one knows are away"; fi
  members=$nodes
  for node in $nodes; do ask "$node" cluster meet "${one%:*}" "${one##*:}"; done
  agree
  takers=$(empty | head -n $((all / 2 > owners ? all / 2 - owners : 0)))
  : "${takers:=$one}"
  left=$(echo "$takers" | wc -w)
  for node in $takers; do
    # shellcheck disable=SC2046 # one argument for each
    ask "$node" cluster addslotsrange $(claims free | share "$left")
    left=$((left - 1))
  done
fi

members=
fresh=
for node in $nodes; do
  if [ "$(about "$node" cluster_known_nodes)" -gt 1 ]; then members="${members:+$members }$node"; else fresh="${fresh:+$fresh }$node"; fi
done
agree
# Slots whose move was broken off.
if for node in $members; do ask "$node" cluster nodes; done | grep -q '\[[0-9]'; then redis-cli --cluster fix "$one"; fi
settled

for node in $fresh; do
  if [ "$(ask "$node" dbsize)" != 0 ] || [ -n "$(own "$node")" ]; then by_hand "$node is to be taken in, and not empty"; fi
  ask "$node" cluster meet "${one%:*}" "${one##*:}"
  members="$members $node"
done
[ -z "$fresh" ] || settled
# Half of them are primaries: what is too much, and has no slots yet, follows one of these.
for node in $(empty); do
  [ "$primaries" -gt $((all / 2)) ] || break
  follow "$node"
  primaries=$((primaries - 1))
done
settled
redis-cli --cluster rebalance "$one" --cluster-use-empty-masters
settled
# Each primary has its replica, and each node answers: it takes two seconds from its first slot until it does.
[ "$(seen_by "$one" | grep -c ' slave ')" = $((all / 2)) ] || echo "of $all nodes $primaries are primaries" >&2
for _ in $(seq 60); do
  failing=$(for node in $nodes; do about "$node" cluster_state; done | grep -cv '^ok$' || true)
  if [ "$failing" = 0 ]; then ask "$one" cluster info | head -7; exit 0; fi
  sleep 0.5
done
by_hand "to $failing of the nodes the cluster is down"

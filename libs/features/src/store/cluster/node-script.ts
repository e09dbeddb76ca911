import { CARD_EVENT_BYTES, EVENT_ID_BYTES } from '../../state/card-event.js';
import { VISIT_BYTES } from '../../state/visit.js';
import { LUA_ADD_TO_RING, LUA_APPEND_TO_CARD, LUA_APPEND_VISIT, LUA_LOCALS } from '../lua.js';
import { CHANGE_BYTES, MARKER_TTL_S } from './ring-changes.js';
import { script } from './script.js';

/** What a node is asked to do with one key. Each of them may be asked again: it happens once. */
export const OPERATIONS = { store: 'S', get: 'G', card: 'C', visits: 'V', ring: 'R' } as const;

/**
 * `operate[name](key, …)`, by the letters of OPERATIONS:
 * S (decision, seconds) stores where there is nothing, and answers what was there;
 * G () answers the value;
 * C (events) appends to a card's log, and answers one character for each, 1 where it was appended, 0 where it was there; then the log;
 * V (events, cap) appends to the log of a device or an address, each once, and answers the log;
 * R (changes, keys) changes a ring, by each change once; the keys mark in its slot which were made. Answers the ring.
 */
export const LUA_OPERATIONS = `
${LUA_LOCALS}${LUA_ADD_TO_RING}${LUA_APPEND_TO_CARD}${LUA_APPEND_VISIT}
local operate = {}
function operate.S(key, value, ttl)
  return call('SET', key, value, 'EX', ttl, 'NX', 'GET')
end
function operate.G(key)
  return call('GET', key)
end
function operate.C(key, events)
  local done = {}
  for i = 1, #events / ${CARD_EVENT_BYTES} do
    local entry = sub(events, (i - 1) * ${CARD_EVENT_BYTES} + 1, i * ${CARD_EVENT_BYTES})
    done[i] = appendToCard(key, entry) and '1' or '0'
  end
  return { table.concat(done), call('GET', key) }
end
function operate.V(key, visits, cap)
  local log = call('GET', key) or ''
  for i = 1, #visits / ${VISIT_BYTES} do
    local visit = sub(visits, (i - 1) * ${VISIT_BYTES} + 1, i * ${VISIT_BYTES})
    local id = sub(visit, 1, ${EVENT_ID_BYTES})
    local at = find(log, id, 1, true)
    while at and at % ${VISIT_BYTES} ~= 1 do at = find(log, id, at + 1, true) end
    if not at then appendVisit(key, visit, tonumber(cap)) end
  end
  return call('GET', key)
end
function operate.R(key, changes, markers)
  for i = 1, #changes / ${CHANGE_BYTES} do
    local seconds, amount, frauds, n = unpackStruct('<I4dbB', changes, (i - 1) * ${CHANGE_BYTES} + 1)
    if #markers == 0 or call('SET', markers[i], '', 'NX', 'EX', '${MARKER_TTL_S}') then
      addToRing(key, seconds, n, frauds, amount)
    end
  end
  return call('GET', key)
end
`;

/** One operation. KEYS: its key; for a ring the markers, too. ARGV: its letter; what else it takes. */
export const ALONE_SCRIPT = script(`
${LUA_OPERATIONS}
local third = ARGV[3]
if ARGV[1] == 'R' then third = { unpack(KEYS, 2) } end
return operate[ARGV[1]](KEYS[1], ARGV[2], third)
`);

/**
 * All that a turn wants of one node. KEYS: one of its keys, of any slot. ARGV: for each operation its letter, its key, and what else it
 * takes: S two, G nothing, C one, V two, R the changes, the number of markers, and these.
 * Answers the answer of each. Where a key is not on this node any more, or is about to leave it, it is refused before anything is done.
 */
export const NODE_SCRIPT = script(`#!lua flags=allow-cross-slot-keys
${LUA_OPERATIONS}
local takes = { S = 2, G = 0, C = 1, V = 2, R = 2 }
local asked, at = {}, 1
while at <= #ARGV do
  local name, key = ARGV[at], ARGV[at + 1]
  call('EXISTS', key)
  local second, third = ARGV[at + 2], ARGV[at + 3]
  at = at + 2 + takes[name]
  if name == 'R' then
    local markers = {}
    for i = 1, tonumber(third) do markers[i] = ARGV[at + i - 1] end
    at = at + #markers
    third = markers
  end
  asked[#asked + 1] = { name, key, second, third }
end
local answers = {}
for i, one in ipairs(asked) do answers[i] = operate[one[1]](one[2], one[3], one[4]) end
return answers
`);

import { createHash } from 'node:crypto';
import { CARD_EVENT_BYTES, EVENT_ID_BYTES } from '../../state/card-event.js';
import { VISIT_BYTES } from '../../state/visit.js';
import {
  LUA_ADD_TO_RING,
  LUA_APPEND_TO_CARD,
  LUA_APPEND_VISIT,
  LUA_LOCALS,
  LUA_MARK_FRAUD,
  TTL,
} from '../lua.js';

/** A script and the name by which a node knows it. Each works on the keys of one slot. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

const script = (text: string): Script => ({ text, sha1: createHash('sha1').update(text).digest('hex') });

/**
 * Appends events to a card's log. KEYS: the log. ARGV: the events.
 * Answers one character for each event, 1 where it was appended, 0 where it is in the log; then the log.
 */
export const CARD_SCRIPT = script(`
${LUA_LOCALS}${LUA_APPEND_TO_CARD}
local done = {}
for i = 1, #ARGV[1] / ${CARD_EVENT_BYTES} do
  local entry = sub(ARGV[1], (i - 1) * ${CARD_EVENT_BYTES} + 1, i * ${CARD_EVENT_BYTES})
  done[i] = appendToCard(KEYS[1], entry) and '1' or '0'
end
return { table.concat(done), call('GET', KEYS[1]) }
`);

/**
 * Appends events to the log of a device or an address, each once. KEYS: the log. ARGV: its cap; the events. Answers the log.
 */
export const VISIT_SCRIPT = script(`
${LUA_LOCALS}${LUA_APPEND_VISIT}
local log = call('GET', KEYS[1]) or ''
for i = 1, #ARGV[2] / ${VISIT_BYTES} do
  local visit = sub(ARGV[2], (i - 1) * ${VISIT_BYTES} + 1, i * ${VISIT_BYTES})
  local id = sub(visit, 1, ${EVENT_ID_BYTES})
  local at = find(log, id, 1, true)
  while at and at % ${VISIT_BYTES} ~= 1 do at = find(log, id, at + 1, true) end
  if not at then appendVisit(KEYS[1], visit, tonumber(ARGV[1])) end
end
return call('GET', KEYS[1])
`);

/** Bytes of one change of a ring: time in seconds (uint32), amount (float64), frauds (int8), transactions (uint8). */
export const CHANGE_BYTES = 14;

/** So long a node remembers that it has made a change, s. */
export const MARKER_TTL_S = 600;

/**
 * Changes a ring, by each change once. KEYS: the ring; the markers of the changes, or none of them where there can be none.
 * ARGV: the changes. Answers the ring.
 */
export const RING_SCRIPT = script(`
${LUA_LOCALS}${LUA_ADD_TO_RING}
for i = 1, #ARGV[1] / ${CHANGE_BYTES} do
  local seconds, amount, frauds, n = unpackStruct('<I4dbB', ARGV[1], (i - 1) * ${CHANGE_BYTES} + 1)
  if #KEYS == 1 or call('SET', KEYS[i + 1], '', 'NX', 'EX', '${MARKER_TTL_S}') then
    addToRing(KEYS[1], seconds, n, frauds, amount)
  end
end
return call('GET', KEYS[1])
`);

/** KEYS: the label of a transaction. ARGV: 1 or 0. Answers 1 where that changed it. */
export const LABEL_SCRIPT = script(`
if (redis.call('GET', KEYS[1]) or '0') == ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ${TTL})
return 1
`);

/** Marks an event of a card's log. KEYS: the log. ARGV: 1 or 0; the event's hash. */
export const MARK_SCRIPT = script(`
${LUA_LOCALS}${LUA_MARK_FRAUD}
markFraud(KEYS[1], ARGV[2], ARGV[1])
return 1
`);

import { CARD_EVENT_BYTES } from '../state/card-event.js';
import { VISIT_BYTES } from '../state/visit.js';
import { LUA_ADD_TO_RING, LUA_APPEND_TO_CARD, LUA_APPEND_VISIT, LUA_LOCALS } from './lua.js';

/** Bytes of one counter update: time in seconds (uint32), amount (float64). */
export const COUNTER_BYTES = 12;

/**
 * The one script: commits, then the appends of a turn, then what both count. The state that the turn reads is fetched by a
 * plain MGET behind it, in the same round trip.
 *
 * KEYS: the decision of each commit; the ring of each counter update; the decision of each read; the card's log of each
 * read; the logs of devices and addresses that reads name.
 * ARGV: number of commits; counter updates; for each of them whose it is, a commit's or, numbered behind these, a read's
 * (uint16); card events of the reads; decision TTL (s); visits of the reads; for each log of a device or an address the
 * number of its read and its cap (uint16 each); then the value of each commit.
 * Answers: one character for each commit, 1 where its decision was stored, 0 where there was one; then one for each read, 1
 * where its event was appended, 0 where it is decided or in the log.
 */
export const EXCHANGE_SCRIPT = `
local commits, counters, owners, events, ttl = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local visits, visited = ARGV[6], ARGV[7]
${LUA_LOCALS}${LUA_ADD_TO_RING}${LUA_APPEND_TO_CARD}${LUA_APPEND_VISIT}
local done = {}
for i = 1, commits do
  done[i] = call('SET', KEYS[i], ARGV[7 + i], 'NX', 'EX', ttl) and 1 or 0
end

local updates = #owners / 2
local reads = #events / ${CARD_EVENT_BYTES}

local first = commits + updates
local decided = reads == 0 and {} or call('MGET', unpack(KEYS, first + 1, first + reads))
for i = 1, reads do
  done[commits + i] = 0
  -- A transaction that is decided leaves no second trace: it is a repeat, or a conflict.
  if not decided[i] then
    local entry = sub(events, (i - 1) * ${CARD_EVENT_BYTES} + 1, i * ${CARD_EVENT_BYTES})
    if appendToCard(KEYS[first + reads + i], entry) then done[commits + i] = 1 end
  end
end
-- Whoever is new in the log of its card is new in these, too.
local logs = first + 2 * reads
for i = 1, #visited / 4 do
  local read, cap = unpackStruct('<I2I2', visited, i * 4 - 3)
  if done[commits + read + 1] == 1 then
    appendVisit(KEYS[logs + i], sub(visits, read * ${VISIT_BYTES} + 1, (read + 1) * ${VISIT_BYTES}), cap)
  end
end

-- What was stored counts, and what was appended to be counted with it.
for i = 1, updates do
  if done[unpackStruct('<I2', owners, i * 2 - 1) + 1] == 1 then
    local seconds, amount = unpackStruct('<I4d', counters, (i - 1) * ${COUNTER_BYTES} + 1)
    addToRing(KEYS[commits + i], seconds, 1, 0, amount)
  end
end
return table.concat(done)
`;

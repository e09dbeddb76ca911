import {
  CARD_EVENT_BYTES,
  EVENT_ID_BYTES,
  EVENT_TIME_BYTES,
  EVENT_TIME_OFFSET,
  FRAUD_EVENT,
  LATE_EVENT,
} from '../state/card-event.js';
import { DAY_MS, DAY_SLOTS, HOUR_SLOTS, SLOT_BYTES } from '../state/ring.js';
import { VISIT_BYTES } from '../state/visit.js';
import { CARD_LOG_CAP, CARD_LOG_SLACK, HISTORY_TTL_S, VISIT_LOG_SLACK, VISIT_TTL_S } from './store.js';

/** Bytes of one counter update: time in seconds (uint32), amount (float64). */
export const COUNTER_BYTES = 12;

/** A quoted text: a number costs Redis a conversion at every call. */
const TTL = `'${HISTORY_TTL_S}'`;
const VISIT_TTL = `'${VISIT_TTL_S}'`;
const TIME_FORMAT = `'<I${EVENT_TIME_BYTES}'`;

/**
 * The one script: commits, then the appends of a turn, then what both count. The state that the turn reads is fetched by a
 * plain MGET behind it, in the same round trip.
 *
 * Redis hashes every byte of every string that a script touches, about a nanosecond each: so it looks at slots and
 * at the last event of a log, not at whole rings and logs. An event that is younger than all events of its log
 * cannot be in it. Each event that came late is marked as such, so the last event tells how young that is; only
 * for a late event, a tie or a repeat is the log searched.
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
local call, sub, find, floor = redis.call, string.sub, string.find, math.floor
local pack, unpackStruct = struct.pack, struct.unpack

local done = {}
for i = 1, commits do
  done[i] = call('SET', KEYS[i], ARGV[7 + i], 'NX', 'EX', ttl) and 1 or 0
end

-- Adds to the slot at an offset, unless it counts a later hour or day already; true where it begins to count.
local function count(key, offset, epoch, amount)
  local slot = call('GETRANGE', key, offset, offset + ${SLOT_BYTES - 1})
  local held, n, frauds, sum = 0, 0, 0, 0
  if #slot == ${SLOT_BYTES} then held, n, frauds, sum = unpackStruct('<I4I4I4d', slot) end
  if held > epoch then return false end
  if held < epoch then n, frauds, sum = 0, 0, 0 end
  call('SETRANGE', key, offset, pack('<I4I4I4d', epoch, n + 1, frauds, sum + amount))
  return held < epoch
end

local updates = #owners / 2
local reads = #events / ${CARD_EVENT_BYTES}

-- Whether the log holds the event, and whether the event is older than another one in it.
local function search(log, id, time)
  local at = find(log, id, 1, true)
  while at and at % ${CARD_EVENT_BYTES} ~= 1 do at = find(log, id, at + 1, true) end
  if at then return true, false end
  local youngest = 0
  for from = #log - ${CARD_EVENT_BYTES - 1 - EVENT_TIME_OFFSET}, 1, -${CARD_EVENT_BYTES} do
    local other = unpackStruct(${TIME_FORMAT}, log, from)
    youngest = math.max(youngest, other % ${FRAUD_EVENT})
    -- In order when it came: none before it is younger.
    if other < ${LATE_EVENT} then break end
  end
  return false, time < youngest
end

local first = commits + updates
local decided = reads == 0 and {} or call('MGET', unpack(KEYS, first + 1, first + reads))
for i = 1, reads do
  done[commits + i] = 0
  -- A transaction that is decided leaves no second trace: it is a repeat, or a conflict.
  if not decided[i] then
    local key = KEYS[first + reads + i]
    local entry = sub(events, (i - 1) * ${CARD_EVENT_BYTES} + 1, i * ${CARD_EVENT_BYTES})
    local time = unpackStruct(${TIME_FORMAT}, entry, ${EVENT_TIME_OFFSET + 1})
    local last = call('GETRANGE', key, '-${CARD_EVENT_BYTES}', '-1')
    local before, known, late = 0, false, false
    if #last == ${CARD_EVENT_BYTES} then
      before = unpackStruct(${TIME_FORMAT}, last, ${EVENT_TIME_OFFSET + 1})
      if before >= ${LATE_EVENT} or before % ${FRAUD_EVENT} >= time then known, late = search(call('GET', key), sub(entry, 1, ${EVENT_ID_BYTES}), time) end
    end
    if not known then
      if late then entry = sub(entry, 1, ${EVENT_TIME_OFFSET}) .. pack(${TIME_FORMAT}, time + ${LATE_EVENT}) .. sub(entry, ${EVENT_TIME_OFFSET + EVENT_TIME_BYTES + 1}) end
      done[commits + i] = 1
      if call('APPEND', key, entry) > ${(CARD_LOG_CAP + CARD_LOG_SLACK) * CARD_EVENT_BYTES} then
        call('SET', key, call('GETRANGE', key, '-${(CARD_LOG_CAP + 1) * CARD_EVENT_BYTES}', '-1'), 'EX', ${TTL})
      elseif floor(before % ${FRAUD_EVENT} / ${DAY_MS}) ~= floor(time / ${DAY_MS}) then
        -- Once a day is often enough here, too.
        call('EXPIRE', key, ${TTL})
      end
    end
  end
end
-- Whoever is new in the log of its card is new in these, too.
local logs = first + 2 * reads
for i = 1, #visited / 4 do
  local read, cap = unpackStruct('<I2I2', visited, i * 4 - 3)
  if done[commits + read + 1] == 1 then
    local key = KEYS[logs + i]
    local visit = sub(visits, read * ${VISIT_BYTES} + 1, (read + 1) * ${VISIT_BYTES})
    if call('APPEND', key, visit) > (cap + ${VISIT_LOG_SLACK}) * ${VISIT_BYTES} then
      call('SET', key, call('GETRANGE', key, -(cap + 1) * ${VISIT_BYTES}, -1), 'EX', ${VISIT_TTL})
    else
      call('EXPIRE', key, ${VISIT_TTL})
    end
  end
end

-- What was stored counts, and what was appended to be counted with it.
for i = 1, updates do
  if done[unpackStruct('<I2', owners, i * 2 - 1) + 1] == 1 then
    local key = KEYS[commits + i]
    local seconds, amount = unpackStruct('<I4d', counters, (i - 1) * ${COUNTER_BYTES} + 1)
    local hour, day = floor(seconds / 3600), floor(seconds / 86400)
    count(key, hour % ${HOUR_SLOTS} * ${SLOT_BYTES}, hour, amount)
    if count(key, (${HOUR_SLOTS} + day % ${DAY_SLOTS}) * ${SLOT_BYTES}, day, amount) then
      -- The first of a day: often enough for an expiry that is a week longer than the ring.
      call('EXPIRE', key, ${TTL})
    end
  end
end
return table.concat(done)
`;

import {
  CARD_EVENT_BYTES,
  EVENT_ID_BYTES,
  EVENT_TIME_BYTES,
  EVENT_TIME_OFFSET,
  FRAUD_EVENT,
  LATE_EVENT,
} from '../state/card-event.js';
import { DAY_MS, DAY_SLOTS, HOUR_SLOTS, SLOT_BYTES } from '../state/ring.js';
import { CARD_LOG_CAP, CARD_LOG_SLACK, HISTORY_TTL_S, VISIT_LOG_SLACK, VISIT_TTL_S } from './store.js';

/** A quoted text: a number costs Redis a conversion at every call. */
export const TTL = `'${HISTORY_TTL_S}'`;
const VISIT_TTL = `'${VISIT_TTL_S}'`;
const TIME_FORMAT = `'<I${EVENT_TIME_BYTES}'`;

/** What every script begins with. */
export const LUA_LOCALS = `
local call, sub, find, floor, format = redis.call, string.sub, string.find, math.floor, string.format
local pack, unpackStruct = struct.pack, struct.unpack
-- Logs that this turn has appended to. A log is cut before the first event of a turn, never between two of its events: all
-- rows of a turn read behind all of its appends, and the first one still has to find what it looks at.
local begun = {}
-- Appends to a log. Where it had more events than it may have, only the last ones before this event stay.
local function appendTo(key, event, most, kept, ttl)
  local length = call('APPEND', key, event)
  if length > most * #event and not begun[key] then
    call('SET', key, call('GETRANGE', key, -(kept + 1) * #event, -1), 'EX', ttl)
    length = 0
  end
  begun[key] = true
  return length > 0
end
`;

/** `addToRing(key, seconds, n, frauds, amount)` adds to the slots of an hour and of a day. */
export const LUA_ADD_TO_RING = `
-- Adds to the slot at an offset, unless it counts a later hour or day already; true where it begins to count.
local function addToSlot(key, offset, epoch, n, frauds, amount)
  local from = format('%d', offset)
  local slot = call('GETRANGE', key, from, format('%d', offset + ${SLOT_BYTES - 1}))
  local held, heldN, heldFrauds, sum = 0, 0, 0, 0
  if #slot == ${SLOT_BYTES} then held, heldN, heldFrauds, sum = unpackStruct('<I4I4I4d', slot) end
  if held > epoch then return false end
  -- A label may come before its transaction is counted.
  if held < epoch then heldN, heldFrauds, sum = 0, 0, 0 end
  if frauds ~= 0 then heldFrauds = math.max(0, heldFrauds + frauds) end
  call('SETRANGE', key, from, pack('<I4I4I4d', epoch, heldN + n, heldFrauds, sum + amount))
  return held < epoch
end

local function addToRing(key, seconds, n, frauds, amount)
  local hour, day = floor(seconds / 3600), floor(seconds / 86400)
  addToSlot(key, hour % ${HOUR_SLOTS} * ${SLOT_BYTES}, hour, n, frauds, amount)
  if addToSlot(key, (${HOUR_SLOTS} + day % ${DAY_SLOTS}) * ${SLOT_BYTES}, day, n, frauds, amount) then
    -- The first of a day: often enough for an expiry that is a week longer than the ring.
    call('EXPIRE', key, ${TTL})
  end
end
`;

/**
 * `appendToCard(key, entry)` appends an event to a card's log; false where the log has it.
 *
 * Redis hashes every byte of every string that a script touches, about a nanosecond each: so it looks at
 * the last event of a log, not at the whole. An event that is younger than all events of its log
 * cannot be in it. Each event that came late is marked as such, so the last event tells how young that is; only
 * for a late event, a tie or a repeat is the log searched.
 */
export const LUA_APPEND_TO_CARD = `
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

local function appendToCard(key, entry)
  local time = unpackStruct(${TIME_FORMAT}, entry, ${EVENT_TIME_OFFSET + 1})
  local last = call('GETRANGE', key, '-${CARD_EVENT_BYTES}', '-1')
  local before, known, late = 0, false, false
  if #last == ${CARD_EVENT_BYTES} then
    before = unpackStruct(${TIME_FORMAT}, last, ${EVENT_TIME_OFFSET + 1})
    if before >= ${LATE_EVENT} or before % ${FRAUD_EVENT} >= time then known, late = search(call('GET', key), sub(entry, 1, ${EVENT_ID_BYTES}), time) end
  end
  if known then return false end
  if late then entry = sub(entry, 1, ${EVENT_TIME_OFFSET}) .. pack(${TIME_FORMAT}, time + ${LATE_EVENT}) .. sub(entry, ${EVENT_TIME_OFFSET + EVENT_TIME_BYTES + 1}) end
  if appendTo(key, entry, ${CARD_LOG_CAP + CARD_LOG_SLACK}, ${CARD_LOG_CAP}, ${TTL}) and floor(before % ${FRAUD_EVENT} / ${DAY_MS}) ~= floor(time / ${DAY_MS}) then
    -- Once a day is often enough here, too.
    call('EXPIRE', key, ${TTL})
  end
  return true
end
`;

/** `appendVisit(key, visit, cap)` appends an event to the log of a device or an address. */
export const LUA_APPEND_VISIT = `
local function appendVisit(key, visit, cap)
  if appendTo(key, visit, cap + ${VISIT_LOG_SLACK}, cap, ${VISIT_TTL}) then call('EXPIRE', key, ${VISIT_TTL}) end
end
`;

/** `markFraud(key, id, fraud)` marks an event of a card's log, or takes the mark away; nothing where it is not there. */
export const LUA_MARK_FRAUD = `
local function markFraud(key, id, fraud)
  local log = call('GET', key)
  local at = log and find(log, id, 1, true)
  while at and at % ${CARD_EVENT_BYTES} ~= 1 do at = find(log, id, at + 1, true) end
  if not at then return end
  -- Bit 46 of the time that follows the identity.
  local place = at + ${EVENT_ID_BYTES + 5}
  local byte = string.byte(log, place)
  local rest = byte % 64 + (byte >= 128 and 128 or 0)
  call('SETRANGE', key, place - 1, string.char(rest + (fraud == '1' and 64 or 0)))
end
`;

import { CARD_EVENT_BYTES } from '../state/card-event.js';
import { DAY_SLOTS, HOUR_SLOTS, SLOT_BYTES } from '../state/ring.js';
import { CARD_LOG_CAP, CARD_LOG_SLACK, HISTORY_TTL_S } from './store.js';

/** Bytes of one counter update: time in seconds (uint32), amount (float64). */
export const COUNTER_BYTES = 12;

/** A log below this many bytes is written anew with its expiry in one command; a longer one is appended to. */
const SHORT_LOG_BYTES = 64 * CARD_EVENT_BYTES;

/**
 * The one script: commits, then reads. A command called from a script costs more than what most of them do,
 * so it calls as few as it can; windows are computed by the reader.
 *
 * KEYS: the decision of each commit; the ring of each counter update; then decision, card log and merchant
 * ring of each read.
 * ARGV: number of commits; counter updates; for each of them the number of its commit (uint16); events of the
 * reads; decision TTL (s); then the value of each commit.
 * Answers: 1 or 0 for each commit (stored or not), then decision, log and ring of each read as they were.
 */
export const EXCHANGE_SCRIPT = `
local commits, counters, owners, events, ttl = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local call, sub, find, floor = redis.call, string.sub, string.find, math.floor
local pack, unpackStruct = struct.pack, struct.unpack
local out = {}

for i = 1, commits do
  out[i] = call('SET', KEYS[i], ARGV[5 + i], 'NX', 'EX', ttl) and 1 or 0
end

local updates = #owners / 2
if updates > 0 then
  local rings = call('MGET', unpack(KEYS, commits + 1, commits + updates))
  local touched = {}
  local function count(key, ring, base, size, epoch, amount)
    local offset = (base + epoch % size) * ${SLOT_BYTES}
    local held, n, frauds, sum = 0, 0, 0, 0
    if #ring >= offset + ${SLOT_BYTES} then held, n, frauds, sum = unpackStruct('<I4I4I4d', ring, offset + 1) end
    if held > epoch then return false end
    if held < epoch then n, frauds, sum = 0, 0, 0 end
    call('SETRANGE', key, offset, pack('<I4I4I4d', epoch, n + 1, frauds, sum + amount))
    return held < epoch
  end
  for i = 1, updates do
    if out[unpackStruct('<I2', owners, i * 2 - 1) + 1] == 1 then
      local key = KEYS[commits + i]
      local ring = rings[i]
      if touched[key] then ring = call('GET', key) end
      touched[key] = true
      local seconds, amount = unpackStruct('<I4d', counters, (i - 1) * ${COUNTER_BYTES} + 1)
      count(key, ring or '', 0, ${HOUR_SLOTS}, floor(seconds / 3600), amount)
      if count(key, ring or '', ${HOUR_SLOTS}, ${DAY_SLOTS}, floor(seconds / 86400), amount) or not ring then
        -- The first of a day: often enough for an expiry that is a week longer than the ring.
        call('EXPIRE', key, ${HISTORY_TTL_S})
      end
    end
  end
end

local reads = #events / ${CARD_EVENT_BYTES}
if reads == 0 then return out end
local first = commits + updates
local state = call('MGET', unpack(KEYS, first + 1))
local appended = {}
for i = 1, reads do
  local at = i * 3 - 2
  local stored, log, key = state[at], state[at + 1], KEYS[first + at + 1]
  if appended[key] then log = call('GET', key) end
  if not stored then
    -- A transaction that is decided leaves no second trace: it is a repeat, or a conflict.
    local entry = sub(events, (i - 1) * ${CARD_EVENT_BYTES} + 1, i * ${CARD_EVENT_BYTES})
    local found = false
    if log then
      local id = sub(entry, 1, 8)
      found = find(log, id, 1, true)
      while found and found % ${CARD_EVENT_BYTES} ~= 1 do found = find(log, id, found + 1, true) end
    end
    if not found then
      appended[key] = true
      if not log or #log < ${SHORT_LOG_BYTES} then
        call('SET', key, (log or '') .. entry, 'EX', ${HISTORY_TTL_S})
      elseif #log >= ${(CARD_LOG_CAP + CARD_LOG_SLACK) * CARD_EVENT_BYTES} then
        call('SET', key, sub(log, -${(CARD_LOG_CAP - 1) * CARD_EVENT_BYTES}) .. entry, 'EX', ${HISTORY_TTL_S})
      else
        call('APPEND', key, entry)
        call('EXPIRE', key, ${HISTORY_TTL_S})
      end
    end
  end
  local n = commits + at
  out[n], out[n + 1], out[n + 2] = stored, log, state[at + 2]
end
return out
`;

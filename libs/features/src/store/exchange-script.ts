import { CARD_EVENT_BYTES } from '../state/card-event.js';
import { DAY_SLOTS, HOUR_SLOTS, SLOT_BYTES } from '../state/ring.js';
import { CARD_LOG_CAP, CARD_LOG_SLACK, HISTORY_TTL_S } from './store.js';

/** Bytes of one counter update in the second argument: time in seconds (uint32), amount (float64). */
export const COUNTER_BYTES = 12;

/** Operations of the script, one letter each, carried out in order. */
export const OPERATION = {
  /** Store the decision unless there is one. Key: decision. Takes one value. Answers 1 if stored. */
  commit: 'C',
  /** The same; if stored, adds to a ring. Keys: decision, ring. Takes one value and one counter update. */
  commitAndCount: 'N',
  /** Key: decision or ring. Answers its value. */
  get: 'G',
  /** Key: card log. Takes one event, appends it unless held or the `get` before it found a decision. Answers the log as it was. */
  log: 'L',
} as const;

/**
 * The one script: ARGV is operations, counter updates, events, decision TTL (s), then the values.
 * Redis does as little as possible; windows are computed by the reader.
 */
export const EXCHANGE_SCRIPT = `
local ops, counters, events, ttl = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local call, sub, find, byte = redis.call, string.sub, string.find, string.byte
local key, value, event, counter, found, out = 0, 4, 1, 1, false, {}

local function count(ring, base, size, epoch, amount)
  local offset = (base + epoch % size) * ${SLOT_BYTES}
  local slot = call('GETRANGE', ring, offset, offset + ${SLOT_BYTES - 1})
  local held, n, frauds, sum = 0, 0, 0, 0
  if #slot == ${SLOT_BYTES} then held, n, frauds, sum = struct.unpack('<I4I4I4d', slot) end
  if held > epoch then return end
  if held < epoch then n, frauds, sum = 0, 0, 0 end
  call('SETRANGE', ring, offset, struct.pack('<I4I4I4d', epoch, n + 1, frauds, sum + amount))
end

for i = 1, #ops do
  local op = byte(ops, i)
  key = key + 1
  if op == 71 then
    found = call('GET', KEYS[key])
    out[i] = found
  elseif op == 76 then
    local log = call('GET', KEYS[key])
    local entry = sub(events, event, event + ${CARD_EVENT_BYTES - 1})
    event = event + ${CARD_EVENT_BYTES}
    if found then
      -- Decided before: a repeat, or a conflict that must leave no trace.
    elseif not log then
      call('SET', KEYS[key], entry, 'EX', ${HISTORY_TTL_S})
    else
      local id = sub(entry, 1, 8)
      local at = find(log, id, 1, true)
      while at and at % ${CARD_EVENT_BYTES} ~= 1 do at = find(log, id, at + 1, true) end
      if not at then
        if #log >= ${(CARD_LOG_CAP + CARD_LOG_SLACK) * CARD_EVENT_BYTES} then
          call('SET', KEYS[key], sub(log, -${(CARD_LOG_CAP - 1) * CARD_EVENT_BYTES}) .. entry, 'EX', ${HISTORY_TTL_S})
        else
          call('APPEND', KEYS[key], entry)
          call('EXPIRE', KEYS[key], ${HISTORY_TTL_S})
        end
      end
    end
    out[i] = log
  else
    value = value + 1
    local stored = call('SET', KEYS[key], ARGV[value], 'NX', 'EX', ttl)
    if op == 78 then
      key = key + 1
      if stored then
        local seconds, amount = struct.unpack('<I4d', counters, counter)
        local ring = KEYS[key]
        count(ring, 0, ${HOUR_SLOTS}, math.floor(seconds / 3600), amount)
        count(ring, ${HOUR_SLOTS}, ${DAY_SLOTS}, math.floor(seconds / 86400), amount)
        call('EXPIRE', ring, ${HISTORY_TTL_S})
      end
      counter = counter + ${COUNTER_BYTES}
    end
    out[i] = stored and 1 or 0
  end
end
return out
`;

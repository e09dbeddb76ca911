import { CARD_EVENT_BYTES, EVENT_ID_BYTES } from '../state/card-event.js';
import { DAY_SLOTS, HOUR_SLOTS, SLOT_BYTES } from '../state/ring.js';
import { HISTORY_TTL_S } from './store.js';

const TTL = `'${HISTORY_TTL_S}'`;

/**
 * Notes what became known of a transaction: once, whatever the order and however often it is told.
 *
 * KEYS: the label of the transaction; its card's log; the rings of its merchant and its terminal.
 * ARGV: 1 or 0; event hash; event time in seconds.
 * Answers 1 where that changed something.
 */
export const LABEL_SCRIPT = `
local fraud, id, seconds = ARGV[1], ARGV[2], tonumber(ARGV[3])
local call, floor = redis.call, math.floor
if (call('GET', KEYS[1]) or '0') == fraud then return 0 end
call('SET', KEYS[1], fraud, 'EX', ${TTL})
local change = fraud == '1' and 1 or -1

local log = call('GET', KEYS[2])
local at = log and string.find(log, id, 1, true)
while at and at % ${CARD_EVENT_BYTES} ~= 1 do at = string.find(log, id, at + 1, true) end
if at then
  -- Bit 46 of the time that follows the identity.
  local place = at + ${EVENT_ID_BYTES + 5}
  local byte = string.byte(log, place)
  local rest = byte % 64 + (byte >= 128 and 128 or 0)
  call('SETRANGE', KEYS[2], place - 1, string.char(rest + (fraud == '1' and 64 or 0)))
end

local function count(key, offset, epoch)
  local slot = call('GETRANGE', key, offset, offset + ${SLOT_BYTES - 1})
  local held, n, frauds, sum = 0, 0, 0, 0
  if #slot == ${SLOT_BYTES} then held, n, frauds, sum = struct.unpack('<I4I4I4d', slot) end
  -- The slot counts a later hour or day by now.
  if held > epoch then return end
  -- A label may come before the transaction is counted.
  if held < epoch then n, frauds, sum = 0, 0, 0 end
  call('SETRANGE', key, offset, struct.pack('<I4I4I4d', epoch, n, math.max(0, frauds + change), sum))
  if held < epoch then call('EXPIRE', key, ${TTL}) end
end
local hour, day = floor(seconds / 3600), floor(seconds / 86400)
for i = 3, #KEYS do
  count(KEYS[i], hour % ${HOUR_SLOTS} * ${SLOT_BYTES}, hour)
  count(KEYS[i], (${HOUR_SLOTS} + day % ${DAY_SLOTS}) * ${SLOT_BYTES}, day)
end
return 1
`;

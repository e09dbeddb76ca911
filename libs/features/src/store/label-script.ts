import { LUA_ADD_TO_RING, LUA_LOCALS, LUA_MARK_FRAUD, TTL } from './lua.js';

/**
 * Notes what became known of a transaction: once, whatever the order and however often it is told.
 *
 * KEYS: the label of the transaction; its card's log; the rings of its merchant and its terminal.
 * ARGV: 1 or 0; event hash; event time in seconds.
 * Answers 1 where that changed something.
 */
export const LABEL_SCRIPT = `
local fraud, id, seconds = ARGV[1], ARGV[2], tonumber(ARGV[3])
${LUA_LOCALS}${LUA_ADD_TO_RING}${LUA_MARK_FRAUD}
if (call('GET', KEYS[1]) or '0') == fraud then return 0 end
call('SET', KEYS[1], fraud, 'EX', ${TTL})
markFraud(KEYS[2], id, fraud)
for i = 3, #KEYS do addToRing(KEYS[i], seconds, 0, fraud == '1' and 1 or -1, 0) end
return 1
`;

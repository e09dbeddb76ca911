import { LUA_LOCALS, LUA_MARK_FRAUD, TTL } from '../lua.js';
import { script } from './script.js';

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

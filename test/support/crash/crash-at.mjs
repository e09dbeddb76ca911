// Loaded into a consumer by NODE_OPTIONS=--import: kills its process at one point of its work, once so many slices went through it.
import path from 'node:path';

const { CRASH_AT, CRASH_AFTER = '3', CRASH_DIST } = process.env;
const load = (module) => import(path.join(CRASH_DIST, module));

let passed = 0;
const crash = () => {
  process.kill(process.pid, 'SIGKILL');
  // The signal comes at once, but nothing more may happen in between.
  for (;;);
};
const isTime = () => ++passed > Number(CRASH_AFTER);

if (CRASH_AT !== undefined && CRASH_DIST !== undefined && process.argv[1]?.includes('consumer')) {
  const { RedisFeatureStore } = await load('libs/features/src/index.js');
  const { AcknowledgedProducer } = await load('libs/platform/src/index.js');
  const { exchange } = RedisFeatureStore.prototype;
  const { send } = AcknowledgedProducer.prototype;

  RedisFeatureStore.prototype.exchange = async function (reads, commits, ...rest) {
    if (commits.length > 0 && CRASH_AT === 'before SET NX' && isTime()) crash();
    const result = await exchange.call(this, reads, commits, ...rest);
    if (commits.length > 0 && CRASH_AT === 'after SET NX' && isTime()) crash();
    return result;
  };
  AcknowledgedProducer.prototype.send = async function (messages) {
    const dead = messages.findIndex(({ headers }) => headers?.['fraud-error-code'] !== undefined);
    if (CRASH_AT === 'inside a dead letter' && dead >= 0) {
      await send.call(this, messages.slice(0, dead + 1));
      crash();
    }
    await send.call(this, messages);
    if (CRASH_AT === 'before the commit' && isTime()) crash();
  };
}

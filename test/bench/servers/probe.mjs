// Preloaded (`--import`) into every server under test, the echo included: counts GC pauses and takes CPU profiles,
// both on request over IPC.
import { Session } from 'node:inspector/promises';
import { writeFile } from 'node:fs/promises';
import { constants, PerformanceObserver } from 'node:perf_hooks';

const KINDS = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'scavenge'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'mark-compact'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental mark'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak callbacks'],
]);

/** Pauses in milliseconds by kind, since they were last asked for. @type {Record<string, number[]>} */
let pauses = {};

/** @param {import('node:perf_hooks').PerformanceEntry[]} entries */
function add(entries) {
  for (const entry of entries) {
    const { kind } = /** @type {{ kind: number }} */ (entry.detail);
    (pauses[KINDS.get(kind) ?? `kind ${kind}`] ??= []).push(entry.duration);
  }
}

const observer = new PerformanceObserver((list) => add(list.getEntries()));

/** The profile under way. */
let session = null;

/** @param {{ type: 'gc' | 'profile-start' | 'profile-stop', file?: string }} question */
async function answer(question) {
  if (question.type === 'gc') {
    add(observer.takeRecords());
    const taken = pauses;
    pauses = {};
    return { pauses: taken };
  }
  if (question.type === 'profile-start') {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 250 });
    await session.post('Profiler.start');
    return {};
  }
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  await writeFile(question.file, JSON.stringify(profile));
  return {};
}

// Worker threads inherit the preload but have no IPC channel.
if (process.channel !== undefined) {
  observer.observe({ entryTypes: ['gc'] });
  process.on('message', (question) => void answer(question).then((reply) => process.send(reply)));
  process.on('disconnect', () => process.exit());
  // The probe must not keep a server alive that wants to end.
  process.channel.unref();
}

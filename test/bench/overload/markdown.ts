import { shown, table } from '../report/markdown-table.js';
import { goodput, refusedPerSecond, type OverloadRun } from './run.js';

const HEADER = [
  'of saturation',
  'offered a second',
  'good a second',
  'of the peak',
  'refused (503)',
  'degraded',
  'p50, ms',
  'p99, ms',
  '/health p99, ms',
];

/** Sections of the report. @param goodWithinMs what counts as good */
export function overloadSections({ saturation, steps, after }: OverloadRun, goodWithinMs: number): string[] {
  const peak = Math.max(...steps.map(goodput));
  const rows = steps.map((step) => {
    const { times, perSecond, load, healthP99 } = step;
    const good = goodput(step);
    return [
      `${times} ×`,
      shown(perSecond, 0),
      shown(good, 0),
      `${shown((100 * good) / peak, 0)} %`,
      shown(refusedPerSecond(step), 0),
      shown(load.degraded / load.seconds, 0),
      shown(load.answered?.p50 ?? null, 1),
      shown(load.answered?.p99 ?? null, 1),
      shown(healthP99, 1),
    ];
  });
  return [
    '# Overload',
    'Written by `npm run bench -- --overload`; do not edit.',
    'What one API process with a Redis does when more transactions come than it can decide. An open loop offers them at a constant rate, ' +
      'whether they are answered or not; load generator, Redis and API share the cores of one machine, so that a heavier load also takes from ' +
      `the API. Good is a whole answer within ${goodWithinMs} ms of the moment at which its request was due. A closed loop of 64 connections ` +
      `is served at ${shown(saturation, 0)} a second: that is the saturation.`,
    '![Good answers and refusals over what is offered](overload.svg)',
    table(HEADER, rows),
    'p50 and p99 are those of answers with 200, counted from when the request was due. Right behind the last row, at half the saturation, ' +
      `${shown(after.refused, 0)} of ${shown(after.requests, 0)} requests were refused.`,
  ];
}

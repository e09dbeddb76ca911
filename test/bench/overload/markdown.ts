import { goodput, refusedPerSecond, type OverloadRun } from './run.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(1));

/** The report. @param goodWithinMs what counts as good */
export function overloadMarkdown({ saturation, steps, after }: OverloadRun, goodWithinMs: number): string {
  const peak = Math.max(...steps.map(goodput));
  const rows = steps.map((step) => {
    const { times, perSecond, load, healthP99 } = step;
    const good = goodput(step);
    const cells = [
      `${times} ×`,
      whole(perSecond),
      whole(good),
      `${((100 * good) / peak).toFixed(0)} %`,
      whole(refusedPerSecond(step)),
      whole(load.degraded / load.seconds),
      ms(load.answered?.p50),
      ms(load.answered?.p99),
      ms(healthP99),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `# Overload

Written by \`npm run bench -- --overload\`; do not edit.

What one API process with a Redis does when more transactions come than it can decide. An open loop offers them at a constant rate, whether they are answered
or not; load generator, Redis and API share the two cores of one machine, so that a heavier load also takes from the API. Good is a
whole answer within ${goodWithinMs} ms of the moment at which its request was due. A closed loop of 64 connections is served at ${whole(saturation)} a second: that is the saturation.

![Good answers stay near the peak while what is offered grows beyond the saturation; the rest is refused](overload.svg)

| of saturation | offered a second | good a second | of the peak | refused (503) | degraded | p50, ms | p99, ms | /health p99, ms |
| ------------: | ---------------: | ------------: | ----------: | ------------: | -------: | ------: | ------: | --------------: |
${rows.join('\n')}

p50 and p99 are those of answers with 200, counted from when the request was due. Right behind the last row, at half the saturation, ${whole(after.refused)} of
${whole(after.requests)} requests were refused.
`;
}

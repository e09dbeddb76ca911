import { goodput, refusedPerSecond, type OverloadRun } from './run.js';

const WIDTH = 760;
const HEIGHT = 380;
const LEFT = 70;
const RIGHT = 20;
const TOP = 40;
const BOTTOM = 50;

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly dashes?: string;
  readonly values: readonly number[];
}

/** Goodput and refusals over what is offered, as an SVG of its own. */
export function plot({ steps, saturation }: OverloadRun): string {
  const most = Math.max(...steps.map(({ perSecond }) => perSecond));
  const x = (value: number): number => LEFT + (value / most) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM);
  const offered = steps.map(({ perSecond }) => perSecond);
  const lines: Line[] = [
    { name: 'offered', colour: '#888', dashes: '4 4', values: offered },
    { name: 'good answers', colour: '#0a7d3c', values: steps.map(goodput) },
    { name: 'refused (503)', colour: '#c0392b', values: steps.map(refusedPerSecond) },
  ];
  const ticks = Array.from({ length: 6 }, (_, i) => (most * i) / 5);
  const round = (value: number): string => `${Math.round(value / 100) / 10}k`;
  const points = (values: readonly number[]): string =>
    values.map((value, i) => `${x(offered[i]!).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">
<title>Good answers and refusals over what is offered, a second</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${ticks
  .map(
    (tick) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(tick).toFixed(1)}" y2="${y(tick).toFixed(1)}" stroke="#eee"/>
<text x="${LEFT - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end" fill="#444">${round(tick)}</text>
<text x="${x(tick).toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#444">${round(tick)}</text>`,
  )
  .join('\n')}
<line x1="${x(saturation).toFixed(1)}" x2="${x(saturation).toFixed(1)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#bbb" stroke-dasharray="2 3"/>
<text x="${(x(saturation) + 4).toFixed(1)}" y="${TOP + 10}" fill="#777">saturation</text>
${lines
  .map(
    ({ colour, dashes, values }) =>
      `<polyline points="${points(values)}" fill="none" stroke="${colour}" stroke-width="2"${dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`}/>`,
  )
  .join('\n')}
${lines
  .map(
    ({ name, colour }, i) =>
      `<rect x="${LEFT + i * 150}" y="14" width="12" height="4" fill="${colour}"/><text x="${LEFT + 18 + i * 150}" y="20" fill="#222">${name}</text>`,
  )
  .join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="#222">transactions offered a second</text>
</svg>
`;
}

import { escapeHtml } from './html.js';

/** One kind of bars, stacked in the order of the list, above or below the line. */
interface BarSeries {
  readonly name: string;
  /** Class of the style sheet. */
  readonly style: string;
  readonly side: 'above' | 'below';
  /** One for each label, 0 or more. */
  readonly values: readonly number[];
}

export interface BarChart {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** What the plot shows, for those who do not see it. */
  readonly description: string;
  readonly labels: readonly string[];
  readonly series: readonly BarSeries[];
  readonly format: (value: number) => string;
}

const WIDTH = 860;
const HEIGHT = 260;
const LEFT = 78;
const RIGHT = 40;
const TOP = 12;
const BOTTOM = 28;
/** Labels below the plot at most. */
const MOST_LABELS = 8;

/** An inline SVG of bars above and below a line, with a legend. Each bar says its figure when it is pointed at. */
export function barChart(chart: BarChart): string {
  const { id, title, description, labels, series, format } = chart;
  const highest = tallest(chart, 'above');
  const deepest = tallest(chart, 'below');
  const step = niceStep(Math.max(highest + deepest, 1) / 5);
  const up = Math.ceil(highest / step) * step;
  const down = Math.ceil(deepest / step) * step;
  const span = Math.max(up + down, step);
  const y = (value: number): number => TOP + ((up - value) / span) * (HEIGHT - TOP - BOTTOM);
  const slot = (WIDTH - LEFT - RIGHT) / Math.max(1, labels.length);
  const x = (i: number): number => LEFT + i * slot;
  const parts = [gridLines(up, down, step, y, format)];
  for (const side of ['above', 'below'] as const) {
    const base = labels.map(() => 0);
    for (const { name, style, values } of series.filter((s) => s.side === side)) {
      for (const [i, value] of values.entries()) {
        if (value === 0) continue;
        const from = base[i]!;
        base[i] = from + value;
        const [top, bottom] = side === 'above' ? [y(from + value), y(from)] : [y(-from), y(-from - value)];
        parts.push(
          `<rect class="${style}" x="${n(x(i) + slot * 0.12)}" y="${n(top)}" width="${n(slot * 0.76)}" height="${n(bottom - top)}">` +
            `<title>${escapeHtml(`${labels[i]!}: ${name} ${format(value)}`)}</title></rect>`,
        );
      }
    }
  }
  const every = Math.ceil(labels.length / MOST_LABELS);
  for (let i = 0; i < labels.length; i += every)
    parts.push(
      `<text class="tick" x="${n(x(i) + slot / 2)}" y="${HEIGHT - 8}" text-anchor="middle">${escapeHtml(labels[i]!)}</text>`,
    );
  const legend = series
    .map(
      ({ name, style }) =>
        `<li><svg class="key" aria-hidden="true" viewBox="0 0 10 10"><rect class="${style}" width="10" height="10"/></svg>${escapeHtml(name)}</li>`,
    )
    .join('');
  return (
    `<figure><figcaption>${escapeHtml(title)}</figcaption>\n` +
    `<svg role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-labelledby="${id}-title ${id}-desc">` +
    `<title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-desc">${escapeHtml(description)}</desc>\n` +
    `${parts.join('\n')}\n</svg>\n<ul class="legend">${legend}</ul></figure>`
  );
}

function tallest({ labels, series }: BarChart, side: BarSeries['side']): number {
  const theirs = series.filter((s) => s.side === side);
  return labels.reduce(
    (most, _, i) =>
      Math.max(
        most,
        theirs.reduce((sum, { values }) => sum + values[i]!, 0),
      ),
    0,
  );
}

function gridLines(
  up: number,
  down: number,
  step: number,
  y: (value: number) => number,
  format: (value: number) => string,
): string {
  const lines: string[] = [];
  for (let i = -Math.round(down / step); i <= Math.round(up / step); i++) {
    const at = n(y(i * step));
    lines.push(
      `<line class="${i === 0 ? 'zero' : 'grid'}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>` +
        `<text class="tick" x="${LEFT - 6}" y="${n(y(i * step) + 4)}" text-anchor="end">${escapeHtml(format(Math.abs(i * step)))}</text>`,
    );
  }
  return lines.join('\n');
}

/** 1, 2 or 5 times a power of ten, not below a value. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const found = [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9))!;
  return Math.max(1, found * power);
}

/** Coordinates to a hundredth. */
const n = (value: number): string => String(Math.round(value * 100) / 100);

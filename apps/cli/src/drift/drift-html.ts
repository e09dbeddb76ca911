import type { Reading } from '@fraud/drift';
import { barChart } from '../report/bar-chart.js';
import { escapeHtml, htmlPage, htmlTable } from '../report/html.js';
import { figure, whole } from '../report/table.js';
import type { DriftSample, DriftSamples } from './drift-sample.js';
import { binName, byIndex, verdictText, WORDS } from './drift-text.js';

/** The report as one HTML file that needs nothing else. The same samples give the same bytes. */
export function driftHtml({ source, models }: DriftSamples, madeAt: string): string {
  return htmlPage('Drift', [
    '<h1>Drift</h1>',
    `<p>${escapeHtml(source)}</p>`,
    ...models.flatMap(modelHtml),
    '<h2>Words</h2>',
    `<p>${escapeHtml(WORDS)}</p>`,
    `<footer>Made ${escapeHtml(madeAt)}.</footer>`,
  ]);
}

function modelHtml(sample: DriftSample, place: number): string[] {
  const { model, reference_rows, features } = sample;
  const sorted = byIndex(features);
  const plots = (of: readonly Reading[]): string[] => of.map((reading) => plot(reading, `m${place}`));
  const drifted = sorted.filter(({ verdict }) => verdict === 'drift');
  const calm = sorted.filter(({ verdict }) => verdict === 'calm');
  return [
    `<h2>Model ${escapeHtml(model)}</h2>`,
    `<p>Trained on ${whole(reference_rows)} rows</p>`,
    `<p class="verdict">${escapeHtml(verdictText(sample))}</p>`,
    ...(drifted.length > 0 ? ['<h3>What drifted</h3>', ...plots(drifted)] : []),
    htmlTable(
      'Population stability index by feature',
      ['feature', 'PSI', 'threshold', 'rows', 'verdict'],
      sorted.map(({ feature, psi, threshold, rows, verdict }) => [
        feature,
        figure(psi ?? NaN),
        figure(threshold ?? NaN),
        whole(rows),
        verdict,
      ]),
    ),
    ...(calm.length > 0
      ? [`<details><summary>The others, bin by bin</summary>\n${plots(calm).join('\n')}</details>`]
      : []),
  ];
}

function plot({ feature, psi, rows, bins }: Reading, prefix: string): string {
  const shown = bins.filter((bin) => bin.expected > 0 || bin.rows > 0);
  return barChart({
    id: `${prefix}-${feature}`,
    title: `${feature}, PSI ${figure(psi ?? NaN)}`,
    description: `Share of the rows in each bin: above the line of the rows that the model was trained on, below it of the ${whole(rows)} rows now.`,
    labels: shown.map(binName),
    format: (share) => `${Number(share.toPrecision(3))} %`,
    series: [
      {
        name: 'trained on',
        style: 'good',
        side: 'above',
        values: shown.map(({ expected }) => 100 * expected),
      },
      { name: 'now', style: 'bad', side: 'below', values: shown.map((bin) => (100 * bin.rows) / rows) },
    ],
  });
}

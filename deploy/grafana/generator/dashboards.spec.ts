import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { METRICS, type MetricDeclaration } from '@fraud/platform';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildDashboard } from './dashboard.js';
import { DASHBOARDS, dashboardFiles } from './dashboards.js';
import { namesIn } from './names-in.js';
import { panelId } from './panel-id.js';
import { UNSEEN } from './unseen.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

const panels = DASHBOARDS.flatMap(({ title: dashboard, rows }) =>
  rows.flatMap((row) => row.panels.map((panel) => ({ dashboard, ...panel }))),
);
const queries = panels.flatMap(({ title, queries: all }) => all.map(([query]) => ({ title, query })));
const declared: readonly MetricDeclaration[] = Object.values(METRICS);
const seriesOf = ({ name, kind }: MetricDeclaration): readonly string[] =>
  kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((suffix) => name + suffix) : [name];

async function defaultSeries(): Promise<readonly string[]> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const text = await registry.metrics();
  return [
    'up',
    ...[...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].flatMap(([, name, kind]) =>
      kind === 'histogram' || kind === 'summary' ? [`${name}_sum`, `${name}_count`] : [name!],
    ),
  ];
}

describe('deploy/grafana/dashboards', () => {
  it.each(dashboardFiles())('%s is what the generator makes: npm run dashboards', (file, content) => {
    expect(read(file)).toBe(content);
  });

  it('has nothing else', () => {
    expect(
      readdirSync(path.join(ROOT, 'deploy/grafana/dashboards'))
        .map((file) => `deploy/grafana/dashboards/${file}`)
        .toSorted(),
    ).toEqual(
      dashboardFiles()
        .map(([file]) => file)
        .toSorted(),
    );
  });

  it('are the four of the runbook, in its order, each with what it is listed for', () => {
    const listed = [...read('docs/runbook.md').matchAll(/^\d\. \*\*(.+?)\*\*: (.+)$/gm)];
    expect(listed.map(([, title]) => title)).toEqual(DASHBOARDS.map(({ title }) => title));
    const words = listed.flatMap(([, title, about]) =>
      about!
        .replace(/[.;].*$/, '')
        .split(/, /)
        .map((word) => ({ title: title!, word })),
    );
    const shown = (title: string): string => {
      const { rows } = DASHBOARDS.find((one) => one.title === title)!;
      return rows
        .flatMap((row) => [row.title, ...row.panels.map((panel) => panel.title)])
        .join('\n')
        .toLowerCase();
    };
    expect(words).toHaveLength(10);
    expect(words.filter(({ title, word }) => !shown(title).includes(word.toLowerCase()))).toEqual([]);
  });

  it('can be linked to: no uid and no id of a panel is given twice', () => {
    expect(new Set(DASHBOARDS.map(({ uid }) => uid)).size).toBe(DASHBOARDS.length);
    const ids = DASHBOARDS.map((one) => buildDashboard(one).panels!.map(({ id }) => id!));
    expect(ids.map((some) => new Set(some).size)).toEqual(ids.map((some) => some.length));
    // Others may have kept the link.
    expect(panelId('Requests')).toBe(182_069_081);
  });

  it('fit the grid of 24 columns, none on another', () => {
    const places = DASHBOARDS.map((one) => buildDashboard(one).panels!.map(({ gridPos }) => gridPos!));
    const cells = places.map((some) =>
      some.flatMap(({ x, y, w, h }) =>
        Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
      ),
    );
    expect(places.flat().filter(({ x, w }) => x + w > 24)).toEqual([]);
    expect(cells.map((some) => new Set(some).size)).toEqual(cells.map((some) => some.length));
  });
});

describe('a panel', () => {
  it('asks for nothing but metrics that there are: declared, default, or recorded', async () => {
    const recorded = (
      parse(read('deploy/prometheus/recording.yaml')) as { groups: { rules: { record: string }[] }[] }
    ).groups.flatMap(({ rules }) => rules.map(({ record }) => record));
    const known = new Set([...declared.flatMap(seriesOf), ...recorded, ...(await defaultSeries())]);
    const asked = queries.flatMap(({ title, query }) => namesIn(query).map((name) => ({ title, name })));
    expect(asked.length).toBeGreaterThan(queries.length);
    expect(asked.filter(({ name }) => !known.has(name))).toEqual([]);
  });

  it('shows data, and never a zero that nobody measured', () => {
    expect(queries.filter(({ query }) => /\bvector\b|\babsent\b/.test(query))).toEqual([]);
  });

  it('says what its metrics say', () => {
    const { panels: all } = buildDashboard(DASHBOARDS[0]!);
    expect(all!.find(({ title }) => title === 'Repeats')).toMatchObject({
      description: expect.stringContaining(
        `- \`${METRICS.replayed.name}\`: ${METRICS.replayed.help}`,
      ) as string,
    });
  });

  it('leads to a section of the runbook that is there', () => {
    const sections = [...read('docs/runbook.md').matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(panels.filter(({ runbook }) => runbook !== undefined && !sections.includes(runbook))).toEqual([]);
  });
});

it('every metric of the product is in a dashboard, or it is said why not', () => {
  const asked = new Set(queries.flatMap(({ query }) => namesIn(query)));
  const unseen = declared.filter((metric) => !seriesOf(metric).some((name) => asked.has(name)));
  expect(unseen.map(({ name }) => name).toSorted()).toEqual(Object.keys(UNSEEN).toSorted());
});

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { REPOSITORY } from '../cli.js';
import type { Prometheus } from '../prometheus.js';

const DEPLOYED = path.join(REPOSITORY, 'deploy/grafana/dashboards');
/** For a Prometheus that scrapes every second; twice as long as Grafana takes at least. */
export const RATE_INTERVAL_MS = 8000;
const OF_GRAFANA = { __rate_interval: `${RATE_INTERVAL_MS}ms`, __range: '10m' };

/** A panel of a committed dashboard, with its queries as Grafana would ask them. */
export interface ShownPanel {
  readonly dashboard: string;
  readonly title: string;
  readonly queries: readonly string[];
}

interface Dashboard {
  readonly title: string;
  readonly panels: readonly {
    readonly type: string;
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly allValue?: string;
      readonly current?: { readonly value: string };
    }[];
  };
}

/** Every panel of every dashboard that is deployed, with all jobs and instances chosen. */
export async function shownPanels(): Promise<readonly ShownPanel[]> {
  const files = (await readdir(DEPLOYED)).toSorted();
  const dashboards = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(path.join(DEPLOYED, file), 'utf8')) as Dashboard),
  );
  return dashboards.flatMap(({ title: dashboard, panels, templating }) => {
    const chosen = templating.list.map(
      ({ name, allValue, current }) => [name, allValue ?? current?.value ?? ''] as const,
    );
    const filled = (query: string): string =>
      [...Object.entries(OF_GRAFANA), ...chosen].reduce(
        (text, [name, value]) => text.replaceAll(`$${name}`, value),
        query,
      );
    return panels
      .filter(({ type }) => type !== 'row')
      .map(({ title, targets = [] }) => ({
        dashboard,
        title,
        queries: targets.map(({ expr }) => filled(expr)),
      }));
  });
}

/** What a query shows: numbers by their labels. */
export type Shown = ReadonlyMap<string, number>;

export async function shownBy(prometheus: Prometheus, query: string): Promise<Shown> {
  const found = await prometheus.query(query);
  return new Map(
    found
      .filter(({ value }) => Number.isFinite(value))
      .map(({ metric, value }) => [
        Object.entries(metric)
          .filter(([label]) => label !== '__name__')
          .map(([label, text]) => `${label}=${text}`)
          .toSorted()
          .join(' '),
        value,
      ]),
  );
}

import * as grafana from '@grafana/grafana-foundation-sdk/dashboard';
import { METRICS } from '@fraud/platform';
import { panelId } from './panel-id.js';
import { buildPanel, type PanelDeclaration } from './panel.js';

/** Panels under a title. */
export interface DashboardRow {
  readonly title: string;
  readonly panels: readonly PanelDeclaration[];
}

/** A dashboard as its file declares it. */
export interface DashboardDeclaration {
  /** Its address in a Grafana, and the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly about: string;
  readonly rows: readonly DashboardRow[];
  readonly variables?: readonly grafana.QueryVariableBuilder[];
}

const TAG = 'fraud-detection';

/** The dashboard as Grafana reads it. */
export function buildDashboard({
  uid,
  title,
  about,
  rows,
  variables = [],
}: DashboardDeclaration): grafana.Dashboard {
  const dashboard = new grafana.DashboardBuilder(title)
    .uid(uid)
    .description(about)
    .tags([TAG])
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .tooltip(grafana.DashboardCursorSync.Crosshair)
    .link(
      new grafana.DashboardLinkBuilder('Dashboards')
        .type(grafana.DashboardLinkType.Dashboards)
        .tags([TAG])
        .includeVars(true)
        .keepTime(true),
    )
    .link(
      new grafana.DashboardLinkBuilder('Runbook')
        .type(grafana.DashboardLinkType.Link)
        .url('${docs}/runbook.md')
        .targetBlank(true),
    )
    .variables([
      new grafana.DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'),
      // As the alerts: jobs whose names begin so.
      choices('job', `label_values(${METRICS.decisions.name}, job)`, 'fraud-detection.*'),
      choices('instance', `label_values(${METRICS.decisions.name}{job=~"$job"}, instance)`),
      ...variables,
      new grafana.TextBoxVariableBuilder('docs').label('Where docs/ is').defaultValue('docs'),
    ]);
  for (const row of rows) {
    dashboard.withRow(new grafana.RowBuilder(row.title).id(panelId(`row ${row.title}`)));
    for (const panel of row.panels) dashboard.withPanel(buildPanel(panel));
  }
  return dashboard.build();
}

/** One of the values of a label. */
export const choice = (name: string, query: string, first: string): grafana.QueryVariableBuilder =>
  valuesOf(name, query).current({ text: first, value: first });

/** All values of a label at first, or some. @param all what all of them match */
const choices = (name: string, query: string, all = '.+'): grafana.QueryVariableBuilder =>
  valuesOf(name, query).multi(true).includeAll(true).allValue(all).current({ text: 'All', value: '$__all' });

const valuesOf = (name: string, query: string): grafana.QueryVariableBuilder =>
  new grafana.QueryVariableBuilder(name)
    .datasource({ type: 'prometheus', uid: '${datasource}' })
    .query(query)
    .refresh(grafana.VariableRefresh.OnTimeRangeChanged);

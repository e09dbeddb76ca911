import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as grafana from '@grafana/grafana-foundation-sdk/dashboard';
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { explain } from './explain.js';
import { panelId } from './panel-id.js';

/** A panel as a dashboard declares it. */
export interface PanelDeclaration {
  /** Unique in its dashboard: links lead to it. */
  readonly title: string;
  /** What to look for; what the metrics say comes by itself. */
  readonly about: string;
  readonly unit: string;
  readonly queries: readonly (readonly [expression: string, legend: string])[];
  /** lines: over time; states: one row for each series, coloured; number: the newest; bars: the newest of each series; heat: a histogram over time. */
  readonly as?: 'lines' | 'states' | 'number' | 'bars' | 'heat';
  /** Columns of 24. */
  readonly width?: 6 | 8 | 12 | 24;
  /** From here on it is red: the bound of the alert, where there is one. */
  readonly red?: number;
  /** Below 1 it is red: for what is up or down. */
  readonly redBelow?: 1;
  /** Section of docs/runbook.md. */
  readonly runbook?: string;
}

const HEIGHT = 8;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Kinds that are asked for the present alone. */
const isInstant = ({ as }: PanelDeclaration): boolean => as === 'number' || as === 'bars';

type Builder = ReturnType<typeof visualization>;

/** The panel as Grafana has it. */
export function buildPanel(declaration: PanelDeclaration): Builder {
  const { title, unit, queries, width = 8, runbook } = declaration;
  const panel = visualization(declaration)
    .id(panelId(title))
    .title(title)
    .description(explain(declaration))
    .datasource(DATASOURCE)
    .unit(unit)
    .thresholds(thresholds(declaration))
    .height(HEIGHT)
    .span(width)
    .targets(queries.map((query, i) => target(query, i, declaration)));
  return runbook === undefined
    ? panel
    : panel.links([
        new grafana.DashboardLinkBuilder('Runbook')
          .type(grafana.DashboardLinkType.Link)
          .url(`\${docs}/runbook.md#${runbook}`)
          .targetBlank(true),
      ]);
}

function target(
  [expression, legend]: readonly [string, string],
  index: number,
  declaration: PanelDeclaration,
): prometheus.DataqueryBuilder {
  const query = new prometheus.DataqueryBuilder()
    .refId(String.fromCodePoint('A'.codePointAt(0)! + index))
    .datasource(DATASOURCE)
    .expr(expression)
    .legendFormat(legend);
  if (declaration.as === 'heat') query.format(prometheus.PromQueryFormat.Heatmap);
  return isInstant(declaration) ? query.instant() : query.range();
}

function thresholds({ red, redBelow }: PanelDeclaration): grafana.ThresholdsConfigBuilder {
  const steps =
    redBelow === undefined
      ? [{ value: null, color: 'green' }, ...(red === undefined ? [] : [{ value: red, color: 'red' }])]
      : [
          { value: null, color: 'red' },
          { value: redBelow, color: 'green' },
        ];
  return new grafana.ThresholdsConfigBuilder().mode(grafana.ThresholdsMode.Absolute).steps(steps);
}

function visualization({ as = 'lines', red }: PanelDeclaration) {
  const newest = new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']);
  const byThreshold = new grafana.FieldColorBuilder().mode(grafana.FieldColorModeId.Thresholds);
  switch (as) {
    case 'states':
      return new statetimeline.PanelBuilder().colorScheme(byThreshold).mergeValues(true);
    case 'number':
      return new stat.PanelBuilder().reduceOptions(newest).colorScheme(byThreshold);
    case 'bars':
      return new bargauge.PanelBuilder()
        .reduceOptions(newest)
        .colorScheme(byThreshold)
        .orientation(common.VizOrientation.Horizontal);
    case 'heat':
      return new heatmap.PanelBuilder();
    case 'lines': {
      const lines = new timeseries.PanelBuilder()
        .axisSoftMin(0)
        .legend(
          new common.VizLegendOptionsBuilder()
            .displayMode(common.LegendDisplayMode.List)
            .placement(common.LegendPlacement.Bottom)
            .showLegend(true),
        );
      return red === undefined
        ? lines
        : lines.thresholdsStyle(
            new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
          );
    }
  }
}

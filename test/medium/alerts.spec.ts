import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LEAST_ROWS, LEAST_ROWS_WIDE, LEAST_SHARE, USUAL_THRESHOLD, WIDE_BINS } from '@fraud/drift';
import { METRICS, type MetricDeclaration } from '@fraud/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { REPOSITORY } from '../support/cli.js';
import { debianProgram, INSTALL_MS } from '../support/debian-program.js';
import { runProgram } from '../support/run-program.js';

const DEPLOYED = path.join(REPOSITORY, 'deploy/prometheus');

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Series as promtool writes them, one value a minute: well, from the 60th on bad, from the 180th on well again. */
interface Scenario {
  readonly series: Readonly<Record<string, string>>;
  /** Of the alert that fires, beside those of the rule. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Minutes at which it fires; others at which it does not. By default at 90; at 59, and at 360. */
  readonly fires?: number;
  readonly calm?: readonly number[];
}

/** A gauge that changes at 60 and again at 180. */
const gauge = (well: number, bad: number): string => `${well}x59 ${bad}x119 ${well}x300`;
/** A counter of so much a minute, that changes at 60 and again at 180. */
const counter = (well: number, bad: number): string => {
  const from = 60 * well;
  const to = from + 120 * bad;
  return `0+${well}x59 ${from}+${bad}x119 ${to}+${well}x300`;
};
const slow = (well: number, bad: number): Record<string, string> => ({
  'fraud_request_latency_seconds_bucket{route="/v1/decisions", le="0.02"}': counter(1000 - well, 1000 - bad),
  'fraud_request_latency_seconds_bucket{route="/v1/decisions", le="0.05"}': counter(1000, 1000),
  'fraud_request_latency_seconds_bucket{route="/v1/decisions", le="+Inf"}': counter(1000, 1000),
  'fraud_request_latency_seconds_count{route="/v1/decisions"}': counter(1000, 1000),
});
const INSTANCE = 'job="fraud-detection-api", instance="a:8000"';
const OF_INSTANCE = { job: 'fraud-detection-api', instance: 'a:8000' };

/** Minutes that it takes, of those that do not fire at once. */
const LASTS: Readonly<Record<string, number>> = {
  HighLatency: 5,
  LatencyBudgetBurnFast: 2,
  LatencyBudgetBurnSlow: 15,
  HighErrorRate: 5,
  InstanceDown: 1,
  LowThroughput: 5,
  KafkaLag: 5,
  Backpressure: 1,
  FailOpenBudget: 5,
  DeclineRateSpike: 5,
  SpoolGrowing: 2,
};

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  HighLatency: { series: slow(5, 20) },
  LatencyBudgetBurnFast: { series: slow(5, 400), calm: [59, 185, 360] },
  LatencyBudgetBurnSlow: { series: slow(5, 150), fires: 175, calm: [59, 70, 400] },
  HighErrorRate: {
    series: {
      'fraud_requests_total{route="/v1/decisions", status="2xx"}': counter(995, 980),
      'fraud_requests_total{route="/v1/decisions", status="5xx"}': counter(5, 20),
      fraud_overload_refused_total: counter(0, 0),
    },
  },
  InstanceDown: { series: { [`up{${INSTANCE}}`]: gauge(1, 0) }, labels: OF_INSTANCE },
  LowThroughput: {
    series: { 'fraud_decisions_total{decision="approve", source="model"}': counter(60 * 150, 60 * 50) },
  },
  ModelDrift: {
    series: {
      'fraud_drift_rows_total{model="v1", feature="amount", bin="1"}': counter(100, 100),
      'fraud_drift_rows_total{model="v1", feature="amount", bin="2"}': counter(100, 1000),
      'fraud_drift_expected_share{model="v1", feature="amount", bin="1"}': gauge(0.5, 0.5),
      'fraud_drift_expected_share{model="v1", feature="amount", bin="2"}': gauge(0.5, 0.5),
      'fraud_drift_chi_squared_bound{model="v1", feature="amount"}': gauge(15, 15),
      'fraud_drift_reference_rows{model="v1"}': gauge(300_000, 300_000),
    },
    labels: { model: 'v1', feature: 'amount' },
    fires: 170,
    // It clears when the day that drifted is over.
    calm: [59, 2000],
  },
  KafkaLag: {
    series: {
      'fraud_kafka_consumer_lag{topic="t", partition="0"}': gauge(0, 6000),
      'fraud_kafka_consumer_lag{topic="t", partition="1"}': gauge(4000, 6000),
    },
    labels: { topic: 't' },
  },
  Backpressure: {
    series: {
      'fraud_kafka_backpressure{topic="t", reason="features_unavailable"}': gauge(0, 2),
      'fraud_kafka_backpressure{topic="t", reason="busy"}': gauge(3, 3),
    },
    labels: { topic: 't', reason: 'features_unavailable' },
  },
  DLQGrowing: {
    series: { 'fraud_kafka_dead_letters_total{code="malformed_json"}': counter(0, 1) },
    labels: { code: 'malformed_json' },
  },
  RedisDown: { series: { [`fraud_redis_up{${INSTANCE}}`]: gauge(1, 0) }, labels: OF_INSTANCE, fires: 60 },
  BypassActive: {
    series: { [`fraud_bypass_active{${INSTANCE}}`]: gauge(0, 1) },
    labels: { instance: 'a:8000' },
    fires: 60,
  },
  FailOpenBudget: {
    series: {
      'fraud_decisions_total{decision="approve", source="model"}': counter(995, 950),
      'fraud_decisions_total{decision="review", source="fallback"}': counter(5, 50),
    },
  },
  DeclineRateSpike: {
    series: {
      'fraud_decisions_total{decision="approve", source="model"}': counter(995, 900),
      'fraud_decisions_total{decision="decline", source="model"}': counter(5, 100),
    },
    fires: 75,
  },
  SpoolGrowing: {
    series: {
      [`fraud_spool_bytes{${INSTANCE}}`]: gauge(1000, 300_000),
      [`fraud_spool_limit_bytes{${INSTANCE}}`]: gauge(1_000_000, 1_000_000),
    },
    labels: OF_INSTANCE,
  },
  ModelLoadFailed: {
    series: { [`fraud_model_loads_total{${INSTANCE}, result="hash_mismatch"}`]: counter(0, 1) },
    labels: { instance: 'a:8000', result: 'hash_mismatch' },
  },
  RulesRejected: { series: { [`fraud_rules_rejected{${INSTANCE}}`]: gauge(0, 1) }, labels: OF_INSTANCE },
};

let directory: string;
let promtool: string;
let rules: readonly Rule[];
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'alerts-'));
  promtool = await debianProgram('promtool', 'prometheus');
  const files = await Promise.all(
    ['recording.yaml', 'alerts.yaml'].map((file) => readFile(path.join(DEPLOYED, file), 'utf8')),
  );
  rules = files.flatMap((file) =>
    (parse(file) as { groups: { rules: Rule[] }[] }).groups.flatMap((g) => g.rules),
  );
}, INSTALL_MS);
afterAll(() => rm(directory, { recursive: true }));

const alerts = (): readonly Rule[] => rules.filter(({ alert }) => alert !== undefined);

it('has the five of the runbook, as it has them', () => {
  const shown = (name: string) => {
    const { for: during, labels, expr } = alerts().find(({ alert }) => alert === name)!;
    return [/[<>=]+ \S+$/.exec(expr.trim())?.[0], during ?? 'at once', labels!['severity']];
  };
  expect(['HighLatency', 'HighErrorRate', 'LowThroughput', 'RedisDown'].map(shown)).toEqual([
    ['> 0.02', '5m', 'warning'],
    ['> 0.01', '5m', 'critical'],
    ['< 100', '5m', 'warning'],
    ['== 0', 'at once', 'critical'],
  ]);
  // Its bound is that of the recording rule.
  expect(shown('ModelDrift').slice(1)).toEqual(['at once', 'warning']);
});

it('has a scenario for each alert, and names nothing but metrics that there are', () => {
  expect(Object.keys(SCENARIOS).toSorted()).toEqual(
    alerts()
      .map(({ alert }) => alert!)
      .toSorted(),
  );
  const declared = new Set(
    Object.values<MetricDeclaration>(METRICS).flatMap(({ name, kind }) =>
      kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    ),
  );
  const recorded = new Set(rules.map(({ record }) => record));
  const named = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/\bfraud[_:][a-z0-9_:]+/g)].map(([name]) => name),
  );
  expect(named.filter((name) => !declared.has(name) && !recorded.has(name))).toEqual([]);
});

it('reckons drift by the same bounds as libs/drift', () => {
  const exprOf = (name: string): string => rules.find(({ record }) => record === name)!.expr;
  const score = exprOf('fraud:drift_score:1d');
  expect([...score.matchAll(/clamp_min\([^\n]*, ([\d.]+)\)/g)].map(([, bound]) => Number(bound))).toEqual(
    Array.from({ length: 4 }, () => LEAST_SHARE),
  );
  const [, least, more, bins] =
    />= on \(model, feature\) \(\s*(\d+) \+ (\d+) \* \(count .* > bool (\d+)\)/.exec(score)!;
  expect([Number(least), Number(least) + Number(more), Number(bins)]).toEqual([
    LEAST_ROWS,
    LEAST_ROWS_WIDE,
    WIDE_BINS,
  ]);
  expect(Number(/([\d.]+)\s*\)\s*$/.exec(exprOf('fraud:drift_threshold:1d'))?.[1])).toBe(USUAL_THRESHOLD);
});

it('is told to whom the contact table of the runbook names, by its label', async () => {
  const runbook = await readFile(path.join(REPOSITORY, 'docs/runbook.md'), 'utf8');
  const contacts = [...runbook.matchAll(/^\| [^|]+ \| `?([^|`]+?)`? +\| `team: ([\w-]+)` +\|$/gm)].map(
    ([, contact, team]) => [team, contact],
  );
  const { route, receivers } = parse(
    await readFile(path.join(REPOSITORY, 'deploy/alertmanager/alertmanager.yaml'), 'utf8'),
  ) as {
    route: { receiver: string; routes: { matchers: string[]; receiver: string }[] };
    receivers: { name: string; email_configs?: { to: string }[] }[];
  };
  const receiverOf = (team: string): string =>
    route.routes.find(({ matchers }) => matchers.includes(`team="${team}"`))?.receiver ?? route.receiver;
  const told = (team: string): string => {
    const { email_configs: mails } = receivers.find(({ name }) => name === receiverOf(team))!;
    return mails?.[0]?.to ?? 'PagerDuty';
  };
  expect(contacts).toHaveLength(3);
  expect(contacts.map(([team]) => [team, told(team!)])).toEqual(contacts);
  const teams = new Set(alerts().map(({ labels }) => labels!['team']));
  expect(teams).toEqual(new Set(contacts.map(([team]) => team)));
});

it('links each alert to a section of the runbook that is there', async () => {
  const runbook = await readFile(path.join(REPOSITORY, 'docs/runbook.md'), 'utf8');
  const anchors = new Set(
    [...runbook.matchAll(/^#+ (.+)$/gm)].map(
      ([, title]) =>
        `docs/runbook.md#${title!
          .toLowerCase()
          .replaceAll(/[^a-z0-9 -]/g, '')
          .replaceAll(' ', '-')}`,
    ),
  );
  expect(alerts().filter(({ annotations }) => !anchors.has(annotations!['runbook']!))).toEqual([]);
});

it('waits as long as is said here', () => {
  const waits = alerts().filter((rule) => rule.for !== undefined);
  expect(Object.fromEntries(waits.map((rule) => [rule.alert, rule.for]))).toEqual(
    Object.fromEntries(Object.entries(LASTS).map(([name, minutes]) => [name, `${minutes}m`])),
  );
});

describe('promtool', () => {
  it.each(Object.entries(SCENARIOS))(
    '%s fires where it should, not before, and clears',
    async (name, { series, labels = {}, fires = 90, calm: usual = [59, 360] }) => {
      const rule = alerts().find(({ alert }) => alert === name)!;
      // What begins after an hour is not told of before it has lasted.
      const lasts = LASTS[name] ?? 0;
      const calm = lasts > 0 ? [...usual, 60 + lasts - 1] : usual;
      const file = path.join(directory, `${name}.yaml`);
      const expected = { exp_labels: { ...labels, ...rule.labels }, exp_annotations: rule.annotations };
      const at = (minute: number, exp_alerts: readonly object[]) => ({
        eval_time: `${minute}m`,
        alertname: name,
        exp_alerts,
      });
      await writeFile(
        file,
        // JSON is YAML.
        JSON.stringify({
          rule_files: ['recording.yaml', 'alerts.yaml'].map((one) => path.join(DEPLOYED, one)),
          evaluation_interval: '1m',
          tests: [
            {
              interval: '1m',
              input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
              alert_rule_test: [...calm.map((minute) => at(minute, [])), at(fires, [expected])].toSorted(
                (a, b) => parseInt(a.eval_time) - parseInt(b.eval_time),
              ),
            },
          ],
        }),
      );
      expect(await runProgram(promtool, ['test', 'rules', file])).toMatchObject({ code: 0 });
    },
  );
});

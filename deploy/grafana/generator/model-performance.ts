import * as units from '@grafana/grafana-foundation-sdk/units';
import { METRICS } from '@fraud/platform';
import { choice, type DashboardDeclaration } from './dashboard.js';
import { over, quantile, rate, share, shareOfAll, total } from './promql.js';
import { RECORDED } from './recorded.js';

const { decisions, score, driftRows, driftExpected } = METRICS;
const { driftScore, driftThreshold } = RECORDED;
const OF_FEATURE = { by: ['bin'], where: { feature: '="$feature"' } } as const;
const NO_VALUE = '{bin=~"missing|other|unseen"}';
const MORE_THAN_IN_TRAINING =
  `topk(10, sum by (feature, bin) (${RECORDED.driftRows}${NO_VALUE})` +
  ` / on (feature) group_left () sum by (feature) (${RECORDED.driftSample})` +
  ` - on (feature, bin) max by (feature, bin) (${driftExpected.name}${NO_VALUE}))`;

export const modelPerformance: DashboardDeclaration = {
  uid: 'fraud-model-performance',
  title: 'Model Performance',
  about:
    'Scores and decisions, how far traffic is from what the model was trained on, and which models score.',
  variables: [choice('feature', `label_values(${driftExpected.name}, feature)`, 'score')],
  rows: [
    {
      title: 'Score distribution',
      panels: [
        {
          title: 'Scores',
          about: 'Where scores lie, over time.',
          unit: units.Short,
          queries: [[rate(score, { by: ['le'] }, '_bucket'), '{{le}}']],
          as: 'heat',
          width: 12,
        },
        {
          title: 'Quantiles of the score',
          about: 'p99 is near the thresholds of the policy: where it moves, outcomes will.',
          unit: units.Short,
          queries: [
            [quantile(0.5, score), 'p50'],
            [quantile(0.9, score), 'p90'],
            [quantile(0.99, score), 'p99'],
          ],
          width: 12,
        },
      ],
    },
    {
      title: 'Decisions',
      panels: [
        {
          title: 'Outcomes',
          about: 'DeclineRateSpike fires where more than 1 % is declined, three times as much as over a day.',
          unit: units.OpsPerSecond,
          queries: [[rate(decisions, { by: ['decision'] }), '{{decision}}']],
          runbook: 'decline-rate',
        },
        {
          title: 'What decided',
          about:
            'fallback: the fail action of the policy, where there was no score; bypass: nothing was scored.',
          unit: units.OpsPerSecond,
          queries: [[rate(decisions, { by: ['source'] }), '{{source}}']],
          runbook: 'fail-open',
        },
        {
          title: 'Decided without a score',
          about: 'Share by fail action or bypass. FailOpenBudget fires above 1 %.',
          unit: units.PercentUnit,
          queries: [
            [
              share(rate(decisions, { where: { source: '=~"fallback|bypass"' } }), rate(decisions)),
              'unscored',
            ],
          ],
          red: 0.01,
          runbook: 'fail-open',
        },
      ],
    },
    {
      title: 'Drift',
      panels: [
        {
          title: 'Drift of the day',
          about:
            'Population stability index over all instances, the fifteen features that moved most; ModelDrift fires above 0.1, or above what chance alone reaches.',
          unit: units.Short,
          queries: [[`topk(15, ${driftScore})`, '{{feature}}']],
          as: 'bars',
          red: 0.1,
          runbook: '2-model-drift',
        },
        {
          title: 'Features that drift',
          about: 'So many are above their threshold, by model.',
          unit: units.Short,
          queries: [
            [`sum by (model) (${driftScore} > bool on (model, feature) ${driftThreshold})`, '{{model}}'],
          ],
          red: 1,
          runbook: '2-model-drift',
        },
        {
          title: 'Drift of the hour, and its threshold',
          about: 'The instance that drifts most. An hour also differs by its time of day.',
          unit: units.Short,
          queries: [
            [over('max', METRICS.driftScore, { by: ['model'], where: { window: '="1h"' } }), '{{model}}'],
            [
              over('max', METRICS.driftThreshold, { by: ['model'], where: { window: '="1h"' } }),
              'threshold of {{model}}',
            ],
          ],
          runbook: '2-model-drift',
        },
        {
          title: 'Bins of $feature',
          about: 'Share of the rows of the last day, and of the rows that the model was trained on.',
          unit: units.PercentUnit,
          queries: [
            [
              shareOfAll(
                `sum by (bin) (${RECORDED.driftRows}{feature="$feature"})`,
                `sum(${RECORDED.driftSample}{feature="$feature"})`,
              ),
              '{{bin}}, now',
            ],
            [over('max', driftExpected, OF_FEATURE), '{{bin}}, training'],
          ],
          as: 'bars',
          runbook: '2-model-drift',
        },
        {
          title: 'Not as in training',
          about:
            'Share of the rows of the last day without a value (missing), outside the range of the training rows (other), or with a code that these did not have (unseen): so much more than in training. The ten highest.',
          unit: units.PercentUnit,
          queries: [[MORE_THAN_IN_TRAINING, '{{feature}}, {{bin}}']],
          as: 'bars',
          runbook: '2-model-drift',
        },
        {
          title: 'Rows that are watched',
          about:
            'A second, and those of the day; below 1,000 there is no verdict, and with more than 20 bins none below 5,000. Rows of the training beside.',
          unit: units.Short,
          queries: [
            [rate(driftRows, { by: ['model'], where: { feature: '="score"' } }), '{{model}}, a second'],
            [`sum by (model) (${RECORDED.driftSample}{feature="score"})`, '{{model}}, of the day'],
            [over('max', METRICS.driftReference, { by: ['model'] }), '{{model}}, of the training'],
          ],
        },
      ],
    },
    {
      title: 'Models',
      panels: [
        {
          title: 'Models that score',
          about:
            'On so many instances. Two active versions for longer than seconds mean that instances disagree.',
          unit: units.Short,
          queries: [
            [
              over('sum', METRICS.modelInfo, { by: ['role', 'version', 'sha256'] }),
              '{{role}}: {{version}} ({{sha256}})',
            ],
          ],
          as: 'states',
        },
        {
          title: 'Loads of models',
          about: 'In the time shown: loaded, or why not. ModelLoadFailed fires for every refusal.',
          unit: units.Short,
          queries: [[total(METRICS.modelLoads, { by: ['result'] }), '{{result}}']],
          as: 'bars',
          red: 1,
          runbook: 'model-refused',
        },
        {
          title: 'Rollout: share of each outcome',
          about: 'Of the decisions of each arm.',
          unit: units.PercentUnit,
          queries: [
            [
              `${rate(METRICS.rolloutDecisions, { by: ['arm', 'decision'] })} / on (arm) group_left () ${rate(METRICS.rolloutDecisions, { by: ['arm'] })}`,
              '{{arm}}: {{decision}}',
            ],
          ],
        },
        {
          title: 'Rollouts that ended by themselves',
          about: 'In the time shown, outside of the bounds of the policy.',
          unit: units.Short,
          queries: [[total(METRICS.rolloutsStopped), 'stopped']],
          as: 'number',
          red: 1,
        },
        {
          title: 'Shadow: what it would have decided',
          about: 'Answered → what the shadow says.',
          unit: units.OpsPerSecond,
          queries: [
            [rate(METRICS.shadowDecisions, { by: ['decision', 'shadow'] }), '{{decision}} → {{shadow}}'],
          ],
        },
        {
          title: 'Shadow: distance of the scores',
          about: 'How far its scores are from those that were answered.',
          unit: units.Short,
          queries: [
            [quantile(0.5, METRICS.shadowDifference), 'p50'],
            [quantile(0.99, METRICS.shadowDifference), 'p99'],
          ],
        },
      ],
    },
  ],
};

import * as units from '@grafana/grafana-foundation-sdk/units';
import { METRICS } from '@fraud/platform';
import type { DashboardDeclaration } from './dashboard.js';
import { over, rate, share, shareOfAll, total } from './promql.js';

const { decisions, labelledDecisions, labelledAmount } = METRICS;
const FRAUD = '="fraud"';
const LEGITIMATE = '="legitimate"';
const STOPPED = '!="approve"';
const LET_THROUGH = '="approve"';
const MONEY = 'Minor units of the reference currency (config/fx.yaml).';
const LATE = 'Labels come late: choose a time of weeks.';

const known = (label: string, decision?: string): string =>
  total(labelledDecisions, { where: { label, ...(decision !== undefined && { decision }) } });
const money = (label: string, decision: string): string =>
  total(labelledAmount, { where: { label, decision } });

export const businessMetrics: DashboardDeclaration = {
  uid: 'fraud-business-metrics',
  title: 'Business Metrics',
  about: 'Fraud, good customers who were hit, work for reviewers, and money.',
  rows: [
    {
      title: 'Fraud rate',
      panels: [
        {
          title: 'Fraud rate',
          about: `Of all decisions in the time shown, so many became known as fraud. ${LATE}`,
          unit: units.PercentUnit,
          queries: [[share(known(FRAUD), total(decisions)), 'fraud']],
          as: 'number',
          width: 6,
        },
        {
          title: 'Fraud that was caught',
          about: `Of the known frauds, so many were not approved (recall). ${LATE}`,
          unit: units.PercentUnit,
          queries: [[share(known(FRAUD, STOPPED), known(FRAUD)), 'caught']],
          as: 'number',
          width: 6,
        },
        {
          title: 'Money of known frauds',
          about: `Caught, and missed. ${MONEY}`,
          unit: units.Short,
          queries: [
            [money(FRAUD, STOPPED), 'caught'],
            [money(FRAUD, LET_THROUGH), 'missed'],
          ],
          as: 'number',
          width: 12,
        },
      ],
    },
    {
      title: 'False positives',
      panels: [
        {
          title: 'False-positive rate',
          about: `Of what became known as legitimate, so many were not approved. ${LATE}`,
          unit: units.PercentUnit,
          queries: [[share(known(LEGITIMATE, STOPPED), known(LEGITIMATE)), 'false positives']],
          as: 'number',
          width: 6,
        },
        {
          title: 'Stopped for nothing',
          about: `Of what was not approved and is known, so many were legitimate (1 − precision). ${LATE}`,
          unit: units.PercentUnit,
          queries: [
            [
              share(known(LEGITIMATE, STOPPED), total(labelledDecisions, { where: { decision: STOPPED } })),
              'legitimate',
            ],
          ],
          as: 'number',
          width: 6,
        },
        {
          title: 'False positives by outcome',
          about: 'Good customers in the time shown: asked once more, kept waiting, or declined.',
          unit: units.Short,
          queries: [
            [
              total(labelledDecisions, {
                by: ['decision'],
                where: { label: LEGITIMATE, decision: STOPPED },
              }),
              '{{decision}}',
            ],
          ],
          as: 'bars',
          width: 6,
        },
        {
          title: 'Labels',
          about: 'What was told, and by whom.',
          unit: units.OpsPerSecond,
          queries: [[rate(METRICS.labels, { by: ['label', 'source'] }), '{{label}}, {{source}}']],
          width: 6,
        },
      ],
    },
    {
      title: 'Outcomes',
      panels: [
        {
          title: 'Declined',
          about: 'DeclineRateSpike fires above 1 %, three times as much as over the last day.',
          unit: units.PercentUnit,
          queries: [
            [share(rate(decisions, { where: { decision: '="decline"' } }), rate(decisions)), 'declined'],
          ],
          red: 0.01,
          runbook: 'decline-rate',
        },
        {
          title: 'Review and step-up',
          about: 'Share of the decisions: work for people, and customers who are asked once more.',
          unit: units.PercentUnit,
          queries: [
            [
              shareOfAll(
                rate(decisions, { by: ['decision'], where: { decision: '=~"review|step_up"' } }),
                rate(decisions),
              ),
              '{{decision}}',
            ],
          ],
        },
        {
          title: 'Reviews an hour',
          about: 'At the pace of the moment.',
          unit: units.Short,
          queries: [[`3600 * ${rate(decisions, { where: { decision: '="review"' } })}`, 'reviews']],
        },
      ],
    },
    {
      title: 'What answers went without',
      panels: [
        {
          title: 'Degraded answers',
          about: 'Decisions that were weaker than they should be, of all; one with two causes counts twice.',
          unit: units.PercentUnit,
          queries: [[share(rate(METRICS.degraded), rate(decisions)), 'degraded']],
          runbook: 'fail-open',
        },
        {
          title: 'Bypass',
          about: '1: everything is approved unscored. BypassActive is on for as long.',
          unit: units.Short,
          queries: [[over('max', METRICS.bypassActive, { by: ['instance'] }), '{{instance}}']],
          as: 'states',
          red: 1,
          runbook: 'circuit-breaker-activation',
        },
        {
          title: 'Money that a bypass let through',
          about: `In the time shown. ${MONEY}`,
          unit: units.Short,
          queries: [[total(METRICS.bypassedAmount), 'let through']],
          as: 'number',
          red: 1,
          runbook: 'circuit-breaker-activation',
        },
        {
          title: 'Histories that are cut',
          about: 'More happens on a card, a device or an address than features look at.',
          unit: units.OpsPerSecond,
          queries: [[rate(METRICS.saturated, { by: ['entity'] }), '{{entity}}']],
        },
      ],
    },
    {
      title: 'Policy and guard',
      panels: [
        {
          title: 'Guard',
          about: '1: it has tripped, and acts where the policy says so.',
          unit: units.Short,
          queries: [[over('max', METRICS.guardTripped, { by: ['side'] }), '{{side}}']],
          as: 'states',
          red: 1,
          runbook: 'decline-rate',
        },
        {
          title: 'What the guard sees',
          about: 'Shares of all instances together, beside the bounds at which it trips.',
          unit: units.PercentUnit,
          queries: [
            [over('max', METRICS.guardShare, { by: ['side'] }), '{{side}}'],
            [over('max', METRICS.guardBound, { by: ['side'] }), 'bound of {{side}}'],
          ],
          runbook: 'decline-rate',
        },
        {
          title: 'Policies in force',
          about: 'On so many instances.',
          unit: units.Short,
          queries: [[over('sum', METRICS.policyInfo, { by: ['version'] }), '{{version}}']],
          as: 'states',
        },
        {
          title: 'Policies that were read',
          about: 'In the time shown; refused: the file is not valid, and an older policy is in force.',
          unit: units.Short,
          queries: [
            [total(METRICS.policyLoads, { by: ['result'] }), '{{result}}'],
            [over('max', METRICS.policyRejected), 'refused and lying there'],
          ],
          as: 'bars',
        },
        {
          title: 'Rules that hit',
          about: 'Decisions a second of which a rule said yes; one in shadow changes nothing.',
          unit: units.OpsPerSecond,
          queries: [[rate(METRICS.ruleHits, { by: ['rule', 'mode'] }), '{{rule}}, {{mode}}']],
        },
        {
          title: 'Rules in force',
          about: 'On so many instances.',
          unit: units.Short,
          queries: [[over('sum', METRICS.rulesInfo, { by: ['version'] }), '{{version}}']],
          as: 'states',
        },
        {
          title: 'Rules that were read',
          about: 'In the time shown; refused: the file is not valid, and older rules are in force.',
          unit: units.Short,
          queries: [
            [total(METRICS.rulesLoads, { by: ['result'] }), '{{result}}'],
            [over('max', METRICS.rulesRejected), 'refused and lying there'],
          ],
          as: 'bars',
          runbook: 'rules-refused',
        },
      ],
    },
  ],
};

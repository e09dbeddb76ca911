import type { MetricDeclaration } from './declaration.js';

/** Of what keeps decisions right while something fails: breakers, refusal of overload, guard, policy. */
export const SAFEGUARD_METRICS = {
  breakerOpen: {
    name: 'fraud_breaker_open',
    kind: 'gauge',
    help: '1 while nobody waits for a dependency, since it failed too often in a row: feature_store, records',
    labels: ['dependency'],
    optional: true,
  },
  requestsUnderWay: {
    name: 'fraud_requests_under_way',
    kind: 'gauge',
    help: 'Transactions that have come in and have no decision yet',
    labels: [],
    app: 'api',
    optional: true,
  },
  overloadLimit: {
    name: 'fraud_overload_limit',
    kind: 'gauge',
    help: 'So many may be under way before requests are refused: as many as can be decided within the budget',
    labels: [],
    app: 'api',
    optional: true,
  },
  overloadRefused: {
    name: 'fraud_overload_refused_total',
    kind: 'counter',
    help: 'Requests that were refused with 503 before they were read, since they would have waited in vain',
    labels: [],
    app: 'api',
    optional: true,
  },
  guardTripped: {
    name: 'fraud_guard_tripped',
    kind: 'gauge',
    help: '1 while too much is declined (declines), or decided by the fail action or a bypass (unscored), over all instances',
    labels: ['side'],
    optional: true,
  },
  guardShare: {
    name: 'fraud_guard_share',
    kind: 'gauge',
    help: 'Share of the decisions of the window, over all instances, by side of the guard',
    labels: ['side'],
    optional: true,
  },
  guardBound: {
    name: 'fraud_guard_bound',
    kind: 'gauge',
    help: 'Share above which a side of the guard trips; absent where nobody knows yet what is usual',
    labels: ['side'],
    optional: true,
  },
  policyInfo: {
    name: 'fraud_policy_info',
    kind: 'gauge',
    help: '1 for the policy in force, with its version',
    labels: ['version'],
  },
  policyLoads: {
    name: 'fraud_policy_loads_total',
    kind: 'counter',
    help: 'Contents of POLICY_FILE that were read: loaded, or refused and without effect',
    labels: ['result'],
  },
  policyRejected: {
    name: 'fraud_policy_rejected',
    kind: 'gauge',
    help: '1 while POLICY_FILE holds a policy that was refused, or cannot be read: an older one is in force',
    labels: [],
    optional: true,
  },
} as const satisfies Record<string, MetricDeclaration>;

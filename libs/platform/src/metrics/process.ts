import type { MetricDeclaration } from './declaration.js';

/** Of the process, beside the default metrics of prom-client, which have no network. */
export const PROCESS_METRICS = {
  networkReceived: {
    name: 'fraud_network_received_bytes_total',
    kind: 'counter',
    help: 'Bytes that came in over all interfaces of the network namespace (that of the pod, or of the machine), loopback included; absent where there is no /proc',
    labels: [],
    optional: true,
  },
  networkSent: {
    name: 'fraud_network_sent_bytes_total',
    kind: 'counter',
    help: 'Bytes that went out over the same interfaces',
    labels: [],
    optional: true,
  },
} as const satisfies Record<string, MetricDeclaration>;

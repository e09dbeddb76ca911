/** Metrics that no dashboard asks for, and why. */
export const UNSEEN: Readonly<Record<string, string>> = {
  fraud_drift_chi_squared_bound: 'goes into fraud:drift_threshold:1d, which is shown',
  fraud_kafka_resent_messages_total:
    'the producer mends it by itself; who asks how often finds it at /metrics',
};

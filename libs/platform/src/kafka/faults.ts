type Settings = Readonly<Record<string, unknown>>;

const CREDENTIALS = ['KAFKA_SASL_MECHANISM', 'KAFKA_USERNAME', 'KAFKA_PASSWORD'] as const;
const CERTIFICATE = ['KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE'] as const;
const OF_TLS = ['KAFKA_TLS_CA_FILE', ...CERTIFICATE] as const;

/** What is wrong with settings of Kafka that are right one by one. */
export function kafkaFaults(settings: Settings): string[] {
  const isSet = (name: string): boolean => settings[name] !== undefined;
  const faults = [CREDENTIALS, CERTIFICATE].flatMap((together) => {
    const missing = together.filter((name) => !isSet(name));
    if (missing.length === 0 || missing.length === together.length) return [];
    const given = together.filter(isSet);
    return [
      `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set, but ${given.join(' and ')}: expected all or none`,
    ];
  });
  const unused = OF_TLS.filter(isSet);
  // Who names certificates believes that nobody reads along.
  if (settings['KAFKA_TLS'] !== 'true' && unused.length > 0)
    faults.push(
      `${unused.join(' and ')} ${unused.length === 1 ? 'is' : 'are'} set, but KAFKA_TLS is not "true"`,
    );
  return faults;
}

import { ConfigResourceTypes } from '@fraud/platform';
import type { Admin } from 'kafkajs';

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** How long topics keep their messages, milliseconds by name; -1 for ever. */
export async function readRetention(admin: Admin, names: readonly string[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({
      type: ConfigResourceTypes.TOPIC,
      name,
      configNames: ['retention.ms'],
    })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Number(configEntries.find(({ configName }) => configName === 'retention.ms')?.configValue),
    ]),
  );
}

/** `7d`, `36h`: in the largest unit in which it is whole. */
export function retentionText(ms: number): string {
  if (ms < 0) return 'for ever';
  const [unit, size] = UNITS.find(([, unitMs]) => ms % unitMs === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

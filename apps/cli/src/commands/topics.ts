import { loadConfig } from '@fraud/platform';
import { Command, Option } from 'commander';
import { duration, wholeNumber } from '../argument-parsers.js';
import { openBrokers } from '../kafka/brokers.js';
import { findTopics } from '../kafka/find-topics.js';
import { allOf, topicNames } from '../kafka/topic-names.js';
import { table } from '../report/table.js';
import { createTopics } from '../topics/create-topics.js';
import { readRetention, retentionText } from '../topics/retention.js';
import { partitionsFor, planTopics } from '../topics/topic-plan.js';

interface Options {
  readonly partitions?: number;
  readonly load?: number;
  readonly replication?: number;
  readonly retention: number;
  readonly dryRun: boolean;
}

const WEEK_MS = 7 * 86_400_000;

export function topicsCommand(): Command {
  return new Command('topics')
    .summary('create the Kafka topics')
    .description(
      'Creates the topics of transactions, decisions, dead letters, labels and of what bypasses let through on the brokers that ' +
        'KAFKA_BROKERS names; TRANSACTIONS_TOPIC, DECISIONS_TOPIC, DEAD_LETTER_TOPIC, LABELS_TOPIC and BYPASSED_TOPIC name them. Topics that exist stay as they are. ' +
        'With three copies, two must have a message before it is acknowledged.\n\n' +
        'Partitions are the most consumers that can share the work. They cannot be added later without breaking the ' +
        'order of a card, so take enough.',
    )
    .option('--partitions <n>', 'partitions of each topic (default: 6)', wholeNumber(1, 10_000))
    .addOption(
      new Option(
        '--load <n>',
        'transactions a second to plan the partitions for: 6 below 5,000, 12, 24, 48 above 50,000',
      )
        .argParser(wholeNumber(1))
        .conflicts('partitions'),
    )
    .option(
      '--replication <n>',
      'copies of each message (default: 3, or as many as there are brokers)',
      wholeNumber(1, 100),
    )
    .addOption(
      new Option('--retention <time>', 'how long messages are kept, such as 7d or 36h')
        .argParser(duration)
        .default(WEEK_MS, '7d'),
    )
    .option('--dry-run', 'show what would be done, and do nothing', false)
    .action(topics);
}

async function topics({ retention, dryRun, load, ...rest }: Options): Promise<void> {
  const config = loadConfig();
  const wanted = load === undefined ? rest : { ...rest, partitions: partitionsFor(load) };
  const names = topicNames(config);
  const { admin } = await openBrokers(config);
  try {
    const existing = await findTopics(admin, allOf(names));
    const { brokers } = await admin.describeCluster();
    const plan = planTopics(names, existing, brokers.length, wanted);
    const missing = plan.filter(({ action }) => action === 'create');
    const kept = await readRetention(admin, [...existing.keys()]);
    await createTopics(admin, missing, retention, dryRun);
    const rows = plan.map(({ name, partitions, replication, action }) => [
      name,
      String(partitions),
      String(replication),
      retentionText(action === 'create' ? retention : (kept.get(name) ?? NaN)),
      action === 'keep' ? 'exists' : dryRun ? 'would be created' : 'created',
    ]);
    process.stdout.write(`${table([['topic', 'partitions', 'replication', 'retention', ''], ...rows])}\n`);
  } finally {
    await admin.disconnect();
  }
}

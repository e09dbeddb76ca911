import { loadConfig } from '@fraud/platform';
import { openBrokers } from '../kafka/brokers.js';
import { requireTopics } from '../kafka/find-topics.js';
import { table, whole } from '../report/table.js';
import { placeText, type DeadLetter } from './dead-letter.js';
import { visitSelected, type Selection } from './selection.js';

export interface ListOptions extends Selection {
  readonly limit: number;
  readonly json?: true;
}

/** Shows what was put aside and why; no values, and no keys. */
export async function listDeadLetters({ limit, json, ...selection }: ListOptions): Promise<void> {
  const config = loadConfig();
  const topic = config.DEAD_LETTER_TOPIC;
  const brokers = await openBrokers(config);
  try {
    await requireTopics(brokers.admin, [topic]);
    const newest = new Newest(limit);
    const codes = new Map<string, number>();
    const foreign = await visitSelected(brokers, topic, selection, (letter) => {
      codes.set(letter.code, (codes.get(letter.code) ?? 0) + 1);
      if (json) process.stdout.write(`${JSON.stringify(summaryOf(letter))}\n`);
      else newest.add(letter);
    });
    if (!json) process.stdout.write(textOf(topic, newest.all(), codes, foreign));
  } finally {
    await brokers.admin.disconnect();
  }
}

const summaryOf = ({
  place,
  at,
  code,
  fields,
  source,
  retries,
  value,
  omittedBytes,
}: DeadLetter): object => ({
  place: placeText(place),
  at: at.toISOString(),
  code,
  fields,
  source: { topic: source.topic, place: placeText(source.place), at: source.at.toISOString() },
  retries,
  bytes: omittedBytes ?? value?.length ?? 0,
});

/** The newest of many, and few more than those in memory. */
class Newest {
  private held: DeadLetter[] = [];

  constructor(private readonly limit: number) {}

  add(letter: DeadLetter): void {
    this.held.push(letter);
    if (this.held.length > 2 * this.limit + 1000) this.held = this.all();
  }

  all(): DeadLetter[] {
    return this.held.toSorted((a, b) => a.at.getTime() - b.at.getTime()).slice(-this.limit);
  }
}

function textOf(
  topic: string,
  newest: readonly DeadLetter[],
  codes: ReadonlyMap<string, number>,
  foreign: number,
): string {
  const total = [...codes.values()].reduce((sum, count) => sum + count, 0);
  const strangers =
    foreign === 0 ? '' : `${whole(foreign)} messages of ${topic} were not put aside by the engine.\n`;
  if (total === 0) return `No dead letters in ${topic}.\n${strangers}`;
  const rows = newest.map(({ place, at, code, fields, source, retries }) => [
    placeText(place),
    `${at.toISOString().slice(0, 19)}Z`,
    code,
    fields.map(({ field }) => field).join(' ') || '–',
    `${source.topic} ${placeText(source.place)}`,
    String(retries),
  ]);
  const shown = rows.length < total ? `\nThe newest ${whole(rows.length)} of ${whole(total)}.` : '';
  const counts = [...codes].toSorted(([, a], [, b]) => b - a).map(([code, count]) => [code, whole(count)]);
  return (
    `${table([['place', 'put aside', 'code', 'fields', 'source', 'retries'], ...rows])}\n${shown}\n` +
    `${table([['code', 'dead letters'], ...counts])}\n${strangers}`
  );
}

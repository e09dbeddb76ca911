import { isUtf8 } from 'node:buffer';
import { loadConfig } from '@fraud/platform';
import { openBrokers } from '../kafka/brokers.js';
import { requireTopics } from '../kafka/find-topics.js';
import { placeText, type DeadLetter, type Place } from './dead-letter.js';
import { masked } from './masked.js';
import { originalValue } from './original-value.js';
import { visitSelected } from './selection.js';

/** Of a value, as text. */
const MOST_SHOWN = 4000;

export interface ShowOptions {
  readonly raw?: true;
}

/** Shows one dead letter, with card numbers hidden; or gives its bytes as they came. */
export async function showDeadLetter(place: readonly Place[], { raw }: ShowOptions): Promise<void> {
  const config = loadConfig();
  const topic = config.DEAD_LETTER_TOPIC;
  const brokers = await openBrokers(config);
  try {
    await requireTopics(brokers.admin, [topic]);
    const letters: DeadLetter[] = [];
    const foreign = await visitSelected(brokers, topic, { places: place }, (letter) => {
      letters.push(letter);
    });
    for (const letter of letters) {
      const value = await originalValue(brokers, letter);
      process.stdout.write(raw ? (value ?? '') : textOf(letter, value));
    }
    if (foreign > 0) process.stdout.write(`A message of ${topic} that the engine did not put aside.\n`);
  } finally {
    await brokers.admin.disconnect();
  }
}

function textOf(letter: DeadLetter, value: Buffer | null): string {
  const { place, at, code, fields, source, retries, key, headers } = letter;
  const rows = [
    ['place', placeText(place)],
    ['put aside', at.toISOString()],
    ['code', code],
    ...fields.map(({ field, message }) => [`  ${field || '(the value)'}`, message]),
    ['source', `${source.topic} ${placeText(source.place)}, written ${source.at.toISOString()}`],
    ['retries', String(retries)],
    ['key', key === null ? 'none' : masked(key.toString())],
    ...Object.entries(headers).map(([name, content]) => [`header ${name}`, masked(String(content))]),
    ['bytes', String(value?.length ?? 0)],
  ] as [string, string][];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, content]) => `${name.padEnd(width)}  ${content}`);
  return `${lines.join('\n')}\n\n${valueText(value)}\n`;
}

function valueText(value: Buffer | null): string {
  if (value === null || value.length === 0) return 'It has no value.';
  if (!isUtf8(value))
    return `Its value is not UTF-8; it begins with ${value.subarray(0, 64).toString('hex')}`;
  const text = value.subarray(0, MOST_SHOWN * 4).toString();
  const more = text.length > MOST_SHOWN ? `\n… ${value.length} bytes; --raw gives all` : '';
  return `${masked(text.slice(0, MOST_SHOWN))}${more}`;
}

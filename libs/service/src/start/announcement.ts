import type { LogFormat } from '@fraud/platform';
import { jsonLines } from '../log/json-lines.js';
import { redact } from '../log/redact.js';

/** What a process says of itself once it runs. */
export interface Announcement {
  /** Where it is. */
  readonly headline: string;
  /** What it works with, by name; null where there is nothing to say. */
  readonly notes: Readonly<Record<string, string | null>>;
  /** For people at a terminal: what to try. */
  readonly examples?: readonly string[];
}

/** Tells people of it, or writes a log line; whatever LOG_LEVEL is, since what runs is always worth knowing. */
export function announce(announcement: Announcement, format: LogFormat): void {
  if (format === 'text') process.stdout.write(`${redact(announcementText(announcement))}\n`);
  else jsonLines('info').info({ context: 'Start', ...said(announcement) }, announcement.headline);
}

function announcementText({ headline, notes, examples = [] }: Announcement): string {
  const lines = Object.entries(said({ notes })).map(
    ([name, note]) => `  ${name.replaceAll('_', ' ').padEnd(14)} ${note}`,
  );
  const tries = examples.length === 0 ? [] : ['Try it:', ...examples.map((line) => `  ${line}`), ''];
  return ['', headline, ...lines, '', ...tries].join('\n');
}

const said = ({ notes }: Pick<Announcement, 'notes'>): Record<string, string> =>
  Object.fromEntries(Object.entries(notes).filter((entry): entry is [string, string] => entry[1] !== null));

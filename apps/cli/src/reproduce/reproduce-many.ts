import { loadConfig } from '@fraud/platform';
import type { RecordsReader } from '@fraud/records';
import { reproduceDecision, type Artefacts, type Reproduction } from '@fraud/scoring';
import { openRecords } from '../records/open-records.js';
import { percent, table, whole } from '../report/table.js';
import { UserError } from '../user-error.js';
import { openArtefacts } from './open-artefacts.js';
import { repeatFromEvents } from './repeat.js';

const PAGE = 500;
const SAY_EVERY_MS = 5000;
/** Those that come out otherwise and are shown. */
const MOST_SHOWN = 10;

export interface PeriodOptions {
  readonly from: string;
  readonly to?: string;
  /** One of so many is repeated from the decisions before it, too. */
  readonly eventsEvery: number;
  readonly json?: true;
}

interface Differing {
  readonly decision_id: string;
  readonly source: Reproduction['source'];
  readonly inputs: readonly string[];
}

interface Tally {
  readonly tried: number;
  readonly identical: number;
}

/** What came of repeating the decisions of a period. */
interface PeriodReproduced {
  readonly decisions: number;
  readonly degraded: number;
  readonly from_vector: Tally;
  readonly from_events: Tally;
  /** The first of them. */
  readonly differing: readonly Differing[];
}

/**
 * Repeats every decision of a period. Exit code 1 where one does not come out the same from its vector.
 * @throws UserError where none is recorded
 */
export async function reproduceMany(options: PeriodOptions): Promise<void> {
  const config = loadConfig();
  const { reader, close } = await openRecords(config);
  const artefacts = openArtefacts(config, reader);
  try {
    const found = await repeatAll(reader, artefacts, options);
    if (found.decisions === 0) throw new UserError('No decision is recorded in this time');
    process.stdout.write(`${options.json === true ? JSON.stringify(found, null, 2) : periodText(found)}\n`);
    if (found.from_vector.identical < found.from_vector.tried) process.exitCode = 1;
  } finally {
    await artefacts.close();
    await close();
  }
}

async function repeatAll(
  reader: RecordsReader,
  artefacts: Artefacts,
  { from, to, eventsEvery }: PeriodOptions,
): Promise<PeriodReproduced> {
  const tallies = { vector: { tried: 0, identical: 0 }, events: { tried: 0, identical: 0 } };
  const differing: Differing[] = [];
  let degraded = 0;
  let saidAt = performance.now();
  const note = (decision_id: string, { source, identical, differs }: Reproduction): void => {
    tallies[source].tried += 1;
    if (identical) tallies[source].identical += 1;
    else if (differing.length < MOST_SHOWN)
      differing.push({ decision_id, source, inputs: differs.map(({ input }) => input) });
  };
  const period = { fromMs: Date.parse(from), ...(to !== undefined && { toMs: Date.parse(to) }) };
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await reader.page({
      order: 'oldest',
      limit: PAGE,
      ...period,
      ...(cursor !== undefined && { cursor }),
    });
    for (const record of page.records) {
      const { decision_id } = record.decision;
      if (record.decision.degraded.length > 0) degraded += 1;
      const isSample = tallies.vector.tried % eventsEvery === 0;
      note(decision_id, await reproduceDecision(record, null, artefacts));
      if (isSample) note(decision_id, (await repeatFromEvents(record, reader, artefacts)).fromEvents);
      if (performance.now() - saidAt < SAY_EVERY_MS) continue;
      saidAt = performance.now();
      process.stderr.write(`${whole(tallies.vector.tried)} decisions, to ${record.decision.decided_at}\n`);
    }
    cursor = page.next;
  }
  const { vector, events } = tallies;
  return { decisions: vector.tried, degraded, from_vector: vector, from_events: events, differing };
}

function periodText({ decisions, degraded, from_vector, from_events, differing }: PeriodReproduced): string {
  const row = (name: string, { tried, identical }: Tally): string[] => [
    name,
    whole(tried),
    whole(identical),
    percent(identical / tried),
  ];
  const parts = [
    `${whole(decisions)} decisions, ${whole(degraded)} of them degraded`,
    table([
      ['', 'repeated', 'the same, to the bit', ''],
      row('from recorded vectors', from_vector),
      row('from the decisions before', from_events),
    ]),
  ];
  if (differing.length > 0)
    parts.push(
      `Otherwise, the first ${differing.length}:\n${differing
        .map((one) => `  ${one.decision_id} from ${one.source}: ${one.inputs.join(', ')}`)
        .join('\n')}`,
    );
  return parts.join('\n\n');
}

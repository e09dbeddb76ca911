import { loadConfig } from '@fraud/platform';
import { reproduceDecision } from '@fraud/scoring';
import { openRecords } from '../records/open-records.js';
import { UserError } from '../user-error.js';
import { openArtefacts } from './open-artefacts.js';
import { repeatFromEvents } from './repeat.js';
import { reproducedText, type Reproduced } from './report.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface ReproduceOptions {
  readonly vectorOnly?: true;
  readonly json?: true;
}

/**
 * Repeats a recorded decision and says what came of it: from what happened before, and from the vector that was recorded, which
 * holds also where histories are gone. Exit code 1 where it is not the same from either.
 * @throws UserError where there is no such decision
 */
export async function reproduce(decisionId: string, { vectorOnly, json }: ReproduceOptions): Promise<void> {
  if (!UUID.test(decisionId))
    throw new UserError(
      `${decisionId} is no decision_id: those look like 899d0368-f38f-86ed-b70c-23650e1a9661`,
    );
  const config = loadConfig();
  const { reader, close } = await openRecords(config);
  const artefacts = openArtefacts(config, reader);
  try {
    const record = await reader.get(decisionId);
    if (record === null) throw new UserError(`No decision ${decisionId} is recorded`);
    const fromVector = await reproduceDecision(record, null, artefacts);
    const nothing = { fromEvents: null, history: 0 };
    const past = vectorOnly === true ? nothing : await repeatFromEvents(record, reader, artefacts);
    const found: Reproduced = { record, ...past, fromVector };
    process.stdout.write(`${json === true ? JSON.stringify(found, null, 2) : reproducedText(found)}\n`);
    if (found.fromEvents?.identical !== true && !fromVector.identical) process.exitCode = 1;
  } finally {
    await artefacts.close();
    await close();
  }
}

import { loadConfig } from '@fraud/platform';
import type { DecisionRecord, RecordsReader } from '@fraud/records';
import { reproduceDecision, type Artefacts } from '@fraud/scoring';
import { openRecords } from '../records/open-records.js';
import { UserError } from '../user-error.js';
import { findModel } from './find-model.js';
import { reproducedText, type Reproduced } from './report.js';

/** So far back do features look, and a margin. */
const WITHIN_MS = 45 * 86_400_000;
const PAGE = 500;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface ReproduceOptions {
  readonly vectorOnly?: true;
  readonly json?: true;
}

/**
 * Repeats a recorded decision and says what came of it. Exit code 1 where it is not the same.
 * @throws UserError where there is no such decision
 */
export async function reproduce(decisionId: string, { vectorOnly, json }: ReproduceOptions): Promise<void> {
  if (!UUID.test(decisionId))
    throw new UserError(
      `${decisionId} is no decision_id: those look like 899d0368-f38f-86ed-b70c-23650e1a9661`,
    );
  const config = loadConfig();
  const opened = await openRecords(config);
  const { reader } = opened;
  try {
    const record = await reader.get(decisionId);
    if (record === null) throw new UserError(`No decision ${decisionId} is recorded`);
    const models = new Map<string, ReturnType<typeof findModel>>();
    const artefacts: Artefacts = {
      artefact: (name, version) => reader.artefact(name, version),
      labels: (ids) => reader.labels(ids),
      model: (version, sha256) => {
        const key = `${version} ${sha256}`;
        const model = models.get(key) ?? findModel(config, version, sha256);
        models.set(key, model);
        return model;
      },
    };
    const found = await repeat(record, reader, artefacts, vectorOnly === true);
    for (const model of models.values()) await (await model)?.retire();
    process.stdout.write(`${json === true ? JSON.stringify(found, null, 2) : reproducedText(found)}\n`);
    if (found.fromEvents?.identical !== true && !found.fromVector.identical) process.exitCode = 1;
  } finally {
    await opened.close();
  }
}

/** From what happened before, and from the vector that was recorded: the latter holds also where histories are gone. */
async function repeat(
  record: DecisionRecord,
  reader: RecordsReader,
  artefacts: Artefacts,
  vectorOnly: boolean,
): Promise<Reproduced> {
  const fromVector = await reproduceDecision(record, null, artefacts);
  if (vectorOnly) return { record, fromEvents: null, history: 0, fromVector };
  let history = 0;
  const before = async function* (): AsyncGenerator<DecisionRecord, void> {
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await reader.history(record.decision.decision_id, WITHIN_MS, PAGE, cursor);
      history += page.records.length;
      yield* page.records;
      cursor = page.next;
    }
  };
  const fromEvents = await reproduceDecision(record, before(), artefacts);
  return { record, fromEvents, history, fromVector };
}

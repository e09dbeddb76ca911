import type { DecisionRecord, RecordsReader } from '@fraud/records';
import { reproduceDecision, type Artefacts, type Reproduction } from '@fraud/scoring';

/** So far back do features look, and a margin. */
const WITHIN_MS = 45 * 86_400_000;
const PAGE = 500;

/** Repeats a decision from the decisions before it. @returns also how many those were */
export async function repeatFromEvents(
  record: DecisionRecord,
  reader: RecordsReader,
  artefacts: Artefacts,
): Promise<{ readonly fromEvents: Reproduction; readonly history: number }> {
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
  return { fromEvents, history };
}

import type { DecisionRecord } from '@fraud/records';
import type { Difference, Reproduction } from '@fraud/scoring';
import { table, whole } from '../report/table.js';

/** Longest value that is shown whole. */
const WIDTH = 60;

export interface Reproduced {
  readonly record: DecisionRecord;
  /** Null where it was not tried. */
  readonly fromEvents: Reproduction | null;
  /** Decisions before it that share something with it. */
  readonly history: number;
  readonly fromVector: Reproduction;
}

/** What the terminal shows. */
export function reproducedText({ record, fromEvents, history, fromVector }: Reproduced): string {
  const { decision_id, transaction_id, decision, score, source, versions, decided_at } = record.decision;
  const parts = [
    `Decision ${decision_id} of transaction ${transaction_id}, ${decided_at}: ${decision}` +
      `${score === undefined ? '' : `, score ${score}`}, by ${source}; model ${versions.model} (${versions.model_sha256}), ` +
      `policy ${versions.policy}, features ${versions.features}, fx ${versions.fx}, engine ${versions.engine}`,
  ];
  if (fromEvents !== null) parts.push(outcome(`From ${whole(history)} decisions before it`, fromEvents));
  parts.push(outcome('From its recorded vector', fromVector));
  return parts.join('\n\n');
}

function outcome(from: string, { identical, differs }: Reproduction): string {
  if (identical) return `${from}: the same answer, to the bit`;
  return `${from}: not the same\n${table([['what differs', 'recorded', 'now'], ...differs.map(row)])}`;
}

const row = ({ input, recorded, now }: Difference): string[] => [input, short(recorded), short(now)];
const short = (text: string): string => (text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`);

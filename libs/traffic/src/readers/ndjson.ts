import type { Transaction } from '@fraud/contract';
import type { FraudLabel, LabelledTransaction } from '../labelled-transaction.js';
import { type ByteSource, readLines } from './byte-source.js';
import { TrafficFileError } from './traffic-file-error.js';

/**
 * Reads one transaction a line, bare or as `{transaction, label}`. Whether its fields are valid is for the pipeline to
 * say, as for any caller's transaction.
 * @param withLabels whether labels are kept
 */
export async function* readNdjson(
  source: ByteSource,
  withLabels: boolean,
): AsyncGenerator<LabelledTransaction, void> {
  let number = 0;
  for await (const lines of readLines(source)) {
    for (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      const row = parseRow(line, (message) => new TrafficFileError(source.path, message, number));
      yield withLabels ? row : { transaction: row.transaction, label: null };
    }
  }
}

function parseRow(line: string, fault: (message: string) => TrafficFileError): LabelledTransaction {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // The parser's own message quotes the line, which may hold what no log should.
    throw fault('not JSON');
  }
  if (!isRecord(value)) throw fault('not a JSON object');
  const { transaction, label } = value;
  if (transaction === undefined) return { transaction: value as unknown as Transaction, label: null };
  if (!isRecord(transaction)) throw fault('transaction is not an object');
  const read = readLabel(label);
  if (read === undefined) throw fault('label must be null or {"fraud":true|false,"scenario":"…"|null}');
  return { transaction: transaction as unknown as Transaction, label: read };
}

/** Undefined where it is not a label. */
function readLabel(label: unknown): FraudLabel | null | undefined {
  if (label === undefined || label === null) return null;
  if (!isRecord(label) || typeof label['fraud'] !== 'boolean') return undefined;
  const scenario = label['scenario'] ?? null;
  if (scenario !== null && typeof scenario !== 'string') return undefined;
  return { fraud: label['fraud'], scenario };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

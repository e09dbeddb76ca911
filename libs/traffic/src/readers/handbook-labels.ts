import type { FraudLabel } from '../labelled-transaction.js';
import { byteSource, readLines } from './byte-source.js';
import { TrafficFileError } from './traffic-file-error.js';

const GENUINE: FraudLabel = Object.freeze({ fraud: false, scenario: null });
const UNNAMED: FraudLabel = Object.freeze({ fraud: true, scenario: null });
/** TX_FRAUD_SCENARIO of the book's chapter 3. */
const SCENARIOS: readonly FraudLabel[] = [
  'amount_over_220',
  'compromised_terminal',
  'compromised_customer',
].map((scenario) => Object.freeze({ fraud: true, scenario }));
const KNOWN: readonly (FraudLabel | null)[] = [null, GENUINE, UNNAMED, ...SCENARIOS];
const MAX_ID = 2 ** 28;

/** Labels by transaction id, one byte each. */
export class HandbookLabels {
  private codes = new Uint8Array(1 << 20);

  /** The label, null for a transaction without one. */
  of(id: number): FraudLabel | null {
    return KNOWN[this.codes[id] ?? 0] ?? null;
  }

  /** @param scenario 0 where the file does not name it */
  set(id: number, fraud: boolean, scenario: number): void {
    if (id >= this.codes.length) {
      const grown = new Uint8Array(Math.max(id + 1, this.codes.length * 2));
      grown.set(this.codes);
      this.codes = grown;
    }
    this.codes[id] = fraud ? 2 + (SCENARIOS[scenario - 1] === undefined ? 0 : scenario) : 1;
  }
}

/**
 * Reads `TRANSACTION_ID,TX_FRAUD[,TX_FRAUD_SCENARIO]`, in any order of rows.
 * @throws TrafficFileError with the line
 */
export async function readHandbookLabels(path: string): Promise<HandbookLabels> {
  const labels = new HandbookLabels();
  let number = 0;
  let columns: number[] | null = null;
  for await (const lines of readLines(await byteSource(path))) {
    for (const line of lines) {
      number++;
      if (line === '') continue;
      const cells = line.split(',');
      if (columns === null) {
        columns = ['TRANSACTION_ID', 'TX_FRAUD', 'TX_FRAUD_SCENARIO'].map((name) => cells.indexOf(name));
        if (columns[0]! < 0 || columns[1]! < 0) {
          throw new TrafficFileError(
            path,
            'a labels file has the columns TRANSACTION_ID and TX_FRAUD',
            number,
          );
        }
        continue;
      }
      const id = Number(cells[columns[0]!]);
      const fraud = cells[columns[1]!];
      if (!Number.isInteger(id) || id < 0 || id >= MAX_ID || (fraud !== '0' && fraud !== '1')) {
        throw new TrafficFileError(path, 'not a TRANSACTION_ID with TX_FRAUD 0 or 1', number);
      }
      labels.set(id, fraud === '1', columns[2]! < 0 ? 0 : Number(cells[columns[2]!]));
    }
  }
  return labels;
}

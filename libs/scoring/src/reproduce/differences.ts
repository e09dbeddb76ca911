import type { Decision } from '@fraud/contract';
import { FEATURE_NAMES } from '@fraud/features';
import type { Difference } from './reproduction.js';

/** Entries of two vectors that differ, by the bits of each; both are as long as the catalogue. */
export function vectorDifferences(kind: string, recorded: Float32Array, now: Float32Array): Difference[] {
  const [was, is] = [bitsOf(recorded), bitsOf(now)];
  return FEATURE_NAMES.flatMap((name, i) =>
    was[i] === is[i] ? [] : [{ input: `${kind} ${name}`, recorded: shown(recorded[i]), now: shown(now[i]) }],
  );
}

/** Fields of two answers that differ. Timings are of the run, and the version of the code says who decided, not what. */
export function answerDifferences(recorded: Decision, now: Decision): Difference[] {
  const fields = [...new Set([...Object.keys(recorded), ...Object.keys(now)])] as (keyof Decision)[];
  return fields.flatMap((field) => {
    if (field === 'timings_us') return [];
    const [was, is] = [textOf(recorded, field), textOf(now, field)];
    return was === is ? [] : [{ input: `answer ${field}`, recorded: was, now: is }];
  });
}

function textOf(decision: Decision, field: keyof Decision): string {
  const value = field === 'versions' ? { ...decision.versions, engine: '' } : decision[field];
  return JSON.stringify(value) ?? 'absent';
}

const bitsOf = ({ buffer, byteOffset, length }: Float32Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length);

const shown = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? 'missing' : String(value);

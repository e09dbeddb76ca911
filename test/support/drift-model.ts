import type { Reading } from '@fraud/drift';
import { writeModel, type Draft } from './model-directory.js';
import type { ProductProcess } from './product-process.js';

interface Window {
  readonly verdict: string;
  readonly features: readonly Reading[];
}

/** What an instance says of how far its traffic is from what its model was trained on. */
export interface DriftModel {
  readonly version: string;
  readonly reference_rows: number;
  readonly windows: Readonly<Record<'1h' | '24h', Window>>;
}

export async function driftOf({ url }: Pick<ProductProcess, 'url'>): Promise<DriftModel> {
  const { models } = (await (await fetch(`${url}/v1/drift`)).json()) as { models: DriftModel[] };
  return models[0]!;
}

export const named = (readings: readonly Reading[], feature: string): Reading =>
  readings.find((reading) => reading.feature === feature)!;

/** Bins of numbers are numbered; those of codes begin with a code. */
const holdsNumbers = ({ bins }: Reading): boolean => bins.some(({ bin }) => bin === 'other');

/** Which codes were rare is not said: here they are unseen. */
function codesOf({ bins, rows }: Reading) {
  const shareOf = (name: string): number => (bins.find(({ bin }) => bin === name)?.rows ?? 0) / rows;
  const frequent = bins.filter(({ bin }) => !['rare', 'missing', 'unseen'].includes(bin));
  return {
    values: frequent.map(({ bin }) => bin),
    shares: frequent.map(({ bin }) => shareOf(bin)),
    rare: [],
    rare_share: 0,
    missing: shareOf('missing'),
    unseen: shareOf('rare') + shareOf('unseen'),
  };
}

/** Makes what an instance saw the reference of a model. */
export function referTo(seen: DriftModel): (manifest: Draft) => void {
  const binsOf = ({ bins, rows }: Reading) => {
    const between = bins.filter(({ bin }) => /^\d+$/.test(bin));
    const shareOf = (name: string): number => (bins.find(({ bin }) => bin === name)?.rows ?? 0) / rows;
    const shares = between.map(({ bin }) => shareOf(bin));
    // What lies outside of the shipped model's range is mostly high; this reference has no range.
    shares[shares.length - 1]! += shareOf('other');
    return { edges: between.slice(1).map(({ from }) => from), shares, missing: shareOf('missing') };
  };
  const { features } = seen.windows['24h'];
  const { missing: _, ...score } = binsOf(named(features, 'score'));
  return (manifest) => {
    manifest['drift_reference'] = {
      rows: named(features, 'score').rows,
      from: '2026-01-05T00:00:00.000Z',
      to: '2026-03-05T00:00:00.000Z',
      features: Object.fromEntries(
        features
          .filter((one) => one.feature !== 'score' && holdsNumbers(one))
          .map((one) => [one.feature, binsOf(one)]),
      ),
      score,
      categories: Object.fromEntries(
        features.filter((one) => !holdsNumbers(one)).map((one) => [one.feature, codesOf(one)]),
      ),
    };
  };
}

/** Writes the shipped model with what an instance saw as its reference. */
export const writeModelOf = (seen: DriftModel, into: string): Promise<void> =>
  writeModel(into, { manifest: referTo(seen) });

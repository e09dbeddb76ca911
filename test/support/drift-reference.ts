import type { DriftReference } from '@fraud/drift';

const BINS = 10;
type Bins = DriftReference['score'];

/** As training/fraud_training/drift.py makes it: up to ten bins with about as many values each, and the share without a value. */
export function driftReferenceOf(columns: Readonly<Record<string, Float32Array>>): DriftReference {
  const rows = Object.values(columns)[0]!.length;
  const features = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, binsOf(values)]),
  );
  return { rows, features, score: { edges: [], shares: [1] } };
}

function binsOf(values: Float32Array): Bins {
  const present = values.filter((value) => !Number.isNaN(value)).toSorted();
  const distinct = [...new Set(present)];
  const edges = distinct.length <= BINS ? distinct.slice(1) : quantiles(present, distinct);
  const counts = [...edges, null].map(() => 0);
  for (const value of present) counts[edges.filter((edge) => value >= edge).length]! += 1;
  return {
    edges,
    shares: counts.map((count) => count / values.length),
    missing: 1 - present.length / values.length,
  };
}

/** Where the lowest value alone fills several bins, it gets one of its own. */
function quantiles(present: Float32Array, distinct: readonly number[]): number[] {
  const edges = Array.from({ length: BINS - 1 }, (_, i) => {
    const edge = present[Math.ceil(((i + 1) / BINS) * present.length) - 1]!;
    return edge === distinct[0] ? distinct[1]! : edge;
  });
  return [...new Set(edges)].toSorted((a, b) => a - b);
}

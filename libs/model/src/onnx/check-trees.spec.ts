import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelRefused } from '../model-refused.js';
import { checkTrees } from './check-trees.js';
import type { OnnxAttribute, OnnxNode } from './onnx-model.js';

const FEATURES = 3;

interface Node {
  readonly tree: number;
  readonly id: number;
  /** Two children, or none. */
  readonly children: readonly [number, number] | undefined;
  readonly feature: number;
}

const attribute = (values: Partial<OnnxAttribute>): OnnxAttribute => ({
  ints: [],
  floats: [],
  strings: [],
  tensors: [],
  other: undefined,
  ...values,
});

function ensemble(nodes: readonly Node[]): OnnxNode {
  const leaves = nodes.filter(({ children }) => children === undefined);
  const ints = (of: (node: Node) => number, among = nodes): OnnxAttribute =>
    attribute({ ints: among.map(of) });
  return {
    operator: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: ['features'],
    attributes: new Map([
      ['nodes_treeids', ints(({ tree }) => tree)],
      ['nodes_nodeids', ints(({ id }) => id)],
      ['nodes_featureids', ints(({ feature }) => feature)],
      ['nodes_truenodeids', ints(({ children }) => children?.[0] ?? 0)],
      ['nodes_falsenodeids', ints(({ children }) => children?.[1] ?? 0)],
      ['nodes_modes', attribute({ strings: nodes.map(({ children }) => (children ? 'BRANCH_LT' : 'LEAF')) })],
      ['nodes_values', attribute({ floats: nodes.map(() => 0.5) })],
      ['target_treeids', ints(({ tree }) => tree, leaves)],
      ['target_nodeids', ints(({ id }) => id, leaves)],
      ['target_ids', ints(() => 0, leaves)],
      ['target_weights', attribute({ floats: leaves.map(() => 1) })],
      ['n_targets', attribute({ ints: [1] })],
    ]),
  };
}

const isAccepted = (nodes: readonly Node[]): boolean => {
  try {
    checkTrees(ensemble(nodes), FEATURES);
    return true;
  } catch (error) {
    if (error instanceof ModelRefused && error.reason === 'onnx_tree') return false;
    throw error;
  }
};

/** By walking down from each possible root, without any table. */
function isForest(nodes: readonly Node[]): boolean {
  const trees = [...new Set(nodes.map(({ tree }) => tree))];
  return trees.every((tree) => {
    const own = nodes.filter((node) => node.tree === tree);
    return own.some((root) => {
      const met: number[] = [];
      const walk = (id: number): boolean => {
        const [node, ...twins] = own.filter((one) => one.id === id);
        if (node === undefined || twins.length > 0 || met.includes(id)) return false;
        met.push(id);
        return node.feature < FEATURES && (node.children ?? []).every((child) => walk(child));
      };
      return walk(root.id) && met.length === own.length;
    });
  });
}

const id = fc.integer({ min: 0, max: 4 });
const anyNode: fc.Arbitrary<Node> = fc.record({
  tree: fc.nat(1),
  id,
  children: fc.option(fc.tuple(id, id), { nil: undefined }),
  feature: fc.integer({ min: 0, max: 3 }),
});

/** A tree of a given number of splits, always at the leaf that a draw names. */
const tree = (number: number): fc.Arbitrary<Node[]> =>
  fc.array(fc.nat(), { maxLength: 12 }).map((draws) => {
    const nodes: Node[] = [{ tree: number, id: 0, children: undefined, feature: 0 }];
    for (const draw of draws) {
      const leaves = nodes.filter(({ children }) => children === undefined);
      const at = nodes.indexOf(leaves[draw % leaves.length]!);
      const next = nodes.length;
      nodes[at] = { ...nodes[at]!, children: [next, next + 1], feature: draw % FEATURES };
      for (const child of [next, next + 1])
        nodes.push({ tree: number, id: child, children: undefined, feature: 0 });
    }
    return nodes;
  });

describe('checkTrees', () => {
  it('accepts every forest, in any order of its nodes', () => {
    const shuffled = fc
      .tuple(tree(0), tree(1))
      .chain(([a, b]) => fc.shuffledSubarray([...a, ...b], { minLength: a.length + b.length }));
    fc.assert(fc.property(shuffled, (nodes) => isAccepted(nodes)));
  });

  it('accepts what a walk from the root finds to be a forest, and nothing else', () => {
    // Features of leaves are not looked at.
    const nodes = fc
      .array(anyNode, { minLength: 1, maxLength: 7 })
      .map((all) => all.map((node) => (node.children === undefined ? { ...node, feature: 0 } : node)));
    fc.assert(
      fc.property(nodes, (all) => isAccepted(all) === isForest(all)),
      { numRuns: 2000 },
    );
  });

  it('refuses a circle beside a sound tree', () => {
    const split = (one: number, ...children: [number, number]): Node => ({
      tree: 0,
      id: one,
      children,
      feature: 0,
    });
    const leaf = (one: number): Node => ({ tree: 0, id: one, children: undefined, feature: 0 });
    expect(isAccepted([split(0, 1, 2), leaf(1), leaf(2)])).toBe(true);
    expect(
      isAccepted([split(0, 1, 2), leaf(1), leaf(2), split(3, 4, 5), split(4, 3, 6), leaf(5), leaf(6)]),
    ).toBe(false);
  });

  it('refuses a tree that is too deep for a reader that builds it by recursion', () => {
    const deep = (depth: number): Node[] =>
      Array.from({ length: depth }, (_, i): Node[] => [
        { tree: 0, id: 2 * i, children: [2 * i + 1, 2 * i + 2], feature: 0 },
        { tree: 0, id: 2 * i + 1, children: undefined, feature: 0 },
      ])
        .flat()
        .concat([{ tree: 0, id: 2 * depth, children: undefined, feature: 0 }]);
    expect([isAccepted(deep(500)), isAccepted(deep(5000))]).toEqual([true, false]);
  });
});

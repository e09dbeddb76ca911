import { ModelRefused } from '../model-refused.js';
import type { OnnxNode } from './onnx-model.js';

const MODES: ReadonlySet<string> = new Set(
  ['LEQ', 'LT', 'GTE', 'GT', 'EQ', 'NEQ'].map((comparison) => `BRANCH_${comparison}`),
);
/** ONNX Runtime builds trees by recursion. */
const MOST_DEPTH = 512;
/** Values that a leaf can have; memory of a run grows with it, whatever the leaves hold. */
const MOST_TARGETS = 4096;

/** The arrays of a TreeEnsemble* node, checked to be of one length. */
interface Nodes {
  readonly count: number;
  readonly trees: readonly number[];
  readonly ids: readonly number[];
  /** 1 for a leaf. */
  readonly leaf: Uint8Array;
  readonly yes: readonly number[];
  readonly no: readonly number[];
  readonly places: Places;
}

/**
 * A tree ensemble is a forest: ONNX Runtime follows the numbers it is given.
 * @param features how many the input has
 * @throws ModelRefused onnx_tree
 */
export function checkTrees(node: OnnxNode, features: number): void {
  const double = [...node.attributes.keys()].find((name) => name.endsWith('_as_tensor'));
  if (double !== undefined) refuse(`${double}: only float32 trees are supported`);
  const nodes = readNodes(node, features);
  checkForest(nodes);
  checkLeaves(node, nodes);
}

function readNodes(node: OnnxNode, features: number): Nodes {
  const trees = ints(node, 'nodes_treeids');
  const count = trees.length;
  const same = (name: string): readonly number[] => ofLength(ints(node, name), count, name);
  const ids = same('nodes_nodeids');
  const featureIds = same('nodes_featureids');
  const yes = same('nodes_truenodeids');
  const no = same('nodes_falsenodeids');
  const modes = ofLength(node.attributes.get('nodes_modes')?.strings ?? [], count, 'nodes_modes');
  const values = ofLength(node.attributes.get('nodes_values')?.floats ?? [], count, 'nodes_values');
  const places = new Places(trees, ids);
  const leaf = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (modes[i] === 'LEAF') leaf[i] = 1;
    else if (!MODES.has(modes[i]!)) refuse(`a node has the mode ${modes[i]}`);
    else if (!Number.isFinite(values[i])) refuse(`a node compares with ${values[i]}`);
    else if (!(featureIds[i]! >= 0 && featureIds[i]! < features))
      refuse(`a node looks at feature ${featureIds[i]}`);
  }
  return { count, trees, ids, leaf, yes, no, places };
}

/** Every node is reached once, from the one node of its tree that nobody leads to. */
function checkForest({ count, trees, ids, leaf, yes, no, places }: Nodes): void {
  const parent = new Int32Array(count).fill(-1);
  for (let i = 0; i < count; i++) {
    if (leaf[i] === 1) continue;
    for (const child of [yes[i]!, no[i]!]) {
      const at = places.of(trees[i]!, child);
      if (at < 0) refuse(`node ${ids[i]} of tree ${trees[i]} leads to ${child}, which is not there`);
      if (parent[at] !== -1) refuse(`two ways lead to node ${child} of tree ${trees[i]}`);
      parent[at] = i;
    }
  }
  const rooted = new Set<number>();
  for (let i = 0; i < count; i++) {
    if (parent[i] === -1) {
      if (rooted.has(trees[i]!)) refuse(`tree ${trees[i]} has two roots`);
      rooted.add(trees[i]!);
    }
    // With one parent each, who never comes to an end on the way up goes round in a circle.
    let above = i;
    for (let depth = 0; above !== -1; depth++) {
      if (depth > MOST_DEPTH)
        refuse(`tree ${trees[i]} is deeper than ${MOST_DEPTH}, or goes round in a circle`);
      above = parent[above]!;
    }
  }
}

function checkLeaves(node: OnnxNode, { leaf, places }: Nodes): void {
  const kind = node.attributes.has('target_ids') ? 'target' : 'class';
  const targets = ints(node, `${kind}_ids`);
  const same = (name: string): readonly number[] => ofLength(ints(node, name), targets.length, name);
  const trees = same(`${kind}_treeids`);
  const ids = same(`${kind}_nodeids`);
  const weights = node.attributes.get(`${kind}_weights`)?.floats ?? [];
  ofLength(weights, targets.length, `${kind}_weights`);
  const width = kind === 'target' ? (ints(node, 'n_targets')[0] ?? 1) : Math.max(2, ...labels(node));
  if (!(width >= 1 && width <= MOST_TARGETS)) refuse(`it has ${width} targets`);
  const base = node.attributes.get('base_values')?.floats ?? [];
  if (base.length !== 0 && base.length !== width)
    refuse(`it has ${base.length} base values for ${width} targets`);
  if (!base.every((value) => Number.isFinite(value))) refuse('a base value is no number');
  for (let i = 0; i < targets.length; i++) {
    if (!(targets[i]! >= 0 && targets[i]! < width)) refuse(`a leaf has a value for target ${targets[i]}`);
    if (!Number.isFinite(weights[i])) refuse(`a leaf has the value ${weights[i]}`);
    const at = places.of(trees[i]!, ids[i]!);
    if (at < 0 || leaf[at] !== 1)
      refuse(`there is a value for node ${ids[i]} of tree ${trees[i]}, which is no leaf`);
  }
}

/** Where in the arrays a node of a tree is: a table, for which the ids must be nearly without gaps. */
class Places {
  /** Where a tree begins in the table, and behind the last where that ends. */
  private readonly begins: Int32Array;
  /** Index + 1; 0 = there is none. */
  private readonly table: Int32Array;

  constructor(trees: readonly number[], ids: readonly number[]) {
    const most = 8 * trees.length + 64;
    const sizes: number[] = [];
    for (const [i, tree] of trees.entries()) {
      const id = ids[i]!;
      if (!(tree >= 0 && tree < most && id >= 0 && id < most))
        refuse(`tree ${tree} and node ${id} are no ids`);
      while (sizes.length <= tree) sizes.push(0);
      if (id >= sizes[tree]!) sizes[tree] = id + 1;
    }
    const total = sizes.reduce((a, b) => a + b, 0);
    if (total > most) refuse('the ids of the nodes have too many gaps');
    this.begins = new Int32Array(sizes.length + 1);
    for (const [tree, size] of sizes.entries()) this.begins[tree + 1] = this.begins[tree]! + size;
    this.table = new Int32Array(total);
    for (const [i, tree] of trees.entries()) {
      const at = this.begins[tree]! + ids[i]!;
      if (this.table[at] !== 0) refuse(`node ${ids[i]} of tree ${tree} is there twice`);
      this.table[at] = i + 1;
    }
  }

  /** -1 where there is none. */
  of(tree: number, id: number): number {
    const begin = this.begins[tree];
    const end = this.begins[tree + 1];
    if (begin === undefined || end === undefined || id < 0 || id >= end - begin) return -1;
    return this.table[begin + id]! - 1;
  }
}

/** How many classes the labels name. */
const labels = ({ attributes }: OnnxNode): number[] => [
  attributes.get('classlabels_int64s')?.ints.length ?? 0,
  attributes.get('classlabels_strings')?.strings.length ?? 0,
];

const ints = ({ attributes }: OnnxNode, name: string): readonly number[] => attributes.get(name)?.ints ?? [];

function ofLength<T>(values: readonly T[], length: number, name: string): readonly T[] {
  if (values.length === length) return values;
  refuse(`${name} has ${values.length} values instead of ${length}`);
}

function refuse(why: string): never {
  throw new ModelRefused('onnx_tree', `the trees of the model are not sound: ${why}`);
}

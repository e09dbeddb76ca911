import { ModelRefused } from '../model-refused.js';
import { checkSignature, type Signature } from './check-signature.js';
import { checkTensor } from './check-tensor.js';
import { checkTrees } from './check-trees.js';
import type { OnnxModel, OnnxNode } from './onnx-model.js';
import { MOST_NODES, ONNX_VERSIONS, OPERATORS } from './operators.js';

/** What the manifest says about the graph. */
export interface ExpectedGraph extends Signature {
  /** By domain, where the manifest says it; `ai.onnx` is the domain of ONNX itself. */
  readonly opset?: Readonly<Record<string, number>>;
}

/**
 * Whether ONNX Runtime may see a model: nothing in it reaches out of its file, every operator is known, every size is
 * true, and it takes and gives what the pipeline works with.
 * @throws ModelRefused with a code that begins with onnx_
 */
export function checkOnnx(model: OnnxModel, expected: ExpectedGraph): void {
  const { graph } = model;
  if (model.functions > 0)
    throw new ModelRefused('onnx_function', `the model brings ${model.functions} functions of its own`);
  if (model.trainings > 0) throw new ModelRefused('onnx_function', 'the model brings a training graph');
  if (graph.sparseInitializers > 0)
    throw new ModelRefused('onnx_tensor', 'the model has sparse constants, which are not supported');
  for (const tensor of graph.initializers) checkTensor(tensor);
  if (graph.nodes.length > MOST_NODES)
    throw new ModelRefused(
      'onnx_operator',
      `the model has ${graph.nodes.length} nodes; ${MOST_NODES} may be`,
    );
  for (const node of graph.nodes) checkNode(node);
  checkVersions(model, expected.opset);
  checkSignature(graph, expected);
  for (const node of graph.nodes) {
    if (node.operator.startsWith('TreeEnsemble')) checkTrees(node, expected.features);
  }
}

function checkNode({ operator, domain, attributes }: OnnxNode): void {
  for (const [name, { other, tensors }] of attributes) {
    if (other === 'graph')
      throw new ModelRefused('onnx_subgraph', `${operator} has a graph inside, in its attribute ${name}`);
    if (other !== undefined)
      throw new ModelRefused(
        'onnx_operator',
        `attribute ${name} of ${operator} is of a kind that is not supported`,
      );
    for (const tensor of tensors) checkTensor(tensor);
  }
  if (OPERATORS.get(domain)?.has(operator) === true) return;
  const name = domain === '' ? operator : `${domain}.${operator}`;
  throw new ModelRefused('onnx_operator', `the model uses the operator ${name}, which is not on the list`);
}

function checkVersions({ irVersion, opsets }: OnnxModel, promised: ExpectedGraph['opset']): void {
  const [oldest, newest] = ONNX_VERSIONS.ir;
  if (irVersion < oldest || irVersion > newest)
    throw new ModelRefused(
      'onnx_opset',
      `the model has IR version ${irVersion}; this runs ${oldest} to ${newest}`,
    );
  const seen = new Set<string>();
  for (const { domain: written, version } of opsets) {
    const domain = written === 'ai.onnx' ? '' : written;
    const name = domain === '' ? 'ai.onnx' : domain;
    const range = domain === '' || domain === 'ai.onnx.ml' ? ONNX_VERSIONS.opset[domain] : undefined;
    if (range === undefined || version < range[0] || version > range[1]) {
      const known = range === undefined ? 'no version of that' : `${range[0]} to ${range[1]}`;
      throw new ModelRefused('onnx_opset', `the model has opset ${name} ${version}; this runs ${known}`);
    }
    if (seen.has(domain)) throw new ModelRefused('onnx_opset', `the model names opset ${name} twice`);
    seen.add(domain);
    const said = promised?.[name];
    if (said !== undefined && said !== version)
      throw new ModelRefused(
        'onnx_opset',
        `the model has opset ${name} ${version}; its manifest says ${said}`,
      );
  }
}

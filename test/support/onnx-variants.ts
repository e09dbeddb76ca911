import { blob, int, messageOf, partsOf, textOf, word, type Part } from './protobuf.js';

/** Changes to an ONNX file that keep it a valid protobuf message; field numbers are those of onnx.proto. */
export type Change = (model: Uint8Array) => Uint8Array;
type Edit = (parts: Part[]) => Part[];

const edited = (message: Uint8Array, edit: Edit): Uint8Array => messageOf(edit(partsOf(message)));

/** Edits the messages in one field. */
const inside =
  (number: number, edit: Edit, which: (parts: Part[]) => boolean = () => true): Edit =>
  (parts) =>
    parts.map((part) => {
      if (part.number !== number || !which(partsOf(part.bytes))) return part;
      return blob(number, edited(part.bytes, edit));
    });

const replaced =
  (number: number, value: Part): Edit =>
  (parts) =>
    parts.map((part) => (part.number === number ? value : part));

const has =
  (number: number, text: string) =>
  (parts: Part[]): boolean =>
    parts.some((part) => part.number === number && textOf(part) === text);

const MODEL = { ir: 1, graph: 7, opset: 8, functions: 25 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 };
const ATTRIBUTE = { name: 1, tensor: 5, graph: 6, ints: 8 };
const TENSOR = { dims: 1, type: 2, external: 13, location: 14 };

const inModel =
  (edit: Edit): Change =>
  (model) =>
    edited(model, edit);
const inGraph = (edit: Edit): Change => inModel(inside(MODEL.graph, edit));
const inNode = (operator: string, edit: Edit): Change =>
  inGraph(inside(GRAPH.node, edit, has(NODE.operator, operator)));
const inFirst =
  (number: number, edit: Edit): Edit =>
  (parts) => {
    const first = parts.findIndex((part) => part.number === number);
    return parts.map((part, i) => (i === first ? blob(number, edited(part.bytes, edit)) : part));
  };

export const withField = (part: Part): Change => inModel((parts) => [...parts, part]);
export const withIrVersion = (version: number): Change => inModel(replaced(MODEL.ir, int(MODEL.ir, version)));
export const withOpset = (domain: string, version: number): Change =>
  inModel((parts) => [
    ...parts.filter((part) => part.number !== MODEL.opset),
    blob(MODEL.opset, messageOf([word(1, domain), int(2, version)])),
  ]);
export const withFunction: Change = withField(blob(MODEL.functions, messageOf([word(1, 'mine')])));

/** A node that nothing needs. */
export const withNode = (operator: string, domain = '', ...attributes: Part[]): Change =>
  inGraph((parts) => [
    ...parts,
    blob(
      GRAPH.node,
      messageOf([
        word(NODE.input, 'features'),
        word(NODE.output, 'unused'),
        word(NODE.operator, operator),
        ...attributes,
        word(NODE.domain, domain),
      ]),
    ),
  ]);
export const graphAttribute: Part = blob(
  NODE.attribute,
  messageOf([word(ATTRIBUTE.name, 'then_branch'), blob(ATTRIBUTE.graph, new Uint8Array())]),
);

/** Another operator in the place of one. */
export const operatorReplaced = (operator: string, by: string): Change =>
  inNode(operator, replaced(NODE.operator, word(NODE.operator, by)));
/** A node that reads what nobody writes. */
export const inputReplaced = (operator: string, by: string): Change =>
  inNode(operator, replaced(NODE.input, word(NODE.input, by)));

export const firstConstantElsewhere: Change = inGraph(
  inFirst(GRAPH.initializer, (parts) => [
    ...parts,
    blob(TENSOR.external, messageOf([word(1, 'location'), word(2, '/etc/hostname')])),
    int(TENSOR.location, 1),
  ]),
);
export const firstConstantOfShape = (...dims: number[]): Change =>
  inGraph(
    inFirst(GRAPH.initializer, (parts) => [
      ...parts.filter((part) => part.number !== TENSOR.dims),
      ...dims.map((size) => int(TENSOR.dims, size)),
    ]),
  );

/** Other integers in an attribute of the trees: one at a place. */
export const treesWith = (name: string, at: number, value: number): Change =>
  inNode(
    'TreeEnsembleRegressor',
    inside(
      NODE.attribute,
      (parts) => {
        let i = 0;
        return parts.map((part) =>
          part.number === ATTRIBUTE.ints && i++ === at ? int(part.number, value) : part,
        );
      },
      has(ATTRIBUTE.name, name),
    ),
  );

/** Value → type → tensor type → shape → dimension at a place. */
const withDimension = (field: number, name: string, at: number, size: number): Change =>
  inGraph(
    inside(
      field,
      inside(
        2,
        inside(
          1,
          inside(2, (dims) => dims.map((dim, i) => (i === at ? blob(1, messageOf([int(1, size)])) : dim))),
        ),
      ),
      has(1, name),
    ),
  );
export const inputOfWidth = (size: number): Change => withDimension(GRAPH.input, 'features', 1, size);
export const scoreForRows = (size: number): Change => withDimension(GRAPH.output, 'score', 0, size);
export const outputOfType = (name: string, type: number): Change =>
  inGraph(inside(GRAPH.output, inside(2, inside(1, replaced(1, int(1, type)))), has(1, name)));
export const withSecondInput: Change = inGraph((parts) => {
  const input = parts.find((part) => part.number === GRAPH.input)!;
  return [...parts, blob(GRAPH.input, edited(input.bytes, replaced(1, word(1, 'more'))))];
});

/** Why a model was not loaded: what happened, and what helps. */
interface Refusal {
  readonly meaning: string;
  readonly advice: string;
}

/**
 * The closed list of reasons. Codes are stable: a released one is never renamed.
 * docs/operations/models.md has its table from here.
 */
export const REFUSALS = {
  not_found: {
    meaning: 'There is no manifest, or no model file, where the settings point',
    advice:
      'Compare `MODEL_URI` and `MODEL_VERSION` with what is there; the message names the versions it found',
  },
  registry_unavailable: {
    meaning: 'S3 did not answer, or denied access, and no copy of that version is in the cache',
    advice:
      'Check endpoint, region, credentials and network; `MODEL_CACHE_DIR` must outlive the process for a copy to be there',
  },
  cache_unwritable: {
    meaning: 'What came from S3 could not be written to `MODEL_CACHE_DIR`',
    advice: 'Let it name a directory on a disk with room that this user may write to',
  },
  path_outside: {
    meaning: 'A version, a file name or a symbolic link leads out of the directory',
    advice: 'A version is the name of one folder, a model file lies beside its manifest',
  },
  too_large: {
    meaning: 'A file is larger than is allowed',
    advice: 'Raise `MODEL_MAX_BYTES` if the model is really that large',
  },
  manifest_invalid: {
    meaning: 'manifest.json is not JSON, or not as docs/schemas/model-manifest.schema.json says',
    advice: 'The message names each field; train the model anew',
  },
  version_mismatch: {
    meaning: 'There is a model, but of another version than `MODEL_VERSION`',
    advice: 'Put that version into a folder of its name, or ask for the one that is there',
  },
  catalogue_mismatch: {
    meaning: 'The model was trained on other features than this release computes',
    advice:
      'The message names each missing and unknown one; train on this release, or run the release of the model',
  },
  hash_mismatch: {
    meaning:
      'The model file is not the one that its manifest describes: changed, truncated, or of another upload',
    advice: 'Upload both files again',
  },
  onnx_malformed: {
    meaning: 'The file is no ONNX model, or holds something that ONNX does not know',
    advice: 'Export it anew',
  },
  onnx_external_data: {
    meaning: 'The model refers to other files',
    advice: 'Export it with its weights inside',
  },
  onnx_function: {
    meaning: 'The model brings functions or a training graph of its own',
    advice: 'Export it with its functions inlined, for inference',
  },
  onnx_subgraph: {
    meaning: 'The model has control flow: a graph inside a node, as in Loop, If or Scan',
    advice: 'Export it as a plain graph',
  },
  onnx_operator: {
    meaning: 'The model uses an operator that is not on the list',
    advice: 'Export it with plain operators; the message names it',
  },
  onnx_opset: {
    meaning: 'The model is of another ONNX version than this release runs, or than its manifest says',
    advice: 'Export it with the opset that the message names',
  },
  onnx_tensor: {
    meaning: 'A constant of the model has another size than it claims, or a type that is not supported',
    advice: 'Export it anew',
  },
  onnx_tree: {
    meaning:
      'The trees are not trees: a cycle, a child or a feature that does not exist, a value that is no number',
    advice: 'Export it anew',
  },
  onnx_signature: {
    meaning: 'Inputs or outputs have other names, types or shapes than they must',
    advice: 'One float32 input [N, features]; score [N] or [N, 1]; contributions [N, features]',
  },
  not_loadable: {
    meaning: 'ONNX Runtime refused the model, or failed on its golden rows',
    advice: 'The message has the words of ONNX Runtime',
  },
  output_invalid: {
    meaning:
      'The model answers with something that is no probability or no number, on golden rows or on odd ones',
    advice: 'See the row that the message names; train the model anew',
  },
  golden_mismatch: {
    meaning: 'A golden row does not get the score or the contributions that it got in training',
    advice: 'The file belongs to another manifest, or the export is wrong: train the model anew',
  },
  contributions_mismatch: {
    meaning:
      'Bias and contributions do not add up to the log-odds of the score, so that reasons would be wrong',
    advice: 'Export it anew; a calibration must be folded into bias and contributions',
  },
} as const satisfies Record<string, Refusal>;

export type RefusalReason = keyof typeof REFUSALS;

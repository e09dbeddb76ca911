import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE_VERSION, FEATURE_NAMES, VECTOR_LENGTH } from '@fraud/features';
import { loadModel, ModelRefused, type Model, type RefusalReason } from '@fraud/model';
import { SHIPPED, writeModel, type Draft, type Variant } from '../support/model-directory.js';
import * as onnx from '../support/onnx-variants.js';
import { int, word } from '../support/protobuf.js';

const CATALOGUE = { version: CATALOGUE_VERSION, features: FEATURE_NAMES };
const [FIRST = '', SECOND = ''] = FEATURE_NAMES;

let scratch: string;
let directory: string;
let running: Model;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'broken-models-'));
  running = await loadModel(SHIPPED, undefined, CATALOGUE);
});
beforeEach(async () => {
  directory = await mkdtemp(path.join(scratch, 'model-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});
afterAll(async () => {
  await running.release();
  await rm(scratch, { recursive: true, force: true });
});

async function refusalOf(load: Promise<Model>): Promise<ModelRefused> {
  const outcome = await load.then(
    async (model) => {
      await model.release();
      return 'it was loaded';
    },
    (error: unknown) => error,
  );
  if (outcome instanceof ModelRefused) return outcome;
  throw new Error(`not refused as a model: ${String(outcome)}`);
}

/** Refused, with a message for people, while the model that runs goes on. */
async function expectRefused(
  reason: RefusalReason,
  words: RegExp | string,
  maxBytes?: number,
): Promise<void> {
  const limits = maxBytes === undefined ? {} : { maxBytes };
  const refusal = await refusalOf(loadModel(directory, undefined, CATALOGUE, limits));
  expect([refusal.reason, refusal.message]).toEqual([reason, expect.stringMatching(words)]);
  const { scores } = await running.run(new Float32Array(VECTOR_LENGTH), 1);
  expect(scores[0]).toBeGreaterThan(0);
}

const manifest = (change: (manifest: Draft) => void): Variant => ({ manifest: change });

/** A reference with one category, which is sound but for what is given. */
function withCurrency(over: object): Variant {
  return manifest((m) => {
    const sound = { values: ['EUR'], shares: [0.8], rare: ['CHF'], rare_share: 0.2, missing: 0, unseen: 0 };
    m['drift_reference'] = { ...driftReference({}), categories: { currency: { ...sound, ...over } } };
  });
}

const BROKEN: [string, RefusalReason, RegExp | string, Variant][] = [
  [
    'a manifest without a field',
    'manifest_invalid',
    /bias/,
    manifest((m) => Reflect.deleteProperty(m, 'bias')),
  ],
  ['a manifest of another format', 'manifest_invalid', /\/format/, manifest((m) => (m.format = 3))],
  [
    'a manifest of format 2 without what that must have',
    'manifest_invalid',
    /drift_reference/,
    manifest((m) => {
      m.format = 2;
      delete m['drift_reference'];
    }),
  ],
  [
    'a golden row that is too short',
    'manifest_invalid',
    /golden\/3/,
    manifest((m) => m.golden[3]!.features.pop()),
  ],
  [
    'a drift reference whose shares do not add up',
    'manifest_invalid',
    /add up/,
    manifest((m) => {
      m['drift_reference'] = driftReference({ [FIRST]: { edges: [1], shares: [0.5, 0.2], missing: 0 } });
    }),
  ],
  [
    'a drift reference with more bins than there is room for',
    'manifest_invalid',
    /must NOT have more than 13 items/,
    manifest((m) => {
      const edges = Array.from({ length: 14 }, (_, i) => i);
      const shares = Array.from({ length: 15 }, () => 1 / 15);
      m['drift_reference'] = driftReference({ [FIRST]: { edges, shares, missing: 0 } });
    }),
  ],
  [
    'a drift reference with a range that does not hold its edges',
    'manifest_invalid',
    /range that does not hold its edges/,
    manifest((m) => {
      const bins = { edges: [5], shares: [0.5, 0.5], missing: 0, range: [6, 9] };
      m['drift_reference'] = driftReference({ [FIRST]: bins });
    }),
  ],
  [
    'a drift reference of an unknown feature',
    'manifest_invalid',
    /horoscope is not a feature/,
    manifest((m) => {
      m['drift_reference'] = driftReference({ horoscope: { edges: [1], shares: [0.5, 0.5], missing: 0 } });
    }),
  ],
  [
    'a drift reference whose categories do not add up',
    'manifest_invalid',
    /categories\/currency has shares that add up to 0\.9/,
    withCurrency({ rare_share: 0.1 }),
  ],
  [
    'a drift reference with a share for no value',
    'manifest_invalid',
    /categories\/currency has 1 values for 2 shares/,
    withCurrency({ shares: [0.5, 0.3] }),
  ],
  [
    'a drift reference with a value that is both frequent and rare',
    'manifest_invalid',
    /categories\/currency has EUR among its frequent and its rare values/,
    withCurrency({ rare: ['EUR'] }),
  ],
  [
    'a drift reference with more values than are kept',
    'manifest_invalid',
    /categories\/currency\/rare must NOT have more than 1000 items/,
    withCurrency({ rare: Array.from({ length: 1001 }, (_, i) => `x${i}`) }),
  ],
  ['a file name with a path', 'path_outside', /passwd/, manifest((m) => (m.model.file = '../../etc/passwd'))],
  ['an absolute file name', 'path_outside', /onnx/, manifest((m) => (m.model.file = '/tmp/model.onnx'))],
  [
    'a file name of another kind',
    'manifest_invalid',
    /model\/file/,
    manifest((m) => (m.model.file = '.onnx')),
  ],
  ['a file that is not there', 'not_found', /other\.onnx/, manifest((m) => (m.model.file = 'other.onnx'))],
  [
    'an unknown and a missing feature',
    'catalogue_mismatch',
    new RegExp(`not in the catalogue: horoscope, zodiac;.*does not know.*: ${FIRST}, ${SECOND};`),
    manifest((m) => {
      m.features.splice(0, 2, 'horoscope', 'zodiac');
      // It names features of the model, or the manifest contradicts itself.
      m['drift_reference'] = driftReference({});
    }),
  ],
  [
    'features in another order',
    'catalogue_mismatch',
    new RegExp(`another order: the model has ${SECOND} at place 0, the catalogue ${FIRST}`),
    manifest((m) => m.features.splice(0, 2, SECOND, FIRST)),
  ],
  [
    'another catalogue',
    'catalogue_mismatch',
    /0123456789ab/,
    manifest((m) => (m.catalogue_version = '0123456789ab')),
  ],
  ['a truncated file', 'hash_mismatch', /sha256/, { onnx: (m) => m.subarray(0, 100_000), rehash: false }],
  ['one other byte', 'hash_mismatch', /sha256/, { onnx: (m) => m.with(m.length >> 1, 255), rehash: false }],
  [
    'a truncated file with its hash',
    'onnx_malformed',
    /no ONNX model/,
    { onnx: (m) => m.subarray(0, 100_000) },
  ],
  [
    'text instead of a model',
    'onnx_malformed',
    /no ONNX model/,
    { onnx: () => Buffer.from('a long text '.repeat(9)) },
  ],
  ['an empty file', 'onnx_malformed', /no graph/, { onnx: () => new Uint8Array() }],
  ['a field that ONNX does not have', 'onnx_malformed', /field 99/, { onnx: onnx.withField(int(99, 1)) }],
  [
    'two graphs, which protobuf would merge',
    'onnx_malformed',
    /twice/,
    { onnx: onnx.withField(word(7, '')) },
  ],
  ['weights in another file', 'onnx_external_data', /another file/, { onnx: onnx.firstConstantElsewhere }],
  ['a function of its own', 'onnx_function', /1 functions/, { onnx: onnx.withFunction }],
  ['control flow', 'onnx_subgraph', /If/, { onnx: onnx.withNode('If', '', onnx.graphAttribute) }],
  ['a loop', 'onnx_subgraph', /Loop/, { onnx: onnx.withNode('Loop', '', onnx.graphAttribute) }],
  [
    'an operator of somebody',
    'onnx_operator',
    /com\.example\.Run/,
    { onnx: onnx.withNode('Run', 'com.example') },
  ],
  ['an unknown operator', 'onnx_operator', /Levitate/, { onnx: onnx.withNode('Levitate') }],
  ['an operator that makes tensors of any size', 'onnx_operator', /Tile/, { onnx: onnx.withNode('Tile') }],
  ['an opset of the future', 'onnx_opset', /ai\.onnx 28/, { onnx: onnx.withOpset('', 28) }],
  ['an opset of somebody', 'onnx_opset', /com\.example/, { onnx: onnx.withOpset('com.example', 1) }],
  ['an IR version of the future', 'onnx_opset', /IR version 14/, { onnx: onnx.withIrVersion(14) }],
  [
    'another opset than its manifest says',
    'onnx_opset',
    /manifest says 17/,
    manifest((m) => (m.model.opset = { 'ai.onnx': 17 })),
  ],
  [
    'a constant of absurd size',
    'onnx_tensor',
    /holds 1 values/,
    { onnx: onnx.firstConstantOfShape(2 ** 40, 2 ** 40) },
  ],
  ['a constant of negative size', 'onnx_tensor', /\[-1\]/, { onnx: onnx.firstConstantOfShape(-1) }],
  [
    'a tree that goes round in a circle',
    'onnx_tree',
    /two ways|circle/,
    { onnx: onnx.treesWith('nodes_truenodeids', 1, 0) },
  ],
  [
    'a split on a feature that is not there',
    'onnx_tree',
    /feature 70000/,
    { onnx: onnx.treesWith('nodes_featureids', 0, 70_000) },
  ],
  [
    'a leaf for a target that is not there',
    'onnx_tree',
    /target 5000/,
    { onnx: onnx.treesWith('target_ids', 0, 5_000) },
  ],
  [
    'a child that is not there',
    'onnx_tree',
    /not there/,
    { onnx: onnx.treesWith('nodes_falsenodeids', 0, 4_000_000) },
  ],
  ['another width', 'onnx_signature', /\[N, 7\]/, { onnx: onnx.inputOfWidth(7) }],
  ['scores for one row only', 'onnx_signature', /score has shape \[1\]/, { onnx: onnx.scoreForRows(1) }],
  ['scores in double precision', 'onnx_signature', /type 11/, { onnx: onnx.outputOfType('score', 11) }],
  ['a second input', 'onnx_signature', /features, more/, { onnx: onnx.withSecondInput }],
  [
    'a graph that is not connected',
    'not_loadable',
    /nowhere/,
    { onnx: onnx.inputReplaced('Sigmoid', 'nowhere') },
  ],
  [
    'NaN as score',
    'output_invalid',
    /NaN, which is no probability/,
    {
      onnx: onnx.operatorReplaced('Sigmoid', 'Log'),
      // The logarithm of their negative margins.
      manifest: (m) => void (m.golden = m.golden.filter((row) => row.score < 0.4)),
    },
  ],
  [
    'a score above one',
    'output_invalid',
    /no probability/,
    { onnx: onnx.operatorReplaced('Sigmoid', 'Exp') },
  ],
  [
    'another score than in training',
    'golden_mismatch',
    /row 2 scores/,
    manifest((m) => (m.golden[2]!.score = 0.42)),
  ],
  [
    'another reason than in training',
    'golden_mismatch',
    /row 1 gets/,
    manifest((m) => (m.golden[1]!.contributions[5]! += 0.01)),
  ],
  ['a bias that explains nothing', 'contributions_mismatch', /add up/, manifest((m) => (m.bias += 0.001))],
];

function driftReference(features: object): object {
  return {
    rows: 10,
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-02T00:00:00Z',
    features,
    score: { edges: [0.5], shares: [0.9, 0.1] },
  };
}

describe('a model is refused, by a code of its own, while another runs:', () => {
  it.each(BROKEN)('%s (%s)', async (_, reason, words, variant) => {
    await writeModel(directory, variant);
    await expectRefused(reason, words);
  });

  it('a manifest that is no JSON (manifest_invalid)', async () => {
    await writeModel(directory);
    await writeFile(path.join(directory, 'manifest.json'), '{');
    await expectRefused('manifest_invalid', /not JSON/);
  });

  it('a huge file (too_large), and it is not read', async () => {
    await writeModel(directory);
    await expectRefused('too_large', /100000 are allowed/, 100_000);
  });

  it.each(['manifest.json', 'model.onnx'])(
    'a %s that is a link out of its directory (path_outside)',
    async (name) => {
      await writeModel(directory);
      const elsewhere = path.join(scratch, `${path.basename(directory)}-${name}`);
      await rename(path.join(directory, name), elsewhere);
      await symlink(elsewhere, path.join(directory, name));
      await expectRefused('path_outside', /link/);
    },
  );

  it('a named pipe, on which a reader would wait for ever (not_found)', async () => {
    await writeModel(directory);
    await rm(path.join(directory, 'model.onnx'));
    execFileSync('mkfifo', [path.join(directory, 'model.onnx')]);
    await expectRefused('not_found', /no file/);
  });

  it('a directory without a model (not_found), and says which versions there are', async () => {
    for (const version of ['v1.10.0', 'v1.9.0']) await writeModel(path.join(directory, version));
    await expectRefused('not_found', /MODEL_VERSION can be v1\.9\.0, v1\.10\.0/);
  });

  it('a version that leads out of the directory (path_outside)', async () => {
    await writeModel(path.join(directory, 'v1'));
    await mkdir(path.join(directory, 'in'));
    await symlink(path.join(directory, 'v1'), path.join(directory, 'in/out'));
    for (const version of ['../v1', '..', '/etc', 'v1/../../v1', 'out']) {
      const refusal = await refusalOf(loadModel(path.join(directory, 'in'), version, CATALOGUE));
      expect([version, refusal.reason]).toEqual([version, 'path_outside']);
    }
  });
});

describe('a model is found', () => {
  const load = async (version: string | undefined): Promise<Model> => {
    const model = await loadModel(directory, version, CATALOGUE);
    await model.release();
    return model;
  };

  it('with a manifest of format 2 that has all of it', async () => {
    const change = (m: Draft): void => {
      const window = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
      m.format = 2;
      m.model.opset = { 'ai.onnx': 15, 'ai.onnx.ml': 3 };
      m['calibration'] = {
        method: 'platt',
        slope: 1,
        intercept: 0,
        fitted_on: { rows: 9, frauds: 1, ...window },
      };
      m['suggested_thresholds'] = { step_up: null, review: null, decline: null };
      m['training'] = { window };
      m['metrics'] = { holdout: {} };
      m['drift_reference'] = driftReference({
        [FIRST]: { edges: [1, 2], shares: [0.5, 0.2, 0.2], missing: 0.1 },
      });
      withCurrency({}).manifest?.(m);
    };
    await writeModel(directory, manifest(change));
    expect((await load(undefined)).manifest.format).toBe(2);
  });

  it('where a directory of links is what Kubernetes mounts', async () => {
    await writeModel(path.join(directory, '..data'));
    for (const name of ['manifest.json', 'model.onnx'])
      await symlink(path.join('..data', name), path.join(directory, name));
    expect(await load(undefined)).toMatchObject({ source: 'directory', directory });
  });

  it('in the folder of its version, which may be called otherwise than the model', async () => {
    await writeModel(
      directory,
      manifest((m) => (m.version = '1.0.0')),
    );
    await writeModel(
      path.join(directory, 'v1.2.0'),
      manifest((m) => (m.version = '1.1.7')),
    );
    const model = await load('v1.2.0');
    expect([model.manifest.version, model.deployedAs]).toEqual(['1.1.7', 'v1.2.0']);
    expect((await load(undefined)).manifest.version).toBe('1.0.0');
  });

  it('in the directory itself, where that is the version asked for', async () => {
    await writeModel(
      directory,
      manifest((m) => (m.version = '1.0.0')),
    );
    for (const version of ['1.0.0', 'v1.0.0']) expect((await load(version)).manifest.version).toBe('1.0.0');
    const refusal = await refusalOf(loadModel(directory, 'v2.0.0', CATALOGUE));
    expect([refusal.reason, refusal.message]).toEqual([
      'version_mismatch',
      expect.stringContaining('holds version 1.0.0, not v2.0.0'),
    ]);
  });
});

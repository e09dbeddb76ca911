import type { Manifest, Model } from '@fraud/model';
import { figure, percent, table, whole } from '../report/table.js';
import { modelSource, type OneModel } from './open-model.js';

/** Says what a model is, in a screenful. */
export async function inspect(uri: string, { modelVersion, json }: OneModel): Promise<void> {
  const model = await modelSource(uri).load(modelVersion);
  await model.release();
  process.stdout.write(json === true ? `${JSON.stringify(asJson(model), null, 2)}\n` : `${description(model)}\n`);
}

/** Everything but the golden rows, which are for machines. */
function asJson({ manifest, directory, source }: Model): object {
  const { golden, ...rest } = manifest;
  return { source, directory, ...rest, golden_rows: golden.length };
}

/** @param model for tests, any that has these */
export function description({ manifest, directory, source }: Pick<Model, 'manifest' | 'directory' | 'source'>): string {
  const { training, model } = manifest;
  const opset = Object.entries(model.opset ?? {}).map(([domain, version]) => `${domain} ${version}`);
  const facts: [string, string | undefined][] = [
    ['model', `${manifest.version}, made ${manifest.created_at}, manifest format ${manifest.format}`],
    ['files', `${directory} (${source})`],
    ['sha256', model.sha256],
    ['features', `${manifest.features.length}, catalogue ${manifest.catalogue_version}`],
    ['trees', training.trees === undefined ? undefined : whole(training.trees)],
    ['opset', opset.length === 0 ? undefined : opset.join(', ')],
    ['trained on', training.window && `${training.window.from} – ${training.window.to}`],
    ['bias', `${figure(manifest.bias)} log-odds, a score of ${figure(1 / (1 + Math.exp(-manifest.bias)))}`],
    ['calibration', calibration(manifest)],
    ['drift reference', drift(manifest)],
    ['golden rows', whole(manifest.golden.length)],
  ];
  const known = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(15)}  ${value}`]));
  return [known.join('\n'), metrics(manifest), thresholds(manifest)].filter((part) => part !== '').join('\n\n');
}

function calibration({ calibration: fitted }: Manifest): string | undefined {
  if (fitted === undefined) return undefined;
  const { method, slope, intercept, fitted_on: on } = fitted;
  return `${method}, ${figure(slope)} × log-odds + ${figure(intercept)}, on ${whole(on.rows)} rows with ${whole(on.frauds)} frauds`;
}

function drift({ drift_reference: reference }: Manifest): string | undefined {
  if (reference === undefined) return undefined;
  const { rows, from, to, features, score } = reference;
  const many = Object.keys(features).length;
  return `${many} features and the score in ${score.shares.length} bins, from ${whole(rows)} rows, ${from} – ${to}`;
}

const METRICS = ['average_precision', 'auc', 'brier', 'calibration_error'];

/** Each set of rows that has one of these figures. */
function metrics(manifest: Manifest): string {
  const rows = Object.entries(manifest.metrics).flatMap(([name, value]) => {
    if (typeof value !== 'object' || value === null) return [];
    const set = value as Record<string, unknown>;
    const number = (key: string): number => (typeof set[key] === 'number' ? set[key] : NaN);
    if (METRICS.every((key) => Number.isNaN(number(key)))) return [];
    return [[name, ...METRICS.map((key) => figure(number(key))), whole(number('rows')), whole(number('frauds'))]];
  });
  if (rows.length === 0) return '';
  return table([['metrics on', ...METRICS.map((name) => name.replaceAll('_', ' ')), 'rows', 'frauds'], ...rows]);
}

function thresholds({ suggested_thresholds: suggested }: Manifest): string {
  if (suggested === undefined) return '';
  const rows = Object.entries(suggested).map(([outcome, found]) =>
    found === null
      ? [outcome, 'none reaches its precision', '', '', '']
      : [outcome, figure(found.threshold), percent(found.precision), percent(found.recall), percent(found.alert_rate)],
  );
  return table([['suggested', 'threshold', 'precision', 'recall', 'alerts'], ...rows]);
}

import { CHECKS, ModelRefused, type Check, type RefusalReason } from '@fraud/model';
import { modelSource, type OneModel } from './open-model.js';

interface Outcome {
  readonly check: Check;
  readonly state: 'ok' | 'refused' | 'not reached';
  readonly code?: RefusalReason;
  readonly detail?: string;
}

/** Prints each check of a load; the exit code says whether a server would run the model. */
export async function verify(uri: string, { modelVersion, json }: OneModel): Promise<void> {
  const outcomes = await check(uri, modelVersion);
  const ok = outcomes.every(({ state }) => state === 'ok');
  if (!ok) process.exitCode = 1;
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ uri, version: modelVersion ?? null, ok, checks: outcomes }, null, 2)}\n`);
    return;
  }
  const width = Math.max(...CHECKS.map((name) => name.length));
  for (const { check: name, state, code, detail = '' } of outcomes) {
    const what = code === undefined ? detail : `${code}: ${detail}`;
    const mark = { ok: 'ok', refused: 'REFUSED', 'not reached': '-' }[state];
    process.stdout.write(`${mark.padEnd(7)}  ${name.padEnd(width)}  ${what}`.trimEnd() + '\n');
  }
}

async function check(uri: string, version: string | undefined): Promise<Outcome[]> {
  const passed: Outcome[] = [];
  try {
    const model = await modelSource(uri).load(version, (name, detail) => {
      passed.push({ check: name, state: 'ok', detail });
    });
    await model.release();
    return passed;
  } catch (error) {
    if (!(error instanceof ModelRefused)) throw error;
    const [failed, ...rest] = CHECKS.slice(passed.length);
    return [
      ...passed,
      { check: failed ?? 'files', state: 'refused', code: error.reason, detail: error.message },
      ...rest.map((name): Outcome => ({ check: name, state: 'not reached' })),
    ];
  }
}

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inRoot } from '../paths.mjs';
import { says } from './attempt.mjs';
import { differenceOfAnswers, differenceOfAutoscaler } from './expected.mjs';
import { commandHandlers, settingHandlers } from './handlers.mjs';
import { parseRunbook } from './parse.mjs';
import { runLine } from './shell.mjs';

/** @typedef {import('./parse.mjs').Item} Item */
/** @typedef {import('./attempt.mjs').Attempt} Attempt */
/** @typedef {Pick<import('./table.mjs').Row, 'result' | 'proof' | 'ok'>} Verdict */

const AGAIN_MS = 1_000;
/** Progress overwrites its line. */
const LINES = /[\r\n]+/;
const NOBODY = {
  result: 'MISSING: nothing here tries it',
  proof: 'see scripts/lib/runbook/handlers.mjs',
  ok: false,
};

/**
 * Runs what a runbook asks for, one after the other, as an operator would.
 * @param {readonly Item[]} items @param {import('./attempt.mjs').Means} means @param {NodeJS.ProcessEnv} env of commands
 * @param {(label: string, work: () => Promise<Verdict>) => Promise<Verdict>} show that it goes on
 * @returns {Promise<import('./table.mjs').Row[]>} a row for each
 */
export async function conduct(items, means, env, show) {
  const documented = new Set(
    parseRunbook(readFileSync(inRoot('docs/runbook.md'), 'utf8')).map(({ text }) => text),
  );
  const rows = [];
  let printed = '';
  /** @param {Item} item @returns {Promise<Verdict>} */
  const judge = async (item) => {
    if (item.kind === 'answer') return compared(differenceOfAnswers(item.text, printed), printed);
    if (item.kind === 'document') return judgeDocument(item);
    const handlers = item.kind === 'setting' ? settingHandlers : commandHandlers;
    const attempts = handlers.find(({ matches }) => matches.test(item.text))?.attempts(item.text, means);
    if (!attempts) return NOBODY;
    const verdict = await firstThatWorks(attempts, env, documented);
    printed = verdict.stdout;
    return verdict;
  };
  for (const item of items) {
    const text = titleOf(item);
    const { result, proof, ok } = await show(`${item.line}: ${text}`, () => judge(item));
    rows.push({ line: item.line, text, result, proof, ok });
  }
  return rows;
}

/** @param {Item} item */
function titleOf({ kind, text, language, section }) {
  if (kind === 'answer') return '(the answer that it shows)';
  if (kind === 'document') return `(${language || 'text'} of ${section})`;
  return text;
}

/** @param {Item} item @returns {Verdict} */
function judgeDocument({ language, text }) {
  if (language !== 'yaml' || !text.includes('minReplicas')) return NOBODY;
  const manifest = 'deploy/k8s/base/autoscaler.yaml';
  return compared(differenceOfAutoscaler(text, readFileSync(inRoot(manifest), 'utf8')), `as in ${manifest}`);
}

/** @param {string} difference @param {string} proof @returns {Verdict} */
const compared = (difference, proof) =>
  difference === '' ? { result: 'ok', proof, ok: true } : { result: 'FAILED', proof: difference, ok: false };

/**
 * @param {readonly Attempt[]} attempts @param {NodeJS.ProcessEnv} env @param {ReadonlySet<string>} documented
 * @returns {Promise<Verdict & { stdout: string }>}
 */
async function firstThatWorks(attempts, env, documented) {
  let [proof, stdout] = ['', ''];
  /** What the command as it is written has said. */
  let first = '';
  for (const attempt of attempts) {
    const tried = await tryUntilItWorks(attempt, env);
    ({ proof, stdout } = tried);
    const undocumented = (attempt.documented ?? []).find((text) => !documented.has(text));
    if (tried.ok && undocumented !== undefined)
      return { result: 'FAILED', proof: `docs/runbook.md does not have: ${undocumented}`, ok: false, stdout };
    if (tried.ok)
      return {
        result: attempt.result,
        proof: first ? `${proof}; as it is written: ${first}` : proof,
        ok: true,
        stdout,
      };
    first ||= proof;
  }
  return { result: 'FAILED', proof, ok: false, stdout };
}

/** @param {Attempt} attempt @param {NodeJS.ProcessEnv} env */
async function tryUntilItWorks(attempt, env) {
  const began = Date.now();
  for (;;) {
    const tried = await tryOnce(attempt, env);
    if (tried.ok || Date.now() - began > (attempt.withinMs ?? 0)) return tried;
    await sleep(AGAIN_MS);
  }
}

/** @param {Attempt} attempt @param {NodeJS.ProcessEnv} env */
async function tryOnce({ command, codes = [0], says: wanted, follow, limitMs, after = [] }, env) {
  const { code, stdout, stderr, ending } = await runLine(command, { env, follow, limitMs });
  const printed = `${stdout}\n${stderr}`;
  if (ending === 'took too long') return { ok: false, proof: `took too long: ${lastLine(printed)}`, stdout };
  if (!codes.includes(code) || !says(printed, wanted))
    return { ok: false, proof: lastLine(stderr.trim() === '' ? stdout : stderr), stdout };
  for (const check of after) {
    const seen = await runLine(check.command, { env, limitMs: 200_000 });
    if (seen.code !== 0 || !says(seen.stdout, check.says))
      return { ok: false, proof: `${check.command}: ${lastLine(`${seen.stdout}\n${seen.stderr}`)}`, stdout };
  }
  const proof = telling(printed, wanted) ?? lastLine(stdout.trim() === '' ? stderr : stdout);
  return { ok: true, proof, stdout };
}

/** The line that shows that it worked. @param {string} output @param {Attempt['says']} wanted */
function telling(output, wanted) {
  if (typeof wanted === 'function') return undefined;
  return output.split(LINES).find((line) => wanted.test(line));
}

/** @param {string} output */
const lastLine = (output) => output.trim().split(LINES).at(-1) ?? '';

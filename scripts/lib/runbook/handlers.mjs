import { kubectl } from './kubectl.mjs';

/** @typedef {import('./attempt.mjs').Attempt} Attempt */
/** @typedef {import('./attempt.mjs').Handler} Handler */

const BUILD_MS = 20 * 60_000;
const PUSH_MS = 300_000;
/** A JVM starts for it. */
const LAG_MS = 60_000;

/** What runs every command of the runbook. A command that none of them takes has not been tried. @type {readonly Handler[]} */
export const commandHandlers = [
  asWritten(/^curl \S+\/health$/, /"status":"healthy"/),
  asWritten(/^curl \S+\/ready$/, /"status":"ready"/),
  asWritten(/^curl \S+\/metrics$/, /^# HELP fraud_/m),
  asWritten(/^curl \S+\/metrics \| grep latency$/, /^fraud_\w*latency\w*\S* \S+$/m),
  asWritten(/^curl \S+\/metrics \| grep drift$/, /^fraud_drift_rows_total\S* [1-9]/m),
  asWritten(/^curl \S+\/metrics \| grep error$/, /^fraud_errors_total\S* \S+$/m),
  asWritten(/^redis-cli --latency$/, /^\d+ \d+ [\d.]+ \d+$/m),
  asWritten(/^redis-cli ping$/, /^PONG$/m),
  asWritten(/^redis-cli cluster info$/, /^cluster_state:ok/m),
  asWritten(/^redis-cli FLUSHALL$/, /^OK$/m),
  asWritten(/^kafka-consumer-groups\.sh .*--describe$/, isWithoutLag, { withinMs: LAG_MS }),
  asWritten(
    /^aws s3 cp models\/ s3:\/\/fraud-models\/\S+ --recursive$/,
    /^upload: models\/model\.onnx to s3:/m,
    {
      after: [{ command: 'aws s3 ls s3://fraud-models/ --recursive', says: /v1\.2\.0\/manifest\.json$/m }],
    },
  ),
  { matches: /^python scripts\/evaluate\.py /, attempts: evaluate },
  { matches: /^docker (?:build|push) /, attempts: docker },
  ...kubectl,
];

/** What a setting of the runbook is called here; a value that is none is refused by its name. @type {readonly Handler[]} */
export const settingHandlers = [
  {
    matches: /^max_poll_records$/,
    attempts: () => [
      {
        command: 'MAX_POLL_RECORDS=0 LOG_FORMAT=text npm run --silent start:consumer',
        result: 'ok, stands for it: MAX_POLL_RECORDS',
        says: /MAX_POLL_RECORDS/,
        codes: [1],
        documented: ['MAX_POLL_RECORDS'],
      },
    ],
  },
];

/** @param {RegExp} matches @param {Attempt['says']} says @param {Partial<Attempt>} [more] @returns {Handler} */
function asWritten(matches, says, more = {}) {
  return { matches, attempts: (command) => [{ command, result: 'ok', says, ...more }] };
}

/** Every partition of the topic has a committed offset and nothing behind it. @param {string} output */
function isWithoutLag(output) {
  const rows = output.split('\n').filter((line) => /^fraud-detector\s+transactions\s/.test(line));
  return rows.length > 0 && rows.every((row) => row.trim().split(/\s+/)[5] === '0');
}

/** There is no such file: training alone is in Python. Drift is no failure of the command. @param {string} command @param {import('./attempt.mjs').Means} means @returns {Attempt[]} */
function evaluate(command, { url }) {
  const instead = 'npm run evaluate -- --check-drift';
  const found = { says: /^Drift: /m, codes: [0, 1] };
  return [
    { command, result: 'ok', ...found },
    {
      command: `${instead} --url ${url}`,
      result: `ok, stands for it: ${instead}`,
      documented: [instead],
      ...found,
    },
  ];
}

/** @param {string} command @param {import('./attempt.mjs').Means} means @returns {Attempt[]} */
function docker(command, { noImage }) {
  const word = noImage === '' ? 'ok' : `parsed, not tried: ${noImage}`;
  const [, verb, name = ''] = /^docker (\w+) (?:.*\s)?(\S+:\S+)/.exec(command) ?? [];
  if (verb === 'build')
    return [{ command, result: word, says: (output) => output.includes(name), limitMs: BUILD_MS }];
  const pushed = { says: (/** @type {string} */ output) => output.includes(name), limitMs: PUSH_MS };
  const tag = `docker tag ${name.replace(/^.*\//, '')} ${name}`;
  return [
    { command, result: word, ...pushed },
    { command: `${tag} && ${command}`, result: `${word}, after docker tag`, documented: [tag], ...pushed },
  ];
}

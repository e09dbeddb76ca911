import { parseArgs } from 'node:util';
import { Failure, runMain } from './lib/failure.mjs';
import { inRoot } from './lib/paths.mjs';
import { defaultServiceNames, serviceNames } from './lib/services/registry.mjs';
import { serviceStatus, startService, stopService } from './lib/services/lifecycle.mjs';
import { readState } from './lib/services/state.mjs';

const USAGE = `scripts/services start|stop|status [${serviceNames.join('|')} …] [--dir DIR]`;
/** As for system services (LSB): not running. */
const NOT_RUNNING = 3;

await runMain(async () => {
  const { values, positionals } = parse();
  const [action, ...asked] = positionals;
  const directory = values.dir ?? inRoot('.services');
  /** @param {readonly string[]} others */
  const namesOr = (others) => (asked.length > 0 ? asked : others);
  if (action === 'start') return start(namesOr(defaultServiceNames), directory);
  if (action === 'stop') return stop(namesOr(serviceNames), directory);
  if (action === 'status') return status(namesOr(expectedNames(directory)), directory);
  throw new Failure(action ? `unknown action ${action}` : 'no action was given', USAGE, { exitCode: 2 });
});

/** What is there by default, and what else was started. @param {string} directory */
function expectedNames(directory) {
  return serviceNames.filter((name) => defaultServiceNames.includes(name) || readState(directory, name));
}

function parse() {
  try {
    return parseArgs({ allowPositionals: true, options: { dir: { type: 'string' } } });
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), USAGE, { exitCode: 2 });
  }
}

/** @param {readonly string[]} names @param {string} directory */
async function start(names, directory) {
  for (const name of names) {
    const started = await startService(name, directory);
    console.log(`export ${started.variable}=${quoted(started.url)}`);
  }
}

/** @param {readonly string[]} names @param {string} directory */
async function stop(names, directory) {
  await Promise.all(
    names.map(async (name) => console.error(`${name}: ${await stopService(name, directory)}`)),
  );
}

/** @param {readonly string[]} names @param {string} directory */
async function status(names, directory) {
  const rows = await Promise.all(names.map((name) => serviceStatus(name, directory)));
  const table = [
    ['SERVICE', 'STATE', 'BY', 'URL'],
    ...rows.map((row) => [row.name, row.state, row.by, row.url]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  return rows.every((row) => row.state === 'up') ? 0 : NOT_RUNNING;
}

/** @param {string} url */
function quoted(url) {
  return /^[\w:/.,@%-]+$/.test(url) ? url : `'${url.replaceAll("'", String.raw`'\''`)}'`;
}

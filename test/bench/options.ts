import { parseArgs } from 'node:util';
import { PHASES, SUBJECTS, type PhaseName, type SubjectName } from './plan.js';

export interface Options {
  readonly subjects: readonly SubjectName[];
  readonly phases: readonly PhaseName[];
  readonly rounds: number;
  /** Length of each measure. */
  readonly seconds: number;
  /** Gate instead of report: closed loop only, exit 1 when a CPU ratio is too high. */
  readonly short: boolean;
  readonly profile: boolean;
  /** The API's compiled entry. */
  readonly api: string;
  /** Where the report goes; null when the run is not the whole plan. */
  readonly output: string | null;
}

const HELP = `Usage: npm run bench -- [options]

  --short            CI gate: closed loop only, two rounds, nothing written; exit 1 when a CPU ratio is too high
  --only <names>     some of: ${[...SUBJECTS, ...Object.keys(PHASES)].join(', ')} (comma-separated); nothing written
  --seconds <n>      length of each measure (default 5; 3 with --short)
  --rounds <n>       rounds over the whole plan, of which medians are reported (default 3; 2 with --short)
  --profile          CPU profile of the API in the closed loop (with Redis, or --only embedded); nothing written
  --api <file>       compiled entry of the API (default dist/apps/api/src/main.js)
  --help`;

/** @throws on unknown options, names and numbers */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      api: { type: 'string', default: 'dist/apps/api/src/main.js' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const { short, profile, api } = values;
  const only = values.only.split(',').filter((name) => name !== '');
  const phaseNames = Object.keys(PHASES) as PhaseName[];
  const unknown = only.find((name) => ![...SUBJECTS, ...phaseNames].some((known) => known === name));
  if (unknown !== undefined) throw new Error(`--only does not know ${JSON.stringify(unknown)}\n\n${HELP}`);

  const chosen = <Name extends string>(all: readonly Name[], otherwise: readonly Name[]): readonly Name[] => {
    const named = all.filter((name) => only.includes(name));
    return named.length === 0 ? otherwise : named;
  };
  return {
    subjects: chosen(SUBJECTS, profile ? ['redis'] : SUBJECTS),
    phases: chosen(phaseNames, short || profile ? ['closed'] : phaseNames),
    rounds: positive('--rounds', values.rounds, profile ? 1 : short ? 2 : 3),
    seconds: positive('--seconds', values.seconds, short ? 3 : 5),
    short,
    profile,
    api,
    output: short || profile || only.length > 0 ? null : 'docs/benchmarks.md',
  };
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} is ${JSON.stringify(text)}: expected a whole number above 0`);
}

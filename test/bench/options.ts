import { parseArgs } from 'node:util';
import { OPTIONAL_SUBJECT, PHASE_NAMES, PHASES, SUBJECTS, type PhaseName, type SubjectName } from './plan.js';

export interface Options {
  readonly subjects: readonly SubjectName[];
  readonly phases: readonly PhaseName[];
  readonly rounds: number;
  /** Length of each measure. */
  readonly seconds: number;
  /** Gate instead of report: closed loop and Kafka only, exit 1 when a CPU ratio is too high. */
  readonly short: boolean;
  readonly profile: boolean;
  /** Memory of Redis instead of time. */
  readonly sizing: boolean;
  /** What one process costs, and what many would do by that. */
  readonly scaling: boolean;
  /** A consumer under a steady load, instead of all else. */
  readonly soak: boolean;
  /** More than can be decided, instead of all else. */
  readonly overload: boolean;
  /** Compiled entries of the applications. */
  readonly api: string;
  readonly consumer: string;
  /** Where the reports go; null when the run is not the whole plan. */
  readonly output: { readonly report: string; readonly peers: string } | null;
}

const REPORTS = { report: 'docs/benchmarks.md', peers: 'docs/benchmarks-peers.md' };
const SHORT_PHASES: readonly PhaseName[] = ['closed', 'kafka'];

const HELP = `Usage: npm run bench -- [options]

  --peers            also the FastAPI peer of ../shared/peers (or of the directory that FRAUD_SHARED_PEERS names), in the
                     same rounds and with the same model; a whole run then writes docs/benchmarks-peers.md too
  --short            CI gate: closed loop and Kafka only, two rounds, nothing written; exit 1 when a CPU ratio is too high
  --only <names>     some of: ${[...new Set([...SUBJECTS, ...PHASE_NAMES])].join(', ')} (comma-separated;
                     kafka is both a server and a load); nothing written
  --seconds <n>      length of each measure (default 5; 3 with --short)
  --rounds <n>       rounds over the whole plan, of which medians are reported (default 3; 2 with --short)
  --overload         instead of all else: what becomes of more transactions than can be decided; writes docs/overload.md
                     and its plot
  --soak             instead of all else: a consumer at 70 % of what it can decide, for --seconds; exit 1 when its memory
                     grows or it falls behind; nothing written
  --scaling          instead of all else: what one process and its Redis cost by the size of turns, and by that what fleets of
                     them would do; writes docs/scaling.md
  --sizing           instead of all else: what entities take in Redis; writes docs/sizing.md
  --profile          CPU profile in the closed loop of the API (with Redis, or --only embedded), or --only kafka of the
                     consumer; nothing written
  --api <file>       compiled entry of the API (default dist/apps/api/src/main.js)
  --consumer <file>  compiled entry of the consumer (default dist/apps/consumer/src/main.js)
  --help`;

/** @throws on unknown options, names and numbers */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      sizing: { type: 'boolean', default: false },
      scaling: { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      overload: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      api: { type: 'string', default: 'dist/apps/api/src/main.js' },
      consumer: { type: 'string', default: 'dist/apps/consumer/src/main.js' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const { short, peers, profile, sizing, scaling, soak, overload, api, consumer } = values;
  const only = values.only.split(',').filter((name) => name !== '');
  return {
    ...chosen(only, { short, peers, profile }),
    rounds: positive('--rounds', values.rounds, profile ? 1 : short ? 2 : 3),
    seconds: positive('--seconds', values.seconds, short ? 3 : 5),
    short,
    profile,
    sizing,
    scaling,
    soak,
    overload,
    api,
    consumer,
    output: short || profile || only.length > 0 ? null : REPORTS,
  };
}

/** What is measured: of the named subjects and phases, or of those that the form of the run brings, what goes together. */
function chosen(
  only: readonly string[],
  { short, peers, profile }: { short: boolean; peers: boolean; profile: boolean },
): Pick<Options, 'subjects' | 'phases'> {
  const unknown = only.find((name) => ![...SUBJECTS, ...PHASE_NAMES].some((known) => known === name));
  if (unknown !== undefined) throw new Error(`--only does not know ${JSON.stringify(unknown)}\n\n${HELP}`);
  const named = <Name extends string>(all: readonly Name[], otherwise: readonly Name[]): readonly Name[] => {
    const some = all.filter((name) => only.includes(name));
    return some.length === 0 ? otherwise : some;
  };
  const usual = SUBJECTS.filter((name) => peers || name !== OPTIONAL_SUBJECT);
  const wanted = named(SUBJECTS, profile ? ['redis'] : usual);
  const subjects = SUBJECTS.filter((name) => wanted.includes(name) || (peers && name === OPTIONAL_SUBJECT));
  const phases = named(PHASE_NAMES, short ? SHORT_PHASES : profile ? ['closed'] : PHASE_NAMES);
  const matching = {
    phases: phases.filter((phase) => subjects.some((name) => PHASES[phase].subjects.includes(name))),
    subjects: subjects.filter((name) => phases.some((phase) => PHASES[phase].subjects.includes(name))),
  };
  if (matching.phases.length === 0) throw new Error(`--only ${only.join(',')} leaves nothing to measure`);
  return matching;
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} is ${JSON.stringify(text)}: expected a whole number above 0`);
}

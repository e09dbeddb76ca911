import type { Run, Sample } from '../measure/sample.js';
import {
  MOST_OTHER_WORK_PERCENT,
  OPTIONAL_SUBJECT,
  PHASE_NAMES,
  PHASES,
  SUBJECTS,
  type PhaseName,
  type SubjectName,
} from '../plan.js';
import {
  FIGURES,
  gcFigures,
  median,
  OTHERS,
  overRounds,
  ratios,
  samplesOf,
  TRUST_FIGURES,
  type Figure,
} from './figures.js';
import { judge, reached, type Judgement } from './goals.js';
import { shown, table } from './markdown-table.js';

export const NAMES = {
  echo: 'Fastify echo',
  embedded: 'API, embedded',
  redis: 'API, Redis',
  recorded: 'API, Redis, recorded',
  peer: 'FastAPI peer',
  kafka: 'consumer, Redis',
  store: 'feature store, Redis',
  features: 'features, embedded store',
  model: 'shipped model',
  record: 'recording',
  drift: 'watching for drift',
} as const satisfies Record<SubjectName, string>;

/** Title and table of each phase that was measured; the peer has tables of its own. */
export function phaseTables(all: readonly Sample[]): { title: string; table: string }[] {
  const samples = all.filter(({ subject }) => subject !== OPTIONAL_SUBJECT);
  return PHASE_NAMES.filter((phase) => samples.some((s) => s.phase === phase)).map((phase) => ({
    title: PHASES[phase].title,
    table: phaseTable(samples, phase),
  }));
}

function phaseTable(all: readonly Sample[], phase: PhaseName): string {
  const samples = all.filter((s) => s.phase === phase);
  const subjects = SUBJECTS.filter((subject) => samples.some((s) => s.subject === subject));
  const echo = samplesOf(all, PHASES[phase].yardstick, 'echo');
  const compared = (subject: SubjectName): boolean => subject !== 'echo' && echo.length > 0;
  const header = ['', ...subjects.flatMap((s) => (compared(s) ? [NAMES[s], '× echo'] : [NAMES[s]]))];
  const rows = [...FIGURES, ...gcFigures(samples), ...TRUST_FIGURES]
    .filter((f) => samples.some((s) => f.of(s) !== null))
    .map((f) => [
      f.label,
      ...subjects.flatMap((subject) => {
        const own = samplesOf(samples, phase, subject);
        const value = shown(overRounds(own, f), f.digits);
        if (!compared(subject)) return [value];
        return [value, TRUST_FIGURES.includes(f) ? '' : ratio(own, echo, f)];
      }),
    ]);
  return table(header, rows);
}

/** The goals against what was measured; empty when none of them was. */
export function goalTable({ samples, redisPingUs }: Run): string {
  const rows = judge(samples).map(goalRow);
  if (rows.length === 0) return '';
  const goals = table(['Goal', 'limit', 'measured', 'at reference speed', 'rounds', '', 'echo itself'], rows);
  if (redisPingUs === null) return goals;
  return `${goals}\n\nA bare PING, one at a time, costs this Redis ${redisPingUs.toFixed(1)} µs of CPU.`;
}

function goalRow({ goal, bare, measured, lowest, highest, echo }: Judgement): string[] {
  const digits = goal.limit < 1_000 ? 2 : 0;
  return [
    goal.label,
    `${goal.direction === 'at most' ? '≤' : '≥'} ${goal.limit.toLocaleString('en-US')} ${goal.unit}`,
    shown(bare ?? measured, digits),
    bare === null ? '' : shown(measured, digits),
    `${shown(lowest, digits)}–${shown(highest, digits)}`,
    reached(goal, measured) ? 'reached' : '**not reached**',
    shown(echo, digits),
  ];
}

/** Says so when other work took enough of the machine to spoil the figures; else empty. */
export function noiseWarning(samples: readonly Sample[]): string {
  const others = overRounds(samples, OTHERS) ?? 0;
  if (others <= MOST_OTHER_WORK_PERCENT) return '';
  return (
    `**Other work took ${others.toFixed(0)} % of the machine** (median of the measures): ` +
    'times and CPU are too high, and ratios too low, because it adds about the same to every request, ' +
    'the echo included. Measure again on a quiet machine.'
  );
}

/** Median of the rounds' ratios. */
export function ratio(own: readonly Sample[], yardsticks: readonly Sample[], figure: Figure): string {
  const all = ratios(own, yardsticks, figure);
  return all.length === 0 ? '–' : median(all).toFixed(2);
}

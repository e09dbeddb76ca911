import type { Run, Sample } from '../measure.js';
import { MOST_OTHER_WORK_PERCENT, PHASES, SUBJECTS, type PhaseName, type SubjectName } from '../plan.js';
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
import { judge } from './goals.js';

const NAMES = { echo: 'Fastify echo', embedded: 'API, embedded', redis: 'API, Redis' } as const;

/** Title and table of each phase that was measured. */
export function phaseTables(samples: readonly Sample[]): { title: string; table: string }[] {
  const phases = (Object.keys(PHASES) as PhaseName[]).filter((p) => samples.some((s) => s.phase === p));
  return phases.map((phase) => ({
    title: PHASES[phase].title,
    table: phaseTable(
      samples.filter((s) => s.phase === phase),
      phase,
    ),
  }));
}

function phaseTable(samples: readonly Sample[], phase: PhaseName): string {
  const subjects = SUBJECTS.filter((subject) => samples.some((s) => s.subject === subject));
  const echo = samplesOf(samples, phase, 'echo');
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
  const rows = judge(samples).map(({ goal, measured, lowest, highest, echo }) => [
    goal.label,
    `≤ ${goal.limit} ${goal.unit}`,
    measured.toFixed(2),
    `${lowest.toFixed(2)}–${highest.toFixed(2)}`,
    measured <= goal.limit ? 'reached' : '**not reached**',
    echo === null ? '–' : echo.toFixed(2),
  ]);
  if (rows.length === 0) return '';
  const goals = table(['Goal', 'limit', 'measured', 'rounds', '', 'echo itself'], rows);
  if (redisPingUs === null) return goals;
  return `${goals}\n\nA bare PING, one at a time, costs this Redis ${redisPingUs.toFixed(1)} µs of CPU.`;
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

function ratio(own: readonly Sample[], echo: readonly Sample[], figure: Figure): string {
  const all = ratios(own, echo, figure);
  return all.length === 0 ? '–' : median(all).toFixed(2);
}

function shown(value: number | null, digits: number): string {
  if (value === null) return '–';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A Markdown table, padded so that it also reads well in a terminal: first column to the left, others to the right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, i) => Math.max(3, ...[header, ...rows].map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((c, i) => (i === 0 ? c.padEnd(widths[i]!) : c.padStart(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}

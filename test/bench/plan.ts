/** What is measured, in this order in every round; the echo is the yardstick of the others. */
export const SUBJECTS = ['echo', 'embedded', 'redis'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

export interface Phase {
  readonly title: string;
  readonly connections: number;
  /** Requests per second of an open loop; null for a closed one. */
  readonly rate: number | null;
}

/** Enough connections that an open loop is held up by the server alone: 5,000 a second through a stall of 50 ms. */
const OPEN_CONNECTIONS = 256;

export const PHASES = {
  closed: { title: 'Closed loop, 32 connections', connections: 32, rate: null },
  serial: { title: 'Serial, one connection', connections: 1, rate: null },
  'open-2000': { title: 'Open loop, 2,000 per second', connections: OPEN_CONNECTIONS, rate: 2_000 },
  'open-5000': { title: 'Open loop, 5,000 per second', connections: OPEN_CONNECTIONS, rate: 5_000 },
} as const satisfies Record<string, Phase>;
export type PhaseName = keyof typeof PHASES;

/** Once per server, in the closed loop, so that its hot code is compiled. */
export const FIRST_WARM_UP_SECONDS = 4;
/** Before each measure, under the load of that measure. */
export const WARM_UP_SECONDS = 1;

/**
 * Share of degraded answers above which a closed loop is not a measure of the engine: timeouts would look
 * like speed. In an open loop they are part of the result: the rate was more than the machine carries.
 */
export const MOST_DEGRADED = 0.01;
/** The same for the gate, which judges CPU ratios of short rounds and must run on busier machines. */
export const MOST_DEGRADED_IN_GATE = 0.05;

/** Other work on the machine above which the report warns of its figures. */
export const MOST_OTHER_WORK_PERCENT = 10;

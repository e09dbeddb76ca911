/** What is measured, in this order in every round; the echo is the yardstick of the others. */
export const SUBJECTS = [
  'echo',
  'embedded',
  'redis',
  'recorded',
  'peer',
  'kafka',
  'store',
  'features',
  'model',
  'record',
  'drift',
] as const;
export type SubjectName = (typeof SUBJECTS)[number];
/** Measured only when it is asked for. */
export const OPTIONAL_SUBJECT = 'peer';

/** What the load generator does. */
export interface Load {
  readonly connections: number;
  /** Requests per second of an open loop; null for a closed one. */
  readonly rate: number | null;
}

/** Enough connections that an open loop is held up by the server alone: 5,000 a second through a stall of 50 ms. */
const OPEN_CONNECTIONS = 256;

export const LOADS = {
  closed: { connections: 32, rate: null },
  serial: { connections: 1, rate: null },
  'open-2000': { connections: OPEN_CONNECTIONS, rate: 2_000 },
  'open-5000': { connections: OPEN_CONNECTIONS, rate: 5_000 },
} as const satisfies Record<string, Load>;
export type HttpPhaseName = keyof typeof LOADS;
/** Subjects that are parts of the engine. */
export const PART_NAMES = ['store', 'features', 'model', 'record', 'drift'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** A part of the engine at work, with nothing around it. */
export interface Part {
  readonly subject: PartName;
  /** Transactions that go together. */
  readonly turn: number;
  /** Transactions that a measure takes, for each second of its length. */
  readonly perSecond: number;
  /** Events that the card has, where nothing but vectors is made of given histories. */
  readonly history: number | null;
}

const PART = {
  'store-alone': { subject: 'store', turn: 1, perSecond: 8_000, history: null },
  'store-turns': { subject: 'store', turn: 8, perSecond: 8_000, history: null },
  // Few, since what is prepared lies in the heap, which a replay has not, and its collector looks at all of it.
  'features-replay': { subject: 'features', turn: 64, perSecond: 20_000, history: null },
  'vectors-60': { subject: 'features', turn: 1, perSecond: 100_000, history: 60 },
  'vectors-256': { subject: 'features', turn: 1, perSecond: 50_000, history: 256 },
  'model-alone': { subject: 'model', turn: 1, perSecond: 40_000, history: null },
  'model-16': { subject: 'model', turn: 16, perSecond: 160_000, history: null },
  'model-128': { subject: 'model', turn: 128, perSecond: 256_000, history: null },
  'record-alone': { subject: 'record', turn: 1, perSecond: 20_000, history: null },
  'record-turns': { subject: 'record', turn: 8, perSecond: 20_000, history: null },
  'drift-alone': { subject: 'drift', turn: 1, perSecond: 400_000, history: null },
  'drift-turns': { subject: 'drift', turn: 8, perSecond: 400_000, history: null },
} as const satisfies Record<string, Part>;
export type PartPhaseName = keyof typeof PART;
export const PARTS: Readonly<Record<PartPhaseName, Part>> = PART;

export type PhaseName = HttpPhaseName | PartPhaseName | 'kafka';
export const isPartPhase = (phase: PhaseName): phase is PartPhaseName => phase in PARTS;

/** Partitions of each topic: as many as one consumer works on at the same time. */
export const PARTITIONS = 4;

export interface Phase {
  readonly title: string;
  readonly subjects: readonly SubjectName[];
  /** The phase whose echo is the yardstick. */
  readonly yardstick: HttpPhaseName;
}

/** The peer has 64 connections to its Redis: a stall in an open loop, and further requests are answered with 500. */
export const PHASES: Readonly<Record<PhaseName, Phase>> = {
  closed: {
    title: 'Closed loop, 32 connections',
    subjects: ['echo', 'embedded', 'redis', 'recorded', 'peer'],
    yardstick: 'closed',
  },
  serial: {
    title: 'Serial, one connection',
    subjects: ['echo', 'embedded', 'redis', 'recorded', 'peer'],
    yardstick: 'serial',
  },
  'open-2000': {
    title: 'Open loop, 2,000 per second',
    subjects: ['echo', 'embedded', 'redis', 'recorded'],
    yardstick: 'open-2000',
  },
  'open-5000': {
    title: 'Open loop, 5,000 per second',
    subjects: ['echo', 'embedded', 'redis', 'recorded'],
    yardstick: 'open-5000',
  },
  'store-alone': {
    title: 'Store protocol, alone',
    subjects: ['store'],
    yardstick: 'closed',
  },
  'store-turns': {
    title: `Store protocol, turns of ${PARTS['store-turns'].turn}`,
    subjects: ['store'],
    yardstick: 'closed',
  },
  'features-replay': {
    title: `Features, embedded, turns of ${PARTS['features-replay'].turn}`,
    subjects: ['features'],
    yardstick: 'closed',
  },
  'vectors-60': {
    title: `Vectors, ${PARTS['vectors-60'].history} events`,
    subjects: ['features'],
    yardstick: 'closed',
  },
  'vectors-256': {
    title: `Vectors, ${PARTS['vectors-256'].history} events`,
    subjects: ['features'],
    yardstick: 'closed',
  },
  'model-alone': { title: 'Model with reasons, alone', subjects: ['model'], yardstick: 'closed' },
  'model-16': { title: 'Model with reasons, turns of 16', subjects: ['model'], yardstick: 'closed' },
  'model-128': { title: 'Model with reasons, turns of 128', subjects: ['model'], yardstick: 'closed' },
  'record-alone': { title: 'Recording, alone', subjects: ['record'], yardstick: 'closed' },
  'record-turns': {
    title: `Recording, turns of ${PARTS['record-turns'].turn}`,
    subjects: ['record'],
    yardstick: 'closed',
  },
  'drift-alone': { title: 'Watching for drift, alone', subjects: ['drift'], yardstick: 'closed' },
  'drift-turns': {
    title: `Watching for drift, turns of ${PARTS['drift-turns'].turn}`,
    subjects: ['drift'],
    yardstick: 'closed',
  },
  kafka: { title: `Kafka, ${PARTITIONS} partitions`, subjects: ['kafka'], yardstick: 'closed' },
};
export const PHASE_NAMES = Object.keys(PHASES) as PhaseName[];

/**
 * Transactions that are put into the topic for each second of a measure, its warm-up included. Where they are fewer than the
 * consumer takes, the measure is shorter.
 */
export const RECORDS_PER_SECOND = 20_000;
/** A consumer is started for each measure, so it is warmed up before each. */
export const KAFKA_WARM_UP_SECONDS = 5;
/** Share of the records that the warm-up may take at most. */
export const KAFKA_WARM_UP_SHARE = 0.45;

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

import { Option } from 'commander';
import { duration } from '../argument-parsers.js';

/** Goes on from "No transaction was decided" and the like. */
export const NO_CONSUMER = ': is a consumer running? npm run start:consumer';

/** Longer than a group takes to give the partitions of a consumer that died to others. */
const WAIT_MS = 20_000;

/** Of the commands that send to Kafka. */
export const waitOption = (): Option =>
  new Option(
    '--wait <time>',
    'with --to kafka: after so long without any progress, what has no decision counts as undecided',
  )
    .argParser(duration)
    .default(WAIT_MS, '20s');

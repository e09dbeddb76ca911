import type { Config } from '@fraud/platform';
import { Exchange, type Answer as KafkaAnswer } from '../kafka/exchange.js';
import { NO_CONSUMER } from '../kafka/wait-option.js';
import { whole } from '../report/table.js';
import type { Answer } from './decision-client.js';
import type { LoadTarget } from './load-target.js';

/** A topic holds what its consumer is behind with; here it is memory, about a kilobyte for each. */
const MOST_UNDER_WAY = 200_000;
/** Flat out: as many as keep the batches of several consumers full. */
const FLAT_OUT = 20_000;

/**
 * The topics of Kafka, with a consumer behind them.
 * @throws UserError where brokers or topics are not there
 */
export async function kafkaTarget(config: Config, patienceMs: number): Promise<LoadTarget> {
  const exchange = await Exchange.open(config, patienceMs);
  return {
    words: {
      latency: 'Delay, from the moment each was due to its decision on the topic',
      shed: `Not sent because ${whole(MOST_UNDER_WAY)} had no decision yet`,
      hint: NO_CONSUMER,
    },
    mostUnderWay: MOST_UNDER_WAY,
    workers: FLAT_OUT,
    decide: async (transaction) => toAnswer(await exchange.decide(transaction)),
    status: () => `  waiting ${whole(exchange.underWay)}`,
    hurry: () => exchange.hurry(),
    close: () => exchange.close(),
  };
}

function toAnswer(answer: KafkaAnswer): Answer {
  switch (answer.kind) {
    case 'decided':
      return answer;
    case 'dead_letter':
      return { kind: 'failed', code: `dead letter: ${answer.code}`, problem: null };
    case 'not_sent':
      return { kind: 'failed', code: `not sent: ${answer.code}`, problem: null, unanswered: true };
    case 'undecided':
      return { kind: 'failed', code: 'undecided', problem: null, unanswered: true };
  }
}

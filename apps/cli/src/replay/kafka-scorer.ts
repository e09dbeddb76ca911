import type { Config } from '@fraud/platform';
import { type Answer, Exchange } from '../kafka/exchange.js';
import { NO_CONSUMER } from '../kafka/wait-option.js';
import { Latency } from '../quality/latency.js';
import { latencyTable } from '../report/latency-table.js';
import { whole } from '../report/table.js';
import type { Scorer, Verdict } from './scorer.js';

/**
 * The consumer behind the topics. Batches here only go out together: how many it takes at once is its own affair.
 * @throws UserError where brokers or topics are not there
 */
export async function kafkaScorer(config: Config, patienceMs: number): Promise<Scorer> {
  const exchange = await Exchange.open(config, patienceMs);
  const delay = new Latency();
  let replayed = 0;
  const note = (answer: Answer): Verdict => {
    if (answer.kind === 'decided') {
      delay.record(answer.delayMs);
      if (answer.replayed) replayed++;
      return { decision: answer.decision };
    }
    return { refused: answer.kind === 'undecided' ? 'undecided' : answer.code };
  };
  return {
    score: async (bodies) => (await Promise.all(bodies.map((body) => exchange.decide(body)))).map(note),
    over: () => exchange.gaveUp,
    findings: () => [
      latencyTable('Delay, from sending to the decision on the topic', delay),
      ...(replayed > 0
        ? [`${whole(replayed)} answers were stored decisions: these ids were decided before`]
        : []),
      ...(exchange.gaveUp ? [`The replay ended early, since nothing came any more${NO_CONSUMER}`] : []),
    ],
    hurry: () => exchange.hurry(),
    close: () => exchange.close(),
  };
}

import type { LabelledTransaction } from '../labelled-transaction.js';
import { TimeHeap } from '../order/time-heap.js';
import type { CampaignStream } from './campaign-stream.js';
import { CardStream } from './card-stream.js';
import { subscribe } from './day-plan.js';
import { resolveOptions, type SimulationOptions } from './options.js';
import { toTransaction } from './purchase.js';
import { scheduleCampaigns } from './schedule.js';
import { createWorld } from './world.js';

const GENUINE = Object.freeze({ fraud: false, scenario: null });

/**
 * Card traffic of a made-up population in order of event time, with exact labels. Lazy: memory grows with cards and
 * merchants, not with transactions. Equal options give equal output (on one version of V8, whose `Math` is portable).
 *
 * @example
 * for (const { transaction, label } of simulate({ seed: 7, cards: 100, days: 10 })) …
 * @throws RangeError on impossible options
 */
export function* simulate(options: SimulationOptions = {}): Generator<LabelledTransaction, void> {
  const simulation = resolveOptions(options);
  const world = createWorld(simulation);
  const heap = new TimeHeap<CardStream | CampaignStream>();
  for (const holder of world.holders) {
    subscribe(world, holder);
    const stream = new CardStream(world, holder, holder.index);
    if (stream.advance()) heap.push(stream);
  }
  for (const stream of scheduleCampaigns(world, world.holders.length)) heap.push(stream);
  let number = 0;
  for (let stream = heap.peek(); stream !== undefined; stream = heap.peek()) {
    const { purchase, scenario } = stream;
    if (purchase !== null && stream.settle(purchase)) {
      number++;
      const id = `sim-${simulation.tag}-${number.toString().padStart(7, '0')}`;
      const label = scenario === null ? GENUINE : { fraud: true, scenario };
      yield { transaction: toTransaction(id, purchase), label };
    }
    if (stream.advance()) heap.delayTop();
    else heap.pop();
  }
}

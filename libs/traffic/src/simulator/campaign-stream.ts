import type { Campaign, FraudScenario, Step } from '../fraud/scenario.js';
import type { Timed } from '../order/time-heap.js';
import type { Purchase } from './purchase.js';

/** The purchases of one fraud campaign; null purchases are moments at which it only looks around. */
export class CampaignStream implements Timed {
  at: number;
  purchase: Purchase | null = null;
  readonly scenario: string;
  private readonly steps: Iterator<Step, void>;

  constructor(
    scenario: FraudScenario,
    private readonly campaign: Campaign,
    readonly order: number,
  ) {
    this.scenario = scenario.name;
    this.at = campaign.startMs;
    this.steps = scenario.run(campaign);
  }

  /** Moves to the next step; false when the campaign or the period is over. */
  advance(): boolean {
    const step = this.steps.next();
    if (step.done === true || step.value.at >= this.campaign.world.simulation.endMs) return false;
    const { at, purchase } = step.value;
    this.at = purchase?.at ?? at;
    this.purchase = purchase;
    return true;
  }

  /** Whether it takes place: a card that was replaced meanwhile no longer works. */
  settle(purchase: Purchase): boolean {
    return purchase.cardId === purchase.holder.cardId && this.at >= purchase.holder.blockedUntilMs;
  }
}

import type { FraudScenario } from '../fraud/scenario.js';
import { SCENARIOS } from '../fraud/scenarios.js';
import { CampaignStream } from './campaign-stream.js';
import { DAY_MS, TRANSACTIONS_PER_CARD_DAY } from './options.js';
import { Random } from './random.js';
import type { World } from './world.js';

/**
 * The fraud campaigns of a period. They are spread evenly with jitter, not drawn at random, so that a short run
 * also shows every scenario; the first days stay quiet because no card has a history
 * to differ from then.
 */
export function* scheduleCampaigns(world: World, firstOrder: number): Generator<CampaignStream, void> {
  const { simulation } = world;
  const { seed, startMs, endMs, days, fraud } = simulation;
  const quietMs = Math.min(10, days * 0.3) * DAY_MS;
  const transactions = world.holders.length * days * TRANSACTIONS_PER_CARD_DAY;
  let order = firstOrder;
  for (const [kind, scenario] of SCENARIOS.entries()) {
    const random = new Random(seed, 3, kind);
    const campaigns = campaignCount(scenario, transactions * fraud);
    const wholeMs = endMs - startMs - quietMs;
    const spanMs = wholeMs - Math.min((scenario.leadDays ?? 0) * DAY_MS, wholeMs / 2);
    for (let n = 0; n < campaigns; n++) {
      const at = startMs + quietMs + ((n + random.between(0.1, 0.8)) / campaigns) * spanMs;
      const own = new Random(seed, 4, kind, n);
      const campaign = { world, random: own, startMs: Math.floor(at / 1000) * 1000, skill: own.unit() ** 5 };
      yield new CampaignStream(scenario, campaign, order++);
    }
  }
}

/** A whole number; one already where a quarter is expected, so that a demonstration has something of everything. */
function campaignCount(scenario: FraudScenario, frauds: number): number {
  const expected = (frauds * scenario.share) / scenario.size;
  return expected >= 0.25 ? Math.max(1, Math.round(expected)) : 0;
}

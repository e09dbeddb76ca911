import type { Cardholder } from '../simulator/cardholder.js';
import { DESTINATIONS, kilometres } from '../simulator/cities.js';
import { habitualEuros, popular } from '../simulator/habits.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../simulator/options.js';
import { inStore } from '../simulator/purchase.js';
import { bySkill, type Campaign, chooseVictim, type FraudScenario, release, type Step } from './scenario.js';

/**
 * A clone is used far away soon after the holder used the card at home.
 * Looks like: a flight, a family member with the same card, a shop that reports its head office. Experts wait.
 */
export const impossibleTravel: FraudScenario = {
  name: 'impossible_travel',
  share: 0.1,
  size: 3.8,
  *run(campaign: Campaign): Generator<Step, void> {
    const { world, random, startMs, skill } = campaign;
    yield { at: startMs, purchase: null };
    const victim = chooseVictim(campaign, startMs);
    if (victim === null) return;
    const seenAt = yield* waitForUse(victim, startMs);
    const from = victim.lastSeen?.merchant.city;
    if (seenAt === null || from === undefined) {
      victim.attackedUntilMs = startMs;
      return;
    }
    const far = [...world.homes, ...DESTINATIONS].filter((city) => kilometres(from, city) > 500);
    const city = random.pick(far);
    let at = seenAt + bySkill(skill, random.between(0.2, 3), random.between(1.5, 9)) * HOUR_MS;
    for (let n = random.integer(3, 6); n > 0; n--) {
      const group = world.market.localGroup(city, random.weighted(victim.travelTastes));
      if (group === undefined) continue;
      const shop = popular(group, random);
      const raise = bySkill(skill, random.between(3, 8), random.between(1, 2));
      yield { at, purchase: inStore(victim, shop, at, habitualEuros(victim, shop, random) * raise, random) };
      at += (5 + random.exponential(bySkill(skill, 30, 150))) * MINUTE_MS;
    }
    release(campaign, victim, at);
  },
};

/** Looks in every ten minutes until the holder has just used the card in a shop; null after five days in vain. */
function* waitForUse(victim: Cardholder, startMs: number): Generator<Step, number | null> {
  for (let at = startMs; at < startMs + 5 * DAY_MS; at += 10 * MINUTE_MS) {
    yield { at, purchase: null };
    if (victim.lastSeen !== null && victim.lastSeen.at > at - 15 * MINUTE_MS) return at;
  }
  return null;
}

import type { Cardholder } from '../simulator/cardholder.js';
import { categoryIndex } from '../simulator/categories.js';
import { habitualEuros, habitualTime, popular } from '../simulator/habits.js';
import { deviceToken, publicAddress } from '../simulator/network.js';
import { DAY_MS } from '../simulator/options.js';
import { inStore, online, type Purchase } from '../simulator/purchase.js';
import { bySkill, type Campaign, claim, type FraudScenario, play, release, type Step } from './scenario.js';

const RESOLD = ['5732', '5651', '5311', '5200'].map(categoryIndex);
const MOST_SKIMMING_DAYS = 8;
const SKIMMED = ['5411', '5812', '5814', '5541', '6011'].map(categoryIndex);

/**
 * A terminal copies every card for some days; the clones are used elsewhere, once or twice a day, at raised amounts.
 * Looks like: a day out, a companion in another city. Experts use them in the holder's own city.
 */
export const compromisedMerchant: FraudScenario = {
  name: 'compromised_merchant',
  share: 0.26,
  leadDays: 8,
  size: 34,
  *run(campaign: Campaign): Generator<Step, void> {
    const { world, random, startMs } = campaign;
    yield { at: startMs, purchase: null };
    const group = world.market.localGroup(random.pick(world.holders).home, random.pick(SKIMMED));
    if (group === undefined) return;
    const skimmed = popular(group, random);
    const seen = new Set<Cardholder>();
    world.skimmers.set(skimmed, seen);
    const wanted = random.integer(3, 7);
    let endMs = startMs + random.between(1, 4) * DAY_MS;
    yield { at: endMs, purchase: null };
    // A quiet shop takes longer to give enough cards.
    while (seen.size < wanted && endMs < startMs + MOST_SKIMMING_DAYS * DAY_MS) {
      endMs += DAY_MS;
      yield { at: endMs, purchase: null };
    }
    world.skimmers.delete(skimmed);
    const useMs = endMs + random.between(0.5, 3) * DAY_MS;
    yield { at: useMs, purchase: null };
    const victims: Cardholder[] = [];
    for (const holder of seen) if (victims.length < wanted && claim(holder, useMs)) victims.push(holder);
    const plan = victims.flatMap((victim) => clone(campaign, victim, useMs));
    yield* play(plan);
    const last = Math.max(useMs, ...plan.map((p) => p.at));
    for (const victim of victims) release(campaign, victim, last);
  },
};

/** The purchases made with one cloned card over some days. */
function clone(campaign: Campaign, victim: Cardholder, fromMs: number): Purchase[] {
  const { world, random, skill } = campaign;
  const city = random.unit() < 0.05 + 0.6 * skill ? victim.home : random.pick(world.homes);
  const device = deviceToken(random);
  const ip = publicAddress(random);
  const plan: Purchase[] = [];
  const days = random.integer(1, 5);
  for (let day = 0; day < days; day++) {
    for (let n = random.poisson(bySkill(skill, 3.6, 1)); n > 0; n--) {
      const category =
        random.unit() < 0.4 + 0.6 * skill ? random.weighted(victim.tastes) : random.pick(RESOLD);
      const raise = bySkill(skill, random.between(2.5, 7), random.between(1, 2.2));
      const isOnline = random.chance(0.25);
      const midnight = Math.floor(fromMs / DAY_MS + day + 1) * DAY_MS;
      const at = habitualTime(victim, midnight, city.offsetMinutes, category, isOnline, random);
      const group = isOnline ? world.market.onlineGroup(category) : world.market.localGroup(city, category);
      if (group === undefined) continue;
      const shop = popular(group, random);
      const euros = habitualEuros(victim, shop, random) * raise;
      plan.push(
        isOnline
          ? online(victim, shop, at, euros, { device, ip, offsetMinutes: city.offsetMinutes }, random)
          : inStore(victim, shop, at, euros, random),
      );
    }
  }
  return plan;
}

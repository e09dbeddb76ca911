import { CATEGORIES, categoryIndex } from '../simulator/categories.js';
import { habitualEuros, popular } from '../simulator/habits.js';
import { deviceToken, publicAddress } from '../simulator/network.js';
import { HOUR_MS, MINUTE_MS } from '../simulator/options.js';
import { online, type Purchase } from '../simulator/purchase.js';
import {
  bySkill,
  type Campaign,
  chooseVictim,
  type FraudScenario,
  play,
  release,
  type Step,
} from './scenario.js';

const SMALL = ['5816', '5999', '5942'].map(categoryIndex);
const CASH_OUT = ['5999', '5732', '5816', '4722'].map(categoryIndex);

/**
 * Stolen numbers are tried with small amounts at one or a few online sellers; those that work are emptied.
 * Looks like: genuine rows of in-app payments. Experts try once or twice, hours apart.
 */
export const cardTesting: FraudScenario = {
  name: 'card_testing',
  share: 0.24,
  size: 18,
  *run(campaign: Campaign): Generator<Step, void> {
    const { world, random, startMs, skill } = campaign;
    yield { at: startMs, purchase: null };
    const buyer = { device: deviceToken(random), ip: publicAddress(random), offsetMinutes: 60 };
    const shops = Array.from({ length: random.integer(1, 3) }, () =>
      popular(world.market.onlineGroup(random.pick(SMALL))!, random),
    );
    const victims = Array.from({ length: random.integer(1, 4) }, () => chooseVictim(campaign, startMs));
    const plan: Purchase[] = [];
    let at = startMs;
    for (const victim of victims) {
      if (victim === null) continue;
      const tests = Math.max(1, Math.round(bySkill(skill, random.between(5, 11), random.between(1, 3))));
      for (let n = 0; n < tests; n++) {
        at += random.exponential(bySkill(skill, 1, 60)) * MINUTE_MS + 15_000;
        plan.push(online(victim, random.pick(shops), at, random.logNormal(5, 0.8), buyer, random));
      }
      const shop = popular(world.market.onlineGroup(random.pick(CASH_OUT))!, random);
      const raise = bySkill(skill, random.between(2.5, 7), random.between(0.9, 2));
      const floor = CATEGORIES[shop.category]!.median;
      const euros = Math.max(habitualEuros(victim, shop, random), skill < 0.5 ? floor * 1.5 : 0) * raise;
      plan.push(online(victim, shop, at + random.between(0.1, 12) * HOUR_MS, euros, buyer, random));
    }
    yield* play(plan);
    for (const victim of victims) if (victim !== null) release(campaign, victim, at + 12 * HOUR_MS);
  },
};

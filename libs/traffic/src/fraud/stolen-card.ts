import { categoryIndex, CASH_MACHINE } from '../simulator/categories.js';
import { habitualEuros, habitualTime, popular } from '../simulator/habits.js';
import { DAY_MS, MINUTE_MS } from '../simulator/options.js';
import { inStore } from '../simulator/purchase.js';
import { cityAt } from '../simulator/travel.js';
import { bySkill, type Campaign, chooseVictim, type FraudScenario, release, type Step } from './scenario.js';

const RESOLD = ['5732', '5944', '5651', '5311'].map(categoryIndex);

/**
 * A wallet is stolen and the card used in shops and at cash machines nearby until the holder notices.
 * Looks like: a shopping afternoon, a big purchase. Experts stay with what the holder buys, for a day or two.
 */
export const stolenCard: FraudScenario = {
  name: 'stolen_card',
  share: 0.22,
  size: 5.2,
  *run(campaign: Campaign): Generator<Step, void> {
    const { world, random, startMs, skill } = campaign;
    yield { at: startMs, purchase: null };
    const victim = chooseVictim(campaign, startMs);
    if (victim === null) return;
    const city = cityAt(victim, startMs) ?? victim.home;
    const day = Math.floor(startMs / DAY_MS) * DAY_MS;
    let at = habitualTime(victim, day, city.offsetMinutes, random.pick(RESOLD), false, random);
    if (at < startMs) at += DAY_MS;
    for (let n = random.integer(3, Math.round(bySkill(skill, 9, 6))); n > 0; n--) {
      const habitual = random.unit() < 0.15 + 0.7 * skill;
      const category = habitual
        ? random.weighted(victim.tastes)
        : random.chance(0.35)
          ? CASH_MACHINE
          : random.pick(RESOLD);
      const group = world.market.localGroup(city, category);
      if (group === undefined) continue;
      const shop = popular(group, random);
      const euros =
        habitualEuros(victim, shop, random) * bySkill(skill, random.between(2.5, 7), random.between(1, 2.2));
      yield { at, purchase: inStore(victim, shop, at, euros, random) };
      at += (3 + random.exponential(bySkill(skill, 18, 240))) * MINUTE_MS;
    }
    release(campaign, victim, at);
  },
};

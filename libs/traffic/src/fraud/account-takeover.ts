import { categoryIndex } from '../simulator/categories.js';
import { habitualEuros, habitualTime, popular } from '../simulator/habits.js';
import { deviceToken, publicAddress } from '../simulator/network.js';
import { DAY_MS, MINUTE_MS } from '../simulator/options.js';
import { online } from '../simulator/purchase.js';
import { bySkill, type Campaign, chooseVictim, type FraudScenario, release, type Step } from './scenario.js';

const LIQUID = ['5999', '5732', '5816', '4722', '5651'].map(categoryIndex);

/**
 * Somebody else logs in: a new device and address, online purchases somewhat above habit, over hours.
 * Looks like: a new phone, a holiday network, a splurge. Experts work through the holder's own machine.
 */
export const accountTakeover: FraudScenario = {
  name: 'account_takeover',
  share: 0.18,
  size: 5,
  *run(campaign: Campaign): Generator<Step, void> {
    const { world, random, startMs, skill } = campaign;
    yield { at: startMs, purchase: null };
    const victim = chooseVictim(campaign, startMs);
    if (victim === null) return;
    const { offsetMinutes } = victim.home;
    const remote = random.unit() < 0.35 * skill;
    const buyer = {
      device: remote ? victim.devices[0]! : deviceToken(random),
      ip: remote ? victim.homeIp : random.chance(0.3) ? victim.carrierIp : publicAddress(random),
      offsetMinutes,
    };
    let at = startMs;
    if (random.unit() < skill + 0.2) {
      const day = Math.floor(startMs / DAY_MS) * DAY_MS;
      at = habitualTime(victim, day, offsetMinutes, LIQUID[0]!, true, random);
      if (at < startMs) at += DAY_MS;
    }
    for (let n = random.integer(3, 7); n > 0; n--) {
      const category =
        random.unit() < 0.1 + 0.7 * skill ? random.weighted(victim.tastes) : random.pick(LIQUID);
      const group = world.market.onlineGroup(category) ?? world.market.onlineGroup(LIQUID[0]!)!;
      const shop = popular(group, random);
      const raise = bySkill(skill, random.between(3, 8), random.between(1, 2.2));
      yield {
        at,
        purchase: online(victim, shop, at, habitualEuros(victim, shop, random) * raise, buyer, random),
      };
      at += (2 + random.exponential(bySkill(skill, 25, 200))) * MINUTE_MS;
    }
    release(campaign, victim, at);
  },
};

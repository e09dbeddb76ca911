import { setTimeout as sleep } from 'node:timers/promises';
import type { Decision } from '@fraud/contract';
import { until } from '../until.js';
import { sendGigabyte } from './gigabyte.js';
import { REFERENCE_ROWS, type Installation } from './installation.js';

/** Something that happens to an installation, and how that is over. */
interface Stimulus {
  /** Whether what came before it moves the same. */
  readonly afterCalm?: true;
  begin(installation: Installation): Promise<unknown>;
  end?(installation: Installation): Promise<unknown>;
}

/** Longer than some scrapes. */
const ERASING_MS = 4000;

/** What became known of 100 decisions: frauds that were let through and stopped, legitimate ones that were stopped and let through. */
export const KNOWN = { missed: 10, caught: 30, stopped: 12, right: 48 };
/** Minor units of each of them. */
export const AMOUNT = 1000;

const labelsOf = (decisions: readonly Decision[], label: string, count: number) =>
  decisions.slice(0, count).map(({ transaction_id }) => ({
    transaction_id,
    label,
    source: 'chargeback',
    labelled_at: new Date().toISOString(),
  }));

/** Asks for erasures, one behind the other. */
async function eraseFor(ms: number, one: Installation): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end;) {
    await one.post('api', '/v1/erasures', { card_id: 'nobody', reason: 'trial' });
    await sleep(20);
  }
}

async function bringRedisBack({ redis, prometheus }: Installation): Promise<void> {
  redis.heal();
  await until(async () => (await prometheus.query('min(fraud_redis_up)'))[0]?.value === 1);
}

/** In the order in which they come. */
export const STIMULI = {
  'traffic comes': {
    begin: async (one) => {
      one.flow();
      await one.decide(one.traffic.next(REFERENCE_ROWS));
    },
  },
  'amounts are a hundred times as high': {
    begin: (one) => one.decide(one.traffic.next(REFERENCE_ROWS, ({ amount }) => ({ amount: amount * 100 }))),
  },
  'a merchant category comes that nobody knows': {
    begin: (one) => one.decide(one.traffic.next(400, () => ({ merchant_category: '0000' }))),
  },
  'Redis is slow': {
    afterCalm: true,
    begin: (one) => {
      one.redis.delay(60);
      // Decisions go one turn after the other; erasures go beside them, and each other.
      for (let i = 0; i < 6; i++) one.aside(eraseFor(ERASING_MS, one));
      return Promise.resolve();
    },
    end: (one) => Promise.resolve(one.redis.heal()),
  },
  'callers send what is not valid, and what they have sent before': {
    begin: async (one) => {
      const [first] = one.traffic.next(1);
      for (let i = 0; i < 50; i++) {
        await one.post('api', '/v1/decisions', { amount: 'many' });
        await one.decide([first!]);
      }
    },
  },
  'a card pays all the time': {
    begin: (one) => one.decide(one.traffic.next(400, () => ({ card_id: 'busy', device_id: 'busy' }))),
  },
  'messages come that nobody can read': {
    begin: (one) => one.send(Array.from({ length: 5 }, () => ({ key: 'x', value: '{' }))),
  },
  'a second consumer starts': {
    begin: (one) => one.run('second'),
    end: (one) => one.end('second'),
  },
  'Redis is away': {
    begin: (one) => Promise.resolve(one.redis.cut()),
    end: bringRedisBack,
  },
  'the records database is away, and the spool is full': {
    begin: async (one) => {
      one.postgres.cut();
      await one.produce(3000);
      await one.decide(one.traffic.next(1000));
    },
    end: async (one) => {
      one.postgres.heal();
      await until(async () => (await one.kafka.lag()) < 100);
      await until(async () => (await one.decide(one.traffic.next(1))).length === 1);
    },
  },
  'the records database is slow': {
    begin: (one) => Promise.resolve(one.postgres.delay(100)),
    end: (one) => Promise.resolve(one.postgres.heal()),
  },
  'an administrator begins a bypass': {
    begin: (one) => one.post('api', '/v1/bypass', { reason: 'trial', author: 'diana' }),
    end: (one) => one.post('api', '/v1/bypass/end', { author: 'diana' }),
  },
  'labels come': {
    begin: async (one) => {
      const some = () => one.traffic.next(100, () => ({ amount: AMOUNT, currency: 'EUR' }));
      const letThrough = (await one.decide(some())).filter(({ decision }) => decision === 'approve');
      await one.policy({ step_up: 0 });
      await until(async () =>
        (await one.decide(one.traffic.next(20))).every(({ decision }) => decision !== 'approve'),
      );
      const stopped = (await one.decide(some())).filter(({ decision }) => decision === 'step_up');
      await one.policy({});
      await one.post('api', '/v1/labels', {
        labels: [
          ...labelsOf(letThrough, 'fraud', KNOWN.missed),
          ...labelsOf(stopped, 'fraud', KNOWN.caught),
          ...labelsOf(stopped.toReversed(), 'legitimate', KNOWN.stopped),
          ...labelsOf(letThrough.toReversed(), 'legitimate', KNOWN.right),
        ],
      });
    },
  },
  'a policy reviews everything': { begin: (one) => one.policy({ step_up: 0, review: 0 }) },
  'a policy declines everything': {
    begin: (one) => one.policy({ step_up: 0, review: 0, decline: 0 }),
    end: (one) => one.policy({}),
  },
  'a policy is not valid': {
    begin: (one) => one.policy(null),
    end: (one) => one.policy({}),
  },
  'a rule hits everything': {
    begin: (one) =>
      one.rules(
        "rules: [{ id: all, when: 'transaction.amount >= 0', action: step_up, reason: all, sentence: All, mode: live }]",
      ),
  },
  'rules are not valid': {
    begin: (one) => one.rules("rules: [{ id: all, when: 'transaction.amuont >= 0' }]"),
    end: (one) => one.rules('rules: []'),
  },
  'a model is chosen, and one is refused': {
    begin: async (one) => {
      await one.post('api', '/v1/models/activate', { version: 'v2' });
      await one.post('api', '/v1/models/activate', { version: 'broken' });
    },
  },
  'a rollout goes wrong beside a shadow': {
    begin: async (one) => {
      await one.run('rollout');
      await until(async () => (await one.prometheus.query('up{instance="rollout"}'))[0]?.value === 1);
      await one.decide(one.traffic.next(1000), 'rollout');
    },
    end: (one) => one.end('rollout'),
  },
  'more comes than can be decided': {
    begin: (one) =>
      until(async () => {
        await Promise.all(Array.from({ length: 40 }, () => one.decide(one.traffic.next(500), 'crowded')));
        return (await one.prometheus.query('fraud_overload_refused_total > 0')).length > 0;
      }),
  },
  'a gigabyte goes over the network': { begin: () => sendGigabyte() },
  'Redis hangs': {
    begin: (one) => Promise.resolve(one.redis.hang()),
    end: bringRedisBack,
  },
} as const satisfies Record<string, Stimulus>;

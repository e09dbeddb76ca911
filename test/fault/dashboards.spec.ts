import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { debianProgram, INSTALL_MS } from '../support/debian-program.js';
import { Installation } from '../support/dashboards/installation.js';
import {
  appears,
  changes,
  comesTo,
  falls,
  grows,
  rises,
  stays,
  type Move,
} from '../support/dashboards/moves.js';
import {
  RATE_INTERVAL_MS,
  shownBy,
  shownPanels,
  type Shown,
  type ShownPanel,
} from '../support/dashboards/panels.js';
import { AMOUNT, KNOWN, STIMULI } from '../support/dashboards/stimuli.js';

/** So long a panel may take to show what happened: several scrapes, and the interval of a rate. */
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 500;

const TRAFFIC = 'traffic comes';
const MISUSE = 'callers send what is not valid, and what they have sent before';
const AMOUNTS = 'amounts are a hundred times as high';
const UNKNOWN = 'a merchant category comes that nobody knows';
const SLOW = 'Redis is slow';
const HANGS = 'Redis hangs';
const AWAY = 'Redis is away';
const FULL = 'the records database is away, and the spool is full';
const BYPASS = 'an administrator begins a bypass';
const LABELS = 'labels come';
const SECOND = 'a second consumer starts';
const REVIEW = 'a policy reviews everything';
const INVALID = 'a policy is not valid';
const DECLINE = 'a policy declines everything';
const RULE = 'a rule hits everything';
const BAD_RULES = 'rules are not valid';
const MODELS = 'a model is chosen, and one is refused';
const ROLLOUT = 'a rollout goes wrong beside a shadow';
const CROWDED = 'more comes than can be decided';
const known = KNOWN;

/** What each panel is there to show: each of its queries, or one after the other. */
const MOVES: Readonly<Record<string, Readonly<Record<string, Move | readonly Move[]>>>> = {
  'API Performance': {
    Requests: rises(TRAFFIC, 'status=2xx'),
    Decisions: rises(TRAFFIC, 'job=fraud-detection-consumer'),
    Repeats: rises(MISUSE),
    'Latency of a decision': rises(SLOW),
    'Latency of a batch': appears(TRAFFIC),
    'Slower than 20 ms': rises(SLOW),
    'Latency by stage (p99)': rises(SLOW, 'stage=state'),
    'Transactions a turn': appears(TRAFFIC),
    'Failed or refused unread': rises(FULL),
    'Errors by code': rises(MISUSE, 'code=invalid_transaction'),
    'Degraded decisions': rises(AWAY, 'cause=features_unavailable'),
    'Under way': [rises(SLOW), stays(SLOW)],
    'Refused unread': rises(CROWDED, 'instance=crowded'),
  },
  'Model Performance': {
    Scores: rises(TRAFFIC, 'le=+Inf'),
    'Quantiles of the score': appears(TRAFFIC),
    Outcomes: rises(REVIEW, 'decision=review'),
    'What decided': rises(BYPASS, 'source=bypass'),
    'Decided without a score': rises(BYPASS),
    'Drift of the day': rises(AMOUNTS, 'feature=amount'),
    'Features that drift': rises(AMOUNTS),
    'Drift of the hour, and its threshold': [rises(AMOUNTS), stays(AMOUNTS)],
    'Bins of $feature': [appears(TRAFFIC, 'bin=1'), stays(TRAFFIC)],
    'Not as in training': rises(UNKNOWN, 'feature=merchant_category bin=unseen'),
    'Rows that are watched': [rises(TRAFFIC), rises(TRAFFIC), stays(TRAFFIC)],
    'Models that score': appears(MODELS, 'version=v2'),
    'Loads of models': rises(MODELS, 'result=contributions_mismatch'),
    'Rollout: share of each outcome': appears(ROLLOUT, 'arm=candidate decision=decline'),
    'Rollouts that ended by themselves': rises(ROLLOUT),
    'Shadow: what it would have decided': rises(ROLLOUT, 'shadow=approve'),
    'Shadow: distance of the scores': appears(ROLLOUT),
  },
  Infrastructure: {
    Instances: rises(SECOND, 'instance=second'),
    CPU: rises(CROWDED, 'instance=crowded'),
    Memory: grows(CROWDED, 'instance=crowded'),
    Network: rises('a gigabyte goes over the network'),
    'Open sockets': rises(TRAFFIC, 'instance=api'),
    'Event loop and garbage collection': rises(CROWDED, 'instance=crowded'),
    'Nobody waits for': rises(AWAY, 'dependency=feature_store'),
    Redis: falls(AWAY, 'instance=api'),
    'Latency of Redis': rises(SLOW),
    'Failures of Redis': rises(HANGS, 'failure=timeout'),
    'Pool of connections': [rises(SLOW), rises(SLOW), stays(SLOW), rises(SLOW)],
    'Histories behind': rises(AWAY),
    'Transactions that histories wait for': rises(AWAY),
    'Consumer lag': rises(FULL),
    'Partitions that are held': rises(FULL, 'reason=records_unavailable'),
    Messages: rises(TRAFFIC, 'result=decided'),
    'Dead letters': rises('messages come that nobody can read'),
    'From message to decision': appears(TRAFFIC),
    'Time of a batch': appears(TRAFFIC),
    'Messages a batch': appears(TRAFFIC),
    'Assigned partitions': appears(SECOND, 'instance=second'),
    Rebalances: rises(SECOND),
    'Records database': falls(FULL, 'instance=api'),
    Spool: rises(FULL),
    Recorded: rises(TRAFFIC, 'result=decision'),
    'Time of a write': rises('the records database is slow'),
  },
  'Business Metrics': {
    'Fraud rate': rises(LABELS),
    'Fraud that was caught': comesTo(known.caught / (known.caught + known.missed), LABELS),
    'Money of known frauds': [comesTo(known.caught * AMOUNT, LABELS), comesTo(known.missed * AMOUNT, LABELS)],
    'False-positive rate': comesTo(known.stopped / (known.stopped + known.right), LABELS),
    'Stopped for nothing': comesTo(known.stopped / (known.stopped + known.caught), LABELS),
    'False positives by outcome': comesTo(known.stopped, LABELS, 'decision=step_up'),
    Labels: rises(LABELS, 'label=fraud'),
    Declined: rises(DECLINE),
    'Review and step-up': rises(REVIEW, 'decision=review'),
    'Reviews an hour': rises(REVIEW),
    'Degraded answers': rises(AWAY),
    Bypass: rises(BYPASS),
    'Money that a bypass let through': rises(BYPASS),
    'Histories that are cut': rises('a card pays all the time', 'entity=card'),
    Guard: rises(BYPASS, 'side=unscored'),
    'What the guard sees': [rises(BYPASS, 'side=unscored'), stays(BYPASS)],
    'Policies in force': changes(REVIEW),
    'Policies that were read': [rises(INVALID, 'result=refused'), rises(INVALID)],
    'Rules that hit': rises(RULE, 'rule=all'),
    'Rules in force': changes(RULE),
    'Rules that were read': [rises(BAD_RULES, 'result=refused'), rises(BAD_RULES)],
  },
};

let installation: Installation;
let panels: readonly ShownPanel[];
beforeAll(async () => {
  await debianProgram('prometheus');
  panels = await shownPanels();
  installation = await Installation.start();
  return () => installation.stop();
}, INSTALL_MS);

/** A query of a panel, and what it is there to show. */
interface Watched {
  readonly name: string;
  readonly query: string;
  readonly move: Move;
}

const watched = (): readonly Watched[] =>
  panels.flatMap(({ dashboard, title, queries }) => {
    const moves = MOVES[dashboard]?.[title] ?? [];
    return queries.map((query, i) => {
      const move = 'when' in moves ? moves : moves[i];
      if (move === undefined) throw new Error(`Nothing moves ${query} of ${dashboard}: ${title}`);
      return { name: `${dashboard}: ${title}`, query, move };
    });
  });

const askAll = (some: readonly Watched[]): Promise<readonly Shown[]> =>
  Promise.all(some.map(({ query }) => shownBy(installation.prometheus, query)));

interface Seen extends Watched {
  readonly before: Shown;
  readonly after: Shown;
}

/** Whether a query shows numbers, and what it is there to show. */
const hasMoved = ({ move, before, after }: Seen): boolean => after.size > 0 && move.seen(after, before);

function inWords({ name, query, move, before, after }: Seen): string {
  const [was, is] = [before, after].map(
    (shown) => [...shown].map(([labels, value]) => `{${labels}} ${value}`).join(', ') || 'nothing',
  );
  return `${name}: ${move.how}? ${was} → ${is} (${query})`;
}

it('every query of every panel has something that it is there to show, and nothing is left of a panel that is gone', () => {
  const names = Object.entries(MOVES).flatMap(([dashboard, some]) =>
    Object.keys(some).map((title) => `${dashboard}: ${title}`),
  );
  const shown = watched();
  expect(new Set(names)).toEqual(new Set(shown.map(({ name }) => name)));
  expect(shown.filter(({ move }) => !(move.when in STIMULI))).toEqual([]);
});

describe('its panels show it when', () => {
  it.each(Object.entries(STIMULI))(
    '%s',
    async (when, stimulus) => {
      const concerned = watched().filter(({ move }) => move.when === when);
      await sleep('afterCalm' in stimulus ? RATE_INTERVAL_MS : 0);
      const before = await askAll(concerned);
      let open = concerned.map((one, i) => ({ ...one, before: before[i]!, after: before[i]! }));
      await stimulus.begin(installation);
      // A rate is back as soon as it is over: once is enough.
      for (const until = Date.now() + PATIENCE_MS; open.length > 0 && Date.now() < until;) {
        await sleep(LOOK_EVERY_MS);
        const now = await askAll(open);
        open = open.map((one, i) => ({ ...one, after: now[i]! })).filter((one) => !hasMoved(one));
      }
      await ('end' in stimulus ? stimulus.end(installation) : undefined);
      expect(concerned.length).toBeGreaterThan(0);
      expect(open.map(inWords)).toEqual([]);
    },
    2 * PATIENCE_MS,
  );
});

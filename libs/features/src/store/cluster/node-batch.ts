/// <reference path="./cluster-key-slot.d.ts" />
import type { Cluster } from '@fraud/platform';
import calculateSlot from 'cluster-key-slot';
import { unexpected } from '../redis-turn.js';
import { isRefused, run, together } from './commands.js';
import { ALONE_SCRIPT, NODE_SCRIPT, OPERATIONS } from './node-script.js';

type Letter = (typeof OPERATIONS)[keyof typeof OPERATIONS];

interface Asked {
  readonly letter: Letter;
  readonly key: string;
  /** What the operation takes, as NODE_SCRIPT reads it. */
  readonly takes: readonly (string | number | Buffer)[];
  readonly answer: (reply: unknown) => void;
  readonly fail: (cause: unknown) => void;
}

/** The script could not have that key: it is on another node by now, or about to be. Nothing was done. */
const NOT_THERE = /^(?:ERR|CROSSSLOT|TRYAGAIN)\b/;

/**
 * What a turn wants of a cluster in one trip: each node is asked once, by one script, for all that is there. A node that cannot (slots
 * move) is asked key by key.
 */
export class NodeBatch {
  private asked: Asked[] = [];

  constructor(private readonly cluster: Cluster) {}

  /** Stores a decision where there is none. Answers what was there. */
  store(key: string, decision: Buffer, ttlS: number): Promise<unknown> {
    return this.ask(OPERATIONS.store, key, decision, ttlS);
  }

  get(key: string): Promise<unknown> {
    return this.ask(OPERATIONS.get, key);
  }

  /** Appends events to the log of a card. Answers which of them were new, and the log. */
  card(key: string, events: Buffer): Promise<unknown> {
    return this.ask(OPERATIONS.card, key, events);
  }

  /** Appends visits to the log of a device or an address. Answers the log. */
  visits(key: string, visits: Buffer, cap: number): Promise<unknown> {
    return this.ask(OPERATIONS.visits, key, visits, cap);
  }

  /** Changes a ring. Answers it. @param markers keys in its slot that say which of the changes were made; none: nobody says */
  ring(key: string, changes: Buffer, markers: readonly string[]): Promise<unknown> {
    return this.ask(OPERATIONS.ring, key, changes, markers.length, ...markers);
  }

  /** Sends what was asked for so far. */
  send(): void {
    const { asked, cluster } = this;
    this.asked = [];
    const byNode = Map.groupBy(asked, ({ key }) => cluster.slots[calculateSlot(key)]?.[0]);
    together(cluster, () => {
      for (const [node, those] of byNode) {
        if (node === undefined || those.length === 1) this.alone(those);
        else void this.atOnce(those);
      }
    });
  }

  private ask(letter: Letter, key: string, ...takes: Asked['takes']): Promise<unknown> {
    return new Promise((answer, fail) => {
      this.asked.push({ letter, key, takes, answer, fail });
    });
  }

  private async atOnce(those: readonly Asked[]): Promise<void> {
    const args: (string | number | Buffer)[] = [];
    for (const { letter, key, takes } of those) args.push(letter, key, ...takes);
    try {
      const reply = await run(this.cluster, NODE_SCRIPT, [those[0]!.key], ...args);
      if (!Array.isArray(reply) || reply.length !== those.length) throw unexpected();
      those.forEach(({ answer }, i) => {
        answer((reply as unknown[])[i]);
      });
    } catch (cause) {
      if (isRefused(cause) && NOT_THERE.test((cause as Error).message))
        together(this.cluster, () => {
          this.alone(those);
        });
      else for (const { fail } of those) fail(cause);
    }
  }

  private alone(those: readonly Asked[]): void {
    for (const one of those) this.askOne(one).then(one.answer, one.fail);
  }

  private askOne({ letter, key, takes }: Asked): Promise<unknown> {
    const { cluster } = this;
    switch (letter) {
      case OPERATIONS.get:
        return cluster.getBuffer(key);
      case OPERATIONS.store:
        return cluster.callBuffer('SET', key, takes[0]!, 'EX', takes[1]!, 'NX', 'GET');
      case OPERATIONS.ring: {
        const [changes, , ...markers] = takes;
        return run(cluster, ALONE_SCRIPT, [key, ...(markers as string[])], letter, changes!);
      }
      case OPERATIONS.card:
      case OPERATIONS.visits:
        return run(cluster, ALONE_SCRIPT, [key], letter, ...takes);
    }
  }
}

import type { OutgoingMessage } from '@fraud/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.js';

const message = (value: string): OutgoingMessage => ({ topic: 't', key: null, value });

describe('Outbox', () => {
  it('sends what is posted together in one request, in order, and the next when that is done', async () => {
    const requests: string[][] = [];
    let underWay = 0;
    const outbox = new Outbox(async (messages) => {
      expect(++underWay).toBe(1);
      requests.push(messages.map(({ value }) => String(value)));
      await sleep(5);
      underWay--;
    });
    const post = (value: string): void => {
      outbox.post(message(value), () => undefined);
    };
    ['a', 'b', 'c'].forEach(post);
    await sleep(1);
    ['d', 'e'].forEach(post);
    await sleep(20);
    post('f');
    await sleep(10);
    expect(requests).toEqual([['a', 'b', 'c'], ['d', 'e'], ['f']]);
  });

  it('tells those that a failed request held, and goes on', async () => {
    const sent: string[] = [];
    const outbox = new Outbox(async ([first]) => {
      if (first!.value === 'bad') throw new Error('refused');
      sent.push(String(first!.value));
    });
    const failures: unknown[] = [];
    outbox.post(message('bad'), (error) => failures.push(error));
    await sleep(5);
    outbox.post(message('good'), (error) => failures.push(error));
    await sleep(5);
    expect(failures).toEqual([new Error('refused')]);
    expect(sent).toEqual(['good']);
  });
});

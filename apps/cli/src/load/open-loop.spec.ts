import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runLoad } from './open-loop.js';

function* numbers(end = Infinity): Generator<number, void> {
  for (let i = 0; i < end; i++) yield i;
}
const never = new AbortController().signal;

describe('runLoad', () => {
  it('sends at the wanted rate although answers are slow, and measures from the due time', async () => {
    const due: number[] = [];
    const result = await runLoad(
      numbers(),
      async (_, dueMs) => {
        due.push(dueMs);
        await sleep(150);
      },
      { tps: 200, durationMs: 300, workers: 1, signal: never },
    );
    expect(result.sent).toBe(60);
    expect(due.every((ms, i) => i === 0 || Math.abs(ms - due[i - 1]! - 5) < 0.001)).toBe(true);
  });

  it('counts what it could not send instead of hiding it', async () => {
    // Their timers come after the last of the load's, also where the process was held up.
    const result = await runLoad(numbers(), () => sleep(400), {
      tps: 500,
      durationMs: 200,
      workers: 1,
      signal: never,
      maxUnderWay: 10,
    });
    expect(result.sent).toBe(10);
    expect(result.shed).toBe(90);
  });

  it('stops when told to and finishes what is under way', async () => {
    const controller = new AbortController();
    let finished = 0;
    const result = await runLoad(
      numbers(),
      async (i) => {
        if (i === 4) controller.abort();
        await sleep(20);
        finished++;
      },
      { tps: 1000, durationMs: 60_000, workers: 1, signal: controller.signal },
    );
    expect(finished).toBe(result.sent);
    expect(result.sent).toBeLessThan(1000);
  });

  it('says when the items ran out', async () => {
    const load = { durationMs: 5000, workers: 2, signal: never };
    expect(await runLoad(numbers(5), () => sleep(1), { ...load, tps: 0 })).toMatchObject({
      sent: 5,
      exhausted: true,
    });
    expect(await runLoad(numbers(5), () => sleep(1), { ...load, tps: 500 })).toMatchObject({
      sent: 5,
      exhausted: true,
    });
  });

  it('keeps as many under way as there are workers when it goes flat out', async () => {
    let now = 0;
    let most = 0;
    await runLoad(
      numbers(50),
      async () => {
        most = Math.max(most, ++now);
        await sleep(1);
        now--;
      },
      { tps: 0, durationMs: 5000, workers: 7, signal: never },
    );
    expect(most).toBe(7);
  });
});

import { register } from 'prom-client';
import { afterEach, expect, it } from 'vitest';
import { collectedCounter, collectedGauge } from './collected.js';

afterEach(() => {
  register.clear();
});

const shown = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name} (.*)$`, 'm').exec(await register.metrics())?.[1]);

it('a counter of what is counted elsewhere follows it, also where that begins anew: an interface that is gone', async () => {
  let bytes = 700;
  collectedCounter({ name: 'bytes_total', help: 'Bytes' }, () => bytes);
  expect(await shown('bytes_total')).toBe(700);
  bytes = 1000;
  expect(await shown('bytes_total')).toBe(1000);
  bytes = 30;
  expect(await shown('bytes_total')).toBe(30);
  bytes = 50;
  expect(await shown('bytes_total')).toBe(50);
});

it('a gauge is what it is when it is asked for', async () => {
  let depth = 3;
  collectedGauge({ name: 'depth', help: 'Depth' }, () => depth);
  expect(await shown('depth')).toBe(3);
  depth = 0;
  expect(await shown('depth')).toBe(0);
});

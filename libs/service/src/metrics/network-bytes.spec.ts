import { expect, it } from 'vitest';
import { networkBytes } from './network-bytes.js';

const TABLE = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 2699660917 2086065    0    0    0     0          0         0 2699660917 2086065    0    0    0     0       0          0
  eth0:1294158731   33235    0    0    0     0          0         0  3466153   23571    0    0    0     0       0          0
`;

it('bytes are those of all interfaces, also where a long number leaves no space behind the name', () => {
  expect(networkBytes(TABLE)).toEqual({
    received: 2_699_660_917 + 1_294_158_731,
    sent: 2_699_660_917 + 3_466_153,
  });
});

it('there are none without an interface', () => {
  expect(networkBytes(TABLE.split('\n').slice(0, 2).join('\n'))).toEqual({ received: 0, sent: 0 });
});

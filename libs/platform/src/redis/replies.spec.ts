import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyArena } from './replies.js';

/** Reads as a socket does: fills some of the room, at most all of it, with one value. */
function read(arena: ReplyArena, wanted: number, value: number): Buffer {
  const room = arena.room();
  const bytes = Math.min(wanted, room.length);
  room.fill(value, 0, bytes);
  return arena.took(bytes);
}

describe('an arena for replies', () => {
  it('overwrites nothing of what was read since the last release', () => {
    const reads = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 70_000 }), fc.integer({ min: 1, max: 2 ** 22 })),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(fc.array(reads, { maxLength: 5 }), (turns) => {
        const arena = new ReplyArena();
        let value = 0;
        for (const turn of turns) {
          arena.release();
          const parts = turn.map((bytes) => {
            value = (value + 1) % 256;
            return { part: read(arena, bytes, value), value };
          });
          for (const { part, value: written } of parts)
            expect(part.equals(Buffer.alloc(part.length, written))).toBe(true);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('reads into the same memory again once it was released', () => {
    const arena = new ReplyArena();
    const memories = new Set<ArrayBufferLike>();
    for (let turn = 0; turn < 500; turn++) {
      arena.release();
      for (let i = 0; i < 10; i++) memories.add(read(arena, 60_000, i).buffer);
    }
    expect(memories.size).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { parseS3Address } from './s3/address.js';
import { inNaturalOrder, requireVersionName } from './version-name.js';

describe('a version', () => {
  it.each(['v1.2.0', '1.2.0', '2026-11-25', 'v1.2.0-rc.1+build_7'])('can be called %s', (version) => {
    expect(() => {
      requireVersionName(version);
    }).not.toThrow();
  });

  it.each(['', '.', '..', '../v1', 'v1/', 'a/b', String.raw`a\b`, 'v1\0', ' v1', '-rf', 'x'.repeat(101)])(
    'cannot be called %j',
    (version) => {
      expect(() => {
        requireVersionName(version);
      }).toThrow('not the name of a folder');
    },
  );

  it('comes in the order of the numbers in its name', () => {
    expect(inNaturalOrder(['v1.10.0', 'v1.9.0', 'v1.9.0-rc', 'v0.20'])).toEqual([
      'v0.20',
      'v1.9.0',
      'v1.9.0-rc',
      'v1.10.0',
    ]);
  });
});

describe('parseS3Address', () => {
  it.each([
    ['s3://fraud-models', 'fraud-models', ''],
    ['s3://fraud-models/', 'fraud-models', ''],
    ['s3://fraud-models/team/fraud', 'fraud-models', 'team/fraud/'],
    ['s3://fraud-models/v1.2.0/', 'fraud-models', 'v1.2.0/'],
  ])('reads %s', (uri, bucket, prefix) => {
    expect(parseS3Address(uri)).toEqual({ bucket, prefix });
  });

  it.each(['s3://', 's3:/x', 's3://a', 's3://under_score/x'])('refuses %s', (uri) => {
    expect(() => parseS3Address(uri)).toThrow('expected s3://bucket');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../paths.mjs';
import { differenceOfAnswers, differenceOfAutoscaler } from './expected.mjs';

describe('an answer that a runbook shows', () => {
  const shown = '{"status": "healthy", "timestamp": "2024-01-15T10:30:00Z", "uptime_seconds": 86400}';

  it('is given with other values', () => {
    const given = '{"uptime_seconds": 3, "timestamp": "2026-11-27T19:00:00Z", "status": "other"}';
    expect(differenceOfAnswers(shown, given)).toBe('');
  });

  it.each([
    ['a field more', '{"status":"a","timestamp":"2026-11-27T19:00:00Z","uptime_seconds":3,"more":1}'],
    ['a field less', '{"status":"a","timestamp":"2026-11-27T19:00:00Z"}'],
    ['a time that is written otherwise', '{"status":"a","timestamp":"19:00","uptime_seconds":3}'],
    ['a number that is not whole', '{"status":"a","timestamp":"2026-11-27T19:00:00Z","uptime_seconds":3.5}'],
    ['no JSON', 'not found'],
  ])('differs by %s', (_, given) => {
    expect(differenceOfAnswers(shown, given)).not.toBe('');
  });
});

describe('what a runbook says of the autoscaler', () => {
  const manifest = readFileSync(inRoot('deploy/k8s/base/autoscaler.yaml'), 'utf8');
  const said = 'minReplicas: 3\nmaxReplicas: 20\ntargetCPUUtilization: 70%\ntargetMemoryUtilization: 80%\n';

  it('is what the manifest has', () => {
    expect(differenceOfAutoscaler(said, manifest)).toBe('');
  });

  it('differs by name', () => {
    expect(differenceOfAutoscaler(said.replace('20', '30').replace('70', '50'), manifest)).toBe(
      'maxReplicas: expected 30, got 20; targetCPUUtilization: expected 50%, got 70%',
    );
    expect(differenceOfAutoscaler('other: 1', manifest)).toBe('other: expected 1, got undefined');
  });
});

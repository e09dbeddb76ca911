import { ServedModel, type Model } from '@fraud/model';
import type { DecisionRecord } from '@fraud/records';
import { readVector } from '../decision-log.js';

/**
 * Whether no model gave anything: there was none, or its run failed. Where only one of the models of a rollout failed, the record
 * has contributions that are all 0.
 */
export function noModelRan({ decision, contributions }: DecisionRecord): boolean {
  if (decision.score !== undefined) return false;
  return contributions === null || readVector(contributions).every((value) => value === 0);
}

/** A model that says what it is, and fails whenever it runs. */
export function silentModel(version: string, sha256: string): ServedModel {
  const manifest = { version, model: { sha256 } } as unknown as Model['manifest'];
  const model: Model = {
    manifest,
    directory: '',
    source: 'directory',
    run: () => Promise.reject(new Error('it failed then')),
    release: () => Promise.resolve(),
  };
  return new ServedModel(version, model, new Date(0));
}

import type { Config } from '@fraud/platform';
import { Engine } from '@fraud/scoring';
import type { Scorer } from './scorer.js';

/** No answer of a replay is waited for: nothing may be degraded because this machine was busy. */
const PATIENT = { LATENCY_BUDGET_MS: 10_000, REDIS_TIMEOUT_MS: 1000 };

/** The pipeline in this process on an empty embedded store, whatever REDIS_URL says: a replay is not live traffic. */
export async function engineScorer(config: Config): Promise<Scorer> {
  const engine = await Engine.open({ ...config, ...PATIENT, FEATURE_STORE: 'memory' });
  return {
    async score(bodies) {
      const results = await engine.score(bodies);
      return results.map((r) =>
        r.kind === 'decided' ? { decision: r.decision } : { refused: r.problem.code },
      );
    },
    async know(frauds) {
      for (const { transaction } of frauds) {
        const parsed = engine.parse(transaction);
        if (parsed.ok) await engine.applyLabel(parsed, true);
      }
    },
    close: () => engine.close(),
  };
}

import type { Decision, ParsedTransaction } from '@fraud/contract';
import { MOST_READS, type CurrentTransaction } from '@fraud/features';
import { ServedModel, type Scores } from '@fraud/model';
import { applyLabel } from './apply-label.js';
import type { ScoringContext } from './context.js';
import { decideVectors } from './decide-vectors.js';
import { score } from './pipeline.js';
import { decidedBy, ownHistories, replayContext, type ReplayTables, type Strategy } from './strategy.js';
import type { Vectors } from './to-vectors.js';

/**
 * What became of a row: the decisions, one for each strategy; `repeat`, it came before; or `conflict`, its id did, with other
 * content.
 */
export type ReplayedRow = readonly Decision[] | 'repeat' | 'conflict';

/**
 * Past traffic through the pipeline that serves, on an embedded store that begins empty: each row sees what came before it.
 * Several strategies decide the same rows; features are computed once, and all models score the same vectors.
 */
export class DecisionReplay {
  private readonly histories: ScoringContext;
  private readonly deciding: readonly ScoringContext[];

  /**
   * @param strategies one at least
   * @param bounds of the histories, whose memory is taken at once
   */
  constructor(
    tables: ReplayTables,
    strategies: readonly [Strategy, ...Strategy[]],
    bounds?: Parameters<typeof ownHistories>[0],
  ) {
    this.histories = replayContext(tables, ownHistories(bounds));
    const once = new Map(strategies.map(({ model }) => [model, scoredOnce(model)]));
    this.deciding = strategies.map((strategy) =>
      decidedBy({ ...strategy, model: once.get(strategy.model)! }, this.histories),
    );
  }

  /** Rows that go best together. */
  readonly batch = MOST_READS;

  /** Lets rows leave their traces in the histories; nobody decides. */
  async pass(rows: readonly ParsedTransaction[]): Promise<void> {
    await score(arrivalsOf(rows), this.histories);
  }

  /** Decides rows, MOST_READS at most, in their order. */
  async decide(rows: readonly ParsedTransaction[]): Promise<ReplayedRow[]> {
    const [first, ...others] = this.deciding;
    let seen: { readonly vectors: Vectors; readonly current: readonly CurrentTransaction[] } | undefined;
    const results = await score(arrivalsOf(rows), first!, (vectors, current) => {
      seen = { vectors, current };
    });
    const { vectors, current } = seen!;
    const decidedAt = new Date().toISOString();
    const fresh = { without: { stateless: false, outOfTime: false }, unrecorded: false, decidedAt };
    const beside: (readonly Decision[])[] = [];
    for (const context of others)
      beside.push((await decideVectors(current, vectors, fresh, context)).decisions);
    let next = 0;
    return results.map((result): ReplayedRow => {
      if (result.kind !== 'decided') return 'conflict';
      if (result.replayed) return 'repeat';
      const n = next++;
      // Its card's log held it already: only the stored decision was forgotten.
      if (vectors.repeated[n] === true) return 'repeat';
      return [result.decision, ...beside.map((decisions) => decisions[n]!)];
    });
  }

  /** Tells the histories what became known of a transaction. */
  async know(row: ParsedTransaction, fraud: boolean): Promise<void> {
    await applyLabel(row, fraud, this.histories);
  }

  async close(): Promise<void> {
    await this.histories.store.close();
  }
}

/** The same model, which does not score the same vectors twice: strategies may differ in their policies alone. */
function scoredOnce(model: ServedModel): ServedModel {
  let last: { readonly vectors: Float32Array; readonly scores: Promise<Scores> } | null = null;
  return new ServedModel(
    model.version,
    {
      manifest: model.manifest,
      directory: '',
      source: model.source,
      run: (vectors, rows) => {
        if (last?.vectors !== vectors) last = { vectors, scores: model.run(vectors, rows) };
        return last.scores;
      },
      release: () => Promise.resolve(),
    },
    model.loadedAt,
  );
}

function arrivalsOf(rows: readonly ParsedTransaction[]): { parsed: ParsedTransaction; arrivedAt: number }[] {
  const arrivedAt = performance.now();
  return rows.map((parsed) => ({ parsed, arrivedAt }));
}

import { loadFxTable, Pseudonyms } from '@fraud/features';
import { loadConfig } from '@fraud/platform';
import { DecisionReplay } from '@fraud/scoring';
import { openStrategies } from '../backtest/strategies.js';
import { openRecords } from '../records/open-records.js';
import { LiveLine } from '../report/live-line.js';
import { whole } from '../report/table.js';
import { UserError } from '../user-error.js';
import { ExposureTally } from './exposure.js';
import { exposureText } from './exposure-text.js';
import { NO_PUBLISHER, openPublisher } from './publisher.js';
import { decidedBefore, firstLetThrough, wouldHaveBeen, type Span } from './would-be.js';

const SHOW_EVERY_MS = 1000;

export interface ReportOptions {
  readonly from?: string;
  readonly to?: string;
  readonly model?: string;
  readonly policy?: string;
  readonly publish?: true;
  readonly json?: true;
}

/**
 * Scores what bypasses let through, and says what would have become of it.
 * @throws UserError where nothing was
 */
export async function reportBypass(options: ReportOptions): Promise<void> {
  const config = loadConfig();
  const { reader, close } = await openRecords(config);
  try {
    const asked = {
      fromMs: options.from === undefined ? -Infinity : Date.parse(options.from),
      toMs: options.to === undefined ? Infinity : Date.parse(options.to),
    };
    const fromMs = await firstLetThrough(reader, asked);
    if (fromMs === null) throw new UserError('Nothing was let through in this time.');
    await report({ fromMs, toMs: asked.toMs }, reader, config, options);
  } finally {
    await close();
  }
}

async function report(
  span: Span,
  reader: Awaited<ReturnType<typeof openRecords>>['reader'],
  config: ReturnType<typeof loadConfig>,
  options: ReportOptions,
): Promise<void> {
  const strategies = await openStrategies(config, options);
  const { candidate } = strategies;
  const fx = loadFxTable(config.FX_FILE);
  const replay = new DecisionReplay({ fx, pseudonyms: new Pseudonyms(config.PSEUDONYM_KEY) }, [candidate]);
  const publisher = options.publish === true ? await openPublisher(config) : NO_PUBLISHER;
  const tally = new ExposureTally((amount, currency) => fx.convert(amount, currency));
  const live = new LiveLine();
  let read = 0;
  let shownAt = performance.now();
  try {
    const seen = (): void => {
      read += 1;
      if (performance.now() - shownAt < SHOW_EVERY_MS) return;
      shownAt = performance.now();
      live.show(`${whole(read)} decisions read, ${whole(tally.count)} of them let through`);
    };
    for await (const one of wouldHaveBeen(reader, replay, span, seen)) {
      tally.add(one);
      await publisher.add(one);
    }
    for await (const one of decidedBefore(reader, span)) {
      tally.add(one);
      await publisher.add(one);
    }
  } finally {
    live.end();
    await publisher.close();
    await replay.close();
    await strategies.close();
  }
  const decidedBy = `model ${candidate.model.manifest.version}, policy ${candidate.policyVersion}`;
  const exposure = tally.summary();
  const text =
    options.json === true
      ? JSON.stringify(
          { ...exposure, model: candidate.model.manifest.version, policy: candidate.policyVersion },
          null,
          2,
        )
      : exposureText(exposure, decidedBy);
  process.stdout.write(`${text}\n`);
  if (options.publish === true)
    process.stderr.write(`${whole(publisher.sent)} sent to ${config.BYPASSED_TOPIC}\n`);
}

import { loadFxTable } from '@fraud/features';
import { type Config, loadConfig } from '@fraud/platform';
import { type LabelledTransaction, simulate, writeNdjson } from '@fraud/traffic';
import { Command, Option } from 'commander';
import { waitOption } from '../kafka/wait-option.js';
import { duration, httpUrl, rate, wholeNumber } from '../argument-parsers.js';
import { begun } from '../begun.js';
import { httpTarget } from '../load/http-target.js';
import { kafkaTarget } from '../load/kafka-target.js';
import { loadReport } from '../load/load-report.js';
import { LoadStats } from '../load/load-stats.js';
import type { LoadTarget } from '../load/load-target.js';
import { runLoad } from '../load/open-loop.js';
import { MOST_CARDS, population } from '../load/population.js';
import { DEFINITIONS } from '../report/fraud-report.js';
import { LiveLine } from '../report/live-line.js';
import { whole } from '../report/table.js';
import { DEMO_SEED } from '../seeds.js';
import { stopSignal } from '../stop-signal.js';
import { UserError } from '../user-error.js';

interface Options {
  readonly to: 'http' | 'kafka' | 'file';
  readonly url: string;
  readonly out?: string;
  readonly tps: number;
  readonly duration: number;
  readonly seed: number;
  readonly cards?: number;
  readonly days: number;
  readonly connections: number;
  readonly wait: number;
}

/** Of cards beyond rate × duration. */
const MARGIN = 1.5;
/** Beyond, the loop that sends would be behind from the first turn on and do nothing but count. */
const MOST_TPS = 1_000_000;
const INTERRUPTED = 130;

export function simulateCommand(): Command {
  return new Command('simulate')
    .summary('send made-up card traffic with fraud in it to the engine, or write it to a file')
    .description(
      'Makes up card traffic with genuine habits and five fraud scenarios, and sends it at a constant rate to the ' +
        'HTTP API or to the topic that the Kafka consumer reads (or writes it to a file), then shows how much of the ' +
        'fraud was caught. Labels never leave this process.\n\n' +
        'Event time runs faster than the wall clock: --days of traffic pass in --duration, so that cards have ' +
        'histories and rhythms within seconds. The same options make the same traffic, with the same ids.\n\n' +
        'With --to kafka, KAFKA_BROKERS names the brokers; the decisions are read back from their topic.',
    )
    .addOption(
      new Option('--to <target>', 'where the traffic goes')
        .choices(['http', 'kafka', 'file'])
        .default('http'),
    )
    .option('--url <url>', 'the HTTP API', httpUrl, 'http://127.0.0.1:8000')
    .option('--out <file>', 'with --to file: .ndjson or .ndjson.gz, one {"transaction","label"} a line')
    .option('--tps <n>', 'transactions a second; 0 = as fast as the answers come', rate(MOST_TPS), 200)
    .addOption(
      new Option('--duration <time>', 'how long to send, such as 30s or 2m')
        .argParser(duration)
        .default(30_000, '30s'),
    )
    .option('--seed <n>', 'seed of the traffic', wholeNumber(0, 2 ** 32 - 1), DEMO_SEED)
    .option(
      '--cards <n>',
      'number of cards (default: enough for rate × duration)',
      wholeNumber(1, MOST_CARDS),
    )
    .option('--days <n>', 'days of event time', wholeNumber(1, 3660), 30)
    .option('--connections <n>', 'HTTP connections', wholeNumber(1, 10_000), 64)
    .addOption(waitOption())
    .addHelpText('after', `\nWords of the summary:\n${DEFINITIONS}`)
    .action(async (options: Options) => {
      await (options.to === 'file' ? toFile(options) : toTarget(options));
    });
}

async function toFile({ out, seed, days, duration: durationMs, ...rest }: Options): Promise<void> {
  if (out === undefined)
    throw new UserError('Give --out FILE with --to file, such as --out traffic.ndjson.gz');
  const cards = population({ ...rest, durationMs, days });
  // Before the signals are taken over: until then Ctrl-C ends the process at once, and there is no file yet.
  const traffic = begun(simulate({ seed, cards, days }));
  const stop = stopSignal();
  const rows = await writeNdjson(out, traffic, stop.signal).finally(() => {
    stop.forget();
  });
  if (rows === null) {
    process.stderr.write(`Stopped before the end: the partial file was removed, ${out} was not written\n`);
    process.exitCode = INTERRUPTED;
    return;
  }
  process.stdout.write(`Wrote ${whole(rows)} transactions of ${whole(cards)} cards to ${out}\n`);
}

async function toTarget(options: Options): Promise<void> {
  const { out, seed, days, tps, duration: durationMs } = options;
  if (out !== undefined) throw new UserError('--out FILE goes with --to file');
  const cards = population({ tps, durationMs, days, cards: options.cards }, MARGIN);
  const config = loadConfig();
  const fx = loadFxTable(config.FX_FILE);
  const target = await openTarget(config, options);
  const stop = stopSignal();
  stop.signal.addEventListener('abort', () => target.hurry?.());
  const live = new LiveLine();
  try {
    const stats = new LoadStats((amount, currency) => fx.convert(amount, currency));
    const period = { first: NaN, last: NaN };
    const send = async (row: LabelledTransaction, dueMs: number): Promise<void> => {
      const at = Date.parse(row.transaction.occurred_at);
      if (Number.isNaN(period.first)) period.first = at;
      period.last = at;
      stats.add(row, await target.decide(row.transaction), performance.now() - dueMs);
    };
    const timer = setInterval(() => live.show(stats.line(target.status())), 1000);
    const { workers, mostUnderWay: maxUnderWay } = target;
    const load = { tps, durationMs, workers, maxUnderWay, signal: stop.signal };
    const result = await runLoad(simulate({ seed, cards, days }), send, load).finally(() => {
      clearInterval(timer);
    });
    live.end();
    const eventDays = (period.last - period.first) / 86_400_000;
    process.stdout.write(`\n${loadReport(stats, result, eventDays, target.words)}\n`);
    if (stats.tally.decided === 0) throw new UserError(`No transaction was decided${target.words.hint}`);
  } finally {
    stop.forget();
    await target.close();
  }
}

function openTarget(config: Config, { to, url, connections, wait }: Options): Promise<LoadTarget> {
  return to === 'kafka' ? kafkaTarget(config, wait) : httpTarget(url, connections);
}

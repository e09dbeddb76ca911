import { Command, Option } from 'commander';
import { httpUrl, instant, threshold, wholeNumber } from '../argument-parsers.js';
import { checkDrift, type DriftOptions } from '../drift/check-drift.js';
import { WORDS as DRIFT_WORDS } from '../drift/drift-text.js';
import { WINDOW_WORDS } from '../drift/drift-sample.js';
import { UserError } from '../user-error.js';
import { evaluateDecisions, type QualityOptions } from '../quality/evaluate-decisions.js';
import { WORDS } from '../quality/quality-table.js';
import { WORDS as SCORE_WORDS } from '../quality/score-words.js';

interface Options extends DriftOptions, QualityOptions {
  readonly checkDrift?: true;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .summary(
      'how good decisions were, as far as labels say; what other thresholds would do; whether traffic has drifted',
    )
    .description(
      'Asks a server how good its decisions were, by week of transactions, and how far that can be known yet: fraud becomes ' +
        'known late, so a young week looks better than it was. Of weeks that are old enough: whether scores are probabilities, and what ' +
        'other thresholds would have caught and hit, in money. With ADMIN_TOKEN, where the server has one. With --check-drift it says ' +
        'instead whether traffic still looks like what the model was trained on; its exit code is 0 = calm, 1 = drift, 2 = too few ' +
        'rows to say, 3 = could not look.',
    )
    .option('--url <url>', 'the HTTP API', httpUrl, 'http://127.0.0.1:8000')
    .option('--from <date>', 'the week that holds it is the first (default: 12 weeks before --to)', instant)
    .option(
      '--to <date>',
      'transactions before it; the week that holds it is the last (default: now)',
      instant,
    )
    .option(
      '--horizon <days>',
      'frauds that become known later are not expected any more (default: 90)',
      wholeNumber(7, 365),
    )
    .addOption(
      new Option(
        '--threshold <name=number>',
        'what if it lay there: step_up, review or decline, such as decline=0.85; may be given again (default: a grid)',
      )
        .argParser(threshold)
        .conflicts('checkDrift'),
    )
    .option('--html <file>', 'also write a report with plots')
    .option('--json', 'print JSON instead of text')
    .option(
      '--check-drift',
      'whether traffic has drifted: of the server at --url, unless one of these two is given',
    )
    .addOption(
      new Option('--prometheus <url>', 'with --check-drift: of all instances that a Prometheus scrapes')
        .argParser(httpUrl)
        .conflicts('records'),
    )
    .option(
      '--records',
      'with --check-drift: of recorded decisions, from --from (default: a day before --to) to --to (default: now)',
    )
    .addOption(
      new Option('--window <window>', 'with --check-drift: how far back to look')
        .choices(Object.keys(WINDOW_WORDS))
        .default('24h'),
    )
    .addHelpText('after', `\n${WORDS}\n\n${SCORE_WORDS}\n\nDrift\n${DRIFT_WORDS}`)
    .action(async (options: Options) => {
      const { checkDrift: drift, prometheus, records } = options;
      if (drift === true) await checkDrift(options);
      else if ((prometheus ?? records) !== undefined)
        throw new UserError('--prometheus and --records go with --check-drift');
      else await evaluateDecisions(options);
    });
}

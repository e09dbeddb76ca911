import { loadConfig } from '@fraud/platform';
import { readRulesFile } from '@fraud/scoring';
import { Command } from 'commander';
import { instant } from '../argument-parsers.js';
import { LiveLine } from '../report/live-line.js';
import { whole } from '../report/table.js';
import { checkRules } from '../rules/check-rules.js';
import { rulesText } from '../rules/rules-text.js';

const DAYS = 30;
const DAY_MS = 86_400_000;
/** Where it is no terminal. */
const SHOWN_EVERY = 25_000;

export function rulesCommand(): Command {
  return new Command('rules')
    .summary('test rules, or ask them about what was decided')
    .description('Looks at a file of rules by the same code that loads it into a server.')
    .addCommand(testCommand())
    .addCommand(checkCommand());
}

function testCommand(): Command {
  return new Command('test')
    .summary('everything that a server does before rules decide: types, names, and the tests in the file')
    .argument('[file]', 'default: RULES_FILE')
    .addHelpText('after', '\nExit code: 0 where a server would take the file, 1 where it would refuse it.')
    .action((given: string | undefined) => {
      const file = given ?? loadConfig().RULES_FILE;
      const { rules, version } = readRulesFile(file);
      const tests = rules.reduce((sum, rule) => sum + (rule.tests?.length ?? 0), 0);
      const untested = rules.filter((rule) => (rule.tests ?? []).length === 0).map(({ id }) => id);
      process.stdout.write(
        `${file}: ${whole(rules.length)} rules, ${whole(tests)} tests passed, version ${version}\n` +
          (untested.length === 0 ? '' : `Without a test: ${untested.join(', ')}\n`),
      );
    });
}

interface CheckOptions {
  readonly from?: string;
  readonly to?: string;
  readonly json?: true;
}

function checkCommand(): Command {
  return new Command('check')
    .summary('what the rules of a file would have made of recorded decisions')
    .description(
      'Tests the file, then asks every rule, those in shadow too, about decisions that were recorded, with the features and the scores that they were made with. ' +
        'Nothing is changed.',
    )
    .argument('<file>')
    .option('--from <date>', `decided from then on (default: ${DAYS} days before --to)`, instant)
    .option('--to <date>', 'decided before (default: now)', instant)
    .option('--json', 'print JSON instead of text; money in reference minor units')
    .addHelpText('after', HELP)
    .action(async (file: string, { from, to, json }: CheckOptions) => {
      const toMs = to === undefined ? Date.now() : Date.parse(to);
      const fromMs = from === undefined ? toMs - DAYS * DAY_MS : Date.parse(from);
      const live = new LiveLine();
      const tried = await checkRules(loadConfig(), file, fromMs, toMs, (rows) => {
        if (live.inPlace || rows % SHOWN_EVERY === 0) live.show(`${whole(rows)} decisions`);
      });
      live.end();
      process.stdout.write(`${json === true ? JSON.stringify(tried, null, 2) : rulesText(tried)}\n`);
    });
}

const HELP = `
precision   frauds ÷ hits; ≥ where hits without a label are among them, which may be frauds, too
money       of the hits, in whole units of the reference currency
alone       hits that no other rule of the file has

What would be changed is reckoned with the policy of POLICY_FILE, and with the scores as they were.
Exit code: 0, or 1 where the file is refused or the records cannot be read.`;

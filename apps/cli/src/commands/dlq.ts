import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { duration, instant, wholeNumber } from '../argument-parsers.js';
import { listDeadLetters } from '../dlq/list.js';
import { retryDeadLetters } from '../dlq/retry.js';
import { place } from '../dlq/selection.js';
import { showDeadLetter } from '../dlq/show.js';

const codeOption = (): Option => new Option('--code <code>', 'only those with this error code');

/** `2h`: put aside within the last two hours; or a date. */
const sinceOption = (): Option =>
  new Option('--since <time>', 'only those put aside since: a date, or 2h for the last two hours').argParser(
    since,
  );

function since(text: string): string {
  try {
    return new Date(Date.now() - duration(text)).toISOString();
  } catch (error) {
    if (error instanceof InvalidArgumentError) return instant(text);
    throw error;
  }
}

export function dlqCommand(): Command {
  const list = new Command('list')
    .summary('what was put aside, and why')
    .description('Neither values nor keys are shown.')
    .addOption(codeOption())
    .addOption(sinceOption())
    .option('--limit <n>', 'show the newest n', wholeNumber(1, 100_000), 50)
    .option('--json', 'print all of them, a line of JSON each')
    .action(listDeadLetters);
  const show = new Command('show')
    .summary('one of them, with its value')
    .description('Card numbers are hidden but for their last four digits.')
    .addArgument(new Argument('<place>', 'partition:offset, as `list` shows it').argParser(place))
    .option('--raw', 'write the bytes of the value as they came, card numbers and all')
    .action(showDeadLetter);
  const retry = new Command('retry')
    .summary('send them to their topic again')
    .description(
      'Sends dead letters to the topic that they came from, with key, value and headers as they came, and one header that counts the retries. A transaction that ' +
        'was decided meanwhile gets that decision; what is still wrong is put aside again.',
    )
    .addArgument(
      new Argument('[place...]', 'partition:offset, as `list` shows it').argParser(place).default([]),
    )
    .addOption(codeOption())
    .addOption(sinceOption())
    .option('--all', 'all of them')
    .option('--dry-run', 'show which, and send nothing')
    .action(retryDeadLetters);
  return new Command('dlq')
    .summary('look at dead letters, and send them again')
    .description(
      'Messages that could not be decided or kept, on the brokers that KAFKA_BROKERS names; DEAD_LETTER_TOPIC names their topic.',
    )
    .addCommand(list)
    .addCommand(show)
    .addCommand(retry);
}

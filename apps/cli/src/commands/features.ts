import { loadConfig } from '@fraud/platform';
import { Command } from 'commander';
import { instant } from '../argument-parsers.js';
import { rebuild } from '../warm/rebuild.js';

/** As long as histories are kept. */
const HISTORY_MS = 45 * 86_400_000;

export function featuresCommand(): Command {
  const rebuilding = new Command('rebuild')
    .summary('fill an emptied Redis from the recorded decisions')
    .description(
      'Fills the histories in Redis from the recorded decisions and their labels, without deciding anything. It may run beside live ' +
        'traffic, be interrupted and be repeated: nothing counts twice.',
    )
    .option('--from <date>', 'decided from then on (default: 45 days ago)', instant)
    .option('--to <date>', 'decided before', instant)
    .action(async ({ from, to }: { from?: string; to?: string }) => {
      const fromMs = from === undefined ? Date.now() - HISTORY_MS : Date.parse(from);
      await rebuild(loadConfig(), { fromMs, toMs: to === undefined ? undefined : Date.parse(to) });
    });
  return new Command('features').description('the histories behind the features').addCommand(rebuilding);
}

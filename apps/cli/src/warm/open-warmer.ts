import type { Config } from '@fraud/platform';
import { Warmer } from '@fraud/scoring';
import { UserError } from '../user-error.js';

/**
 * Opens the histories that are to be filled.
 * @param what the command that fills them
 * @throws UserError where there is no Redis to fill
 */
export async function openWarmer(config: Config, what: string): Promise<Warmer> {
  if (config.FEATURE_STORE === 'memory') {
    throw new UserError(
      `${what} fills a Redis: set REDIS_URL (or REDIS_SENTINELS, REDIS_CLUSTER_NODES) as for the servers, and FEATURE_STORE ` +
        'not to memory. ' +
        'The embedded store would end with this command',
    );
  }
  const warmer = await Warmer.open(config);
  if (await warmer.storeAnswers()) return warmer;
  await warmer.close();
  throw new UserError(`${what} fills a Redis, and the one that is configured does not answer`);
}

export const STORE_AWAY =
  'Redis does not answer. Nothing is lost or counted twice: when it is back, the same command goes on';

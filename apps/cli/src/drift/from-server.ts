import type { Reading } from '@fraud/drift';
import { bodyOrAdvice } from '../http/advice.js';
import { ApiClient } from '../http/api-client.js';
import { WINDOW_WORDS, type DriftSamples, type SampleWindow } from './drift-sample.js';

interface Answer {
  readonly models: readonly {
    readonly version: string;
    readonly reference_rows: number;
    readonly windows: Readonly<Record<SampleWindow, { readonly features: readonly Reading[] }>>;
  }[];
}

/**
 * What one running instance of the API saw. Consumers have no routes: ask Prometheus, or the records.
 * @param token of the administrator, where the server has one
 * @throws UserError where none answers, or it refuses
 */
export async function driftFromServer(
  url: string,
  window: SampleWindow,
  token: string | undefined,
): Promise<DriftSamples> {
  const client = new ApiClient(url, 1, token);
  try {
    await client.requireServer();
    const { models } = bodyOrAdvice(await client.get('/v1/drift'), 'evaluate -- --check-drift') as Answer;
    return {
      source: `${url}, ${WINDOW_WORDS[window]}`,
      models: models.map(({ version, reference_rows, windows }) => ({
        model: version,
        reference_rows,
        features: windows[window].features,
      })),
    };
  } finally {
    await client.close();
  }
}

/** A share of the cards is decided by another model. */
export interface Rollout {
  readonly version: string;
  /** Share of the cards, 0 to 100; hundredths count. */
  readonly percent: number;
}

const FORM = /^([A-Za-z0-9][A-Za-z0-9._+-]*):(\d{1,3}(?:\.\d{1,2})?)$/;

/** Reads `v1.3.0:10`; null where it is something else, or more than 100 %. */
export function parseRollout(text: string): Rollout | null {
  const [, version, percent] = FORM.exec(text) ?? [];
  if (version === undefined || !(Number(percent) <= 100)) return null;
  return { version, percent: Number(percent) };
}

/** As it is written in MODEL_ROLLOUT. */
export const rolloutName = ({ version, percent }: Rollout): string => `${version}:${percent}`;

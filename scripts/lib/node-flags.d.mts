export const productNodeFlags: readonly string[];

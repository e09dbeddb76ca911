export const root: string;
export function inRoot(...parts: string[]): string;
export function fromRoot(file: string): string;

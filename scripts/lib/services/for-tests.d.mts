export function startServices(
  names: readonly string[],
  directory: string,
): Promise<{ urls: Record<string, string>; stop: () => Promise<void> }>;

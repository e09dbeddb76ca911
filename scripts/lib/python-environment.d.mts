export function pythonEnvironment(
  directory: string,
  requirements: string,
  command: string | undefined,
  download?: string,
): Promise<string>;

export function pythonEnvironment(
  directory: string,
  requirements: string,
  command: string | undefined,
  download?: string,
): Promise<string>;

export function preparedEnvironment(
  directory: string,
  requirements: string,
  command: string | undefined,
): Promise<string | undefined>;

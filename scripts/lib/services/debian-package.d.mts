export function debianPackage(names: { binary: string; package: string }): {
  readonly missing: string;
  readonly advice: string;
  find(): Promise<{ program: string; arguments: string[] } | undefined>;
  /** @returns why it could not be installed; nothing where it was */
  install(): Promise<string | undefined>;
};

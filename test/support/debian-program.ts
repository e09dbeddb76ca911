import { debianPackage } from '../../scripts/lib/services/debian-package.mjs';

/** So long a hook may take that installs some. */
export const INSTALL_MS = 300_000;

/**
 * Where a program is; from its Debian package, where it is not on the PATH.
 * @throws with what to do where that cannot be
 */
export async function debianProgram(binary: string, name = binary): Promise<string> {
  const installation = debianPackage({ binary, package: name });
  const found = await installation.find();
  if (found) return found.program;
  const failure = await installation.install();
  const installed = await installation.find();
  if (installed) return installed.program;
  throw new Error(`${installation.missing} (${String(failure)}): ${installation.advice}`);
}

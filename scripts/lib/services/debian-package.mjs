import { aptInstall, whyNoApt } from './apt.mjs';
import { findProgram } from './program.mjs';

/**
 * A program on the PATH, else from a Debian package.
 * @param {{ binary: string, package: string }} names
 * @returns {import('./registry.mjs').Installation}
 */
export function debianPackage({ binary, package: name }) {
  return {
    missing: `no ${binary} on the PATH`,
    advice: `sudo apt-get install ${name}`,
    find: async () => {
      const program = findProgram(binary);
      return program ? { program, arguments: [] } : undefined;
    },
    install: async () => whyNoApt() ?? (await aptInstall(name)),
  };
}

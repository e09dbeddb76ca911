import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../paths.mjs';
import { readDockerfile } from './dockerfile.mjs';

describe('readDockerfile', () => {
  it('finds the stages of the one that ships, and everything that they copy', () => {
    const { stages, problems } = readDockerfile(readFileSync(inRoot('Dockerfile'), 'utf8'), (source) =>
      existsSync(inRoot(source)),
    );
    expect(stages).toEqual(['packages', 'build', 'dependencies', '3']);
    expect(problems).toEqual([]);
  });

  it('names what is not there', () => {
    const text =
      'FROM a AS one\nCOPY here \\\n  gone ./\nFROM b\n# COPY --from=three x .\nCOPY --from=two x .';
    expect(readDockerfile(text, (source) => source === 'here').problems).toEqual([
      'COPY here gone ./: no gone',
      'COPY --from=two x .: no stage two before it',
    ]);
    expect(readDockerfile('', () => true).problems).toEqual(['no FROM']);
  });
});

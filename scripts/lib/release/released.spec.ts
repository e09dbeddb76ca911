import { describe, expect, it } from 'vitest';
import {
  releaseDate,
  releasedAsyncApi,
  releasedChangelog,
  releasedDockerfile,
  releasedManifests,
} from './released.mjs';

const changelog = (news: string): string =>
  `# Changelog\n\n## [Unreleased]\n${news}\n## [0.1.0] - 2026-01-05\n\n### Added\n\n- All of it.\n`;

describe('the changelog of a version', () => {
  it('has what was unreleased, and leaves room for what comes next', () => {
    const news = '\n### Fixed\n\n- A fault,\n  that is mended.\n';
    expect(releasedChangelog(changelog(news), '0.2.0', '2026-02-03')).toBe(
      `# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-02-03\n${news}\n## [0.1.0] - 2026-01-05\n\n### Added\n\n- All of it.\n`,
    );
  });

  it.each([
    ['nothing is new', changelog('\n### Fixed\n'), '0.2.0', 'nothing under Unreleased'],
    ['it was released before', changelog('\n- New.\n'), '0.1.0', '0.1.0 is in CHANGELOG.md already'],
    ['there is no section', '# Changelog\n', '0.2.0', 'no section Unreleased'],
  ])('is refused where %s', (_, text, version, why) => {
    expect(() => releasedChangelog(text, version, '2026-02-03')).toThrow(why);
  });
});

it('knows when a version was released, and which was not', () => {
  const released = releasedChangelog(changelog('\n- New.\n'), '0.2.0', '2026-02-03');
  expect(['0.2.0', '0.1.0', '0.2', '0.3.0'].map((version) => releaseDate(released, version))).toEqual([
    '2026-02-03',
    '2026-01-05',
    undefined,
    undefined,
  ]);
});

it('has the manifests run the image of that version', () => {
  expect(releasedManifests('images:\n  - name: a\n    newTag: v0.1.0\n', '0.2.0')).toBe(
    'images:\n  - name: a\n    newTag: v0.2.0\n',
  );
});

it('writes the version to each stage of the Dockerfile that has it', () => {
  expect(
    releasedDockerfile('FROM a\nARG VERSION=0.1.0\nFROM b\nARG VERSION=0.1.0\nARG V=1\n', '0.2.0-rc.1'),
  ).toBe('FROM a\nARG VERSION=0.2.0-rc.1\nFROM b\nARG VERSION=0.2.0-rc.1\nARG V=1\n');
});

it('writes the version to the description of the topics, and to nothing else in it', () => {
  const text =
    '{ "asyncapi": "3.0.0", "info": { "title": "x", "version": "0.1.0" }, "other": { "version": "0.1.0" } }';
  expect(releasedAsyncApi(text, '0.2.0')).toBe(text.replace('0.1.0', '0.2.0'));
});

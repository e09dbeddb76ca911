import { describe, expect, it } from 'vitest';
import { conduct } from './conduct.mjs';
import { commandHandlers } from './handlers.mjs';
import { parseRunbook } from './parse.mjs';

const means = { cluster: undefined, noImage: '', url: '' };

describe('what nothing here tries', () => {
  it.each([
    ['a command', '```sh\nreboot now\n```'],
    ['a command that is another one as it goes on', '```sh\nredis-cli ping --more\n```'],
    ['a setting', '1. Raise `something`'],
    ['a document', '```toml\na = 1\n```'],
  ])('is missing, and does not conform: %s', async (_, runbook) => {
    const rows = await conduct(parseRunbook(runbook), means, {}, (_label, work) => work());
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ ok: false, result: expect.stringMatching(/^MISSING/) });
  });
});

describe('a push of what was built by another name', () => {
  const push = 'docker push registry/fraud-detection:v1.2.0';

  it('is tried as it is written, then behind the tag that it wants', () => {
    const attempts = commandHandlers.find(({ matches }) => matches.test(push))!.attempts(push, means);
    const tag = 'docker tag fraud-detection:v1.2.0 registry/fraud-detection:v1.2.0';
    expect(attempts.map(({ command }) => command)).toEqual([push, `${tag} && ${push}`]);
    expect(attempts.map(({ documented }) => documented)).toEqual([undefined, [tag]]);
  });
});

describe('a command of kubectl', () => {
  it('that names no namespace is tried with the one of the manifests behind that', () => {
    const restart = 'kubectl rollout restart deployment/fraud-detection';
    const attempts = commandHandlers.find(({ matches }) => matches.test(restart))!.attempts(restart, means);
    expect(attempts.map(({ command }) => command)).toEqual([restart, `${restart} -n fraud-detection`]);
  });
});

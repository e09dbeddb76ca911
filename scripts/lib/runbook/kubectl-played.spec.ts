import { describe, expect, it } from 'vitest';
import { playKubectl } from './kubectl-played.mjs';

const MANIFESTS = `
kind: Namespace
metadata: { name: shop }
---
kind: Deployment
metadata: { name: web, namespace: shop }
`;

/** With a kubectl that knows everything, or nothing. */
const play = (command: string, kubectl = 'true'): ReturnType<typeof playKubectl> =>
  playKubectl(command.split(' '), { manifests: MANIFESTS, kubectl, stdin: async () => '' });

describe('kubectl without a cluster', () => {
  it.each([
    'scale deployment web --replicas=5 -n shop',
    'logs -f deployment/web -n shop',
    'rollout undo deployment/web --to-revision=3 --namespace=shop',
    'set image deployment/web api=registry/web:v1 -n shop',
    'top pods -n shop',
  ])('finds in the manifests what is named: %s', async (command) => {
    expect(await play(command)).toMatchObject({ code: 0, output: expect.stringMatching(/\(client-side\)$/) });
  });

  it.each([
    ['scale deployment web --replicas=5', '"web" not found in the namespace default'],
    ['scale deployment other --replicas=5 -n shop', '"other" not found in the namespace shop'],
    ['top pods -n other', '"other" not found'],
    ['drain node', 'kubectl drain is not known here'],
  ])('refuses what is not there: %s', async (command, why) => {
    expect(await play(command)).toMatchObject({ code: 1, output: expect.stringContaining(why) });
  });

  it('refuses what the real one does not know', async () => {
    expect(await play('scale deployment web --replicass=5 -n shop', 'false')).toMatchObject({ code: 1 });
  });
});

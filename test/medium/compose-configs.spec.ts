import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { REPOSITORY } from '../support/cli.js';
import { debianProgram, INSTALL_MS } from '../support/debian-program.js';
import { runProgram } from '../support/run-program.js';

let directory: string;
let promtool: string;
let amtool: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'compose-configs-'));
  promtool = await debianProgram('promtool', 'prometheus');
  amtool = await debianProgram('amtool', 'prometheus-alertmanager');
}, INSTALL_MS);
afterAll(() => rm(directory, { recursive: true }));

it('has a configuration of Prometheus that is right, with the rules that it names', async () => {
  const mounted = await readFile(path.join(REPOSITORY, 'deploy/compose/prometheus.yaml'), 'utf8');
  const file = path.join(directory, 'prometheus.yaml');
  await writeFile(
    file,
    mounted.replaceAll('/etc/prometheus/rules', path.join(REPOSITORY, 'deploy/prometheus')),
  );
  const { code, output } = await runProgram(promtool, ['check', 'config', file]);
  expect([code, output.match(/\d+ rules found/g)?.length]).toEqual([0, 2]);
});

it('has a configuration of Alertmanager that is right', async () => {
  const file = path.join(REPOSITORY, 'deploy/alertmanager/alertmanager.yaml');
  expect(await runProgram(amtool, ['check-config', file])).toMatchObject({
    code: 0,
    output: expect.stringContaining('SUCCESS') as string,
  });
});

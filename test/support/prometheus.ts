import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { debianProgram } from './debian-program.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

interface PrometheusSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus, with nothing in it. */
export interface Prometheus {
  readonly url: string;
  /** The result of an instant query. @throws where it is refused */
  query(expression: string): Promise<readonly PrometheusSeries[]>;
  stop(): Promise<void>;
}

/**
 * Starts one that scrapes every second.
 * @param targets by job, as `host:port`, or with a name that is their label `instance`
 * @param rules contents of rule files
 * @param alertmanager where alerts go, `host:port`
 */
export async function startPrometheus(
  targets: Readonly<Record<string, readonly string[] | Readonly<Record<string, string>>>>,
  rules: readonly string[] = [],
  alertmanager?: string,
): Promise<Prometheus> {
  const program = await debianProgram('prometheus');
  const directory = await mkdtemp(path.join(tmpdir(), 'prometheus-'));
  const port = await freePort();
  const files = rules.map((_, i) => path.join(directory, `rules-${i}.yaml`));
  await Promise.all(rules.map((content, i) => writeFile(files[i]!, content)));
  const config = path.join(directory, 'prometheus.yaml');
  const jobs = Object.entries(targets).map(([job_name, addresses]) => ({
    job_name,
    static_configs: Array.isArray(addresses)
      ? [{ targets: addresses }]
      : Object.entries(addresses).map(([instance, target]) => ({ targets: [target], labels: { instance } })),
  }));
  // JSON is YAML.
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: files,
      scrape_configs: jobs,
      ...(alertmanager !== undefined && {
        alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      }),
    }),
  );
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`prometheus did not start:\n${said}`);
    return await fetch(`${url}/-/ready`).then(
      ({ status }) => status === 200,
      () => false,
    );
  });
  return {
    url,
    query: async (expression) => {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const text = await answer.text();
      if (!answer.ok) throw new Error(text);
      const { data } = JSON.parse(text) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(directory, { recursive: true });
    },
  };
}

import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './servers/ipc.js';

const DIRECTORY = '.cache/profiles';
const FUNCTIONS = 45;
const FILES = 20;

/** The parts of the `.cpuprofile` format (Chrome DevTools protocol, Profiler.Profile) that are read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/** Takes a CPU profile of a server over one measure; the start of the server is not in it. */
export class Profiler {
  #running: { readonly name: string; readonly child: ChildProcess } | null = null;

  async start(name: string, child: ChildProcess): Promise<void> {
    mkdirSync(DIRECTORY, { recursive: true });
    await ask(child, { type: 'profile-start' });
    this.#running = { name, child };
  }

  /** Stops, keeps the profile as a file for Chrome DevTools and prints where the time went. */
  async finish(): Promise<void> {
    if (this.#running === null) return;
    const { name, child } = this.#running;
    this.#running = null;
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const file = join(DIRECTORY, `${name}-${time}.cpuprofile`);
    await ask(child, { type: 'profile-stop', file: join(process.cwd(), file) }, 60_000);
    const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
    console.log(`\nprofile: ${file}\n\nself time by function\n${top(profile, FUNCTIONS, functionOf)}`);
    console.log(`\nself time by file\n${top(profile, FILES, fileOf)}`);
  }
}

type Node = CpuProfile['nodes'][number];

function top(profile: CpuProfile, count: number, nameOf: (node: Node) => string): string {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const selfUs = new Map<string, number>();
  let busyUs = 0;
  profile.samples.forEach((id, i) => {
    const node = nodes.get(id)!;
    // The profiler's own start and stop run through the inspector session.
    if (node.callFrame.functionName === '(idle)' || node.callFrame.url === 'node:inspector') return;
    const us = profile.timeDeltas[i]!;
    const name = nameOf(node);
    selfUs.set(name, (selfUs.get(name) ?? 0) + us);
    busyUs += us;
  });
  return [...selfUs]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, us]) => `${((100 * us) / busyUs).toFixed(1).padStart(6)} %  ${name}`)
    .join('\n');
}

function functionOf({ callFrame }: Node): string {
  const { functionName, url, lineNumber } = callFrame;
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name}  ${shortened(url)}:${lineNumber + 1}`;
}

function fileOf({ callFrame }: Node): string {
  const { functionName, url } = callFrame;
  if (url !== '') return shortened(url);
  return functionName.startsWith('(') ? functionName : '(native)';
}

function shortened(url: string): string {
  const path = url.replace('file://', '').replace(`${process.cwd()}/`, '');
  return path.replace(/^.*node_modules\//, '');
}

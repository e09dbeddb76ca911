import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second (USER_HZ) whatever the kernel's own tick is. */
const SECONDS_PER_TICK = 0.01;

/** CPU seconds that a process has used so far: user and system time of all its threads, also of ended ones. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The command in parentheses may contain spaces; utime and stime are the fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * SECONDS_PER_TICK;
}

/** The same with all the processes that it has started and that still run. */
export function treeCpuSeconds(pid: number): number {
  return childrenOf(pid).reduce((total, child) => total + treeCpuSeconds(child), cpuSeconds(pid));
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    try {
      const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1');
      return children.split(' ').filter(Boolean).map(Number);
    } catch {
      // A thread that has just ended.
      return [];
    }
  });
}

/** One process of a service. */
export interface ServiceNode {
  readonly node: number;
  /** The one that clients use, on 127.0.0.1; it keeps it when it is started again. */
  readonly port: number;
  readonly pid: number;
  /** Stops it and all that it has started by SIGSTOP; when this returns they stand still, and neither answer nor close anything. */
  pause(): void;
  resume(): void;
  /** Ends it and all that it has started by SIGKILL; resolves when they are gone. */
  kill(): Promise<void>;
  /** Starts it again, with its data directory; resolves when it and those that run make up the service. Where no majority runs, start
   * several together: one alone never gets ready. */
  start(): Promise<void>;
}

/**
 * @param names of services; those of several processes are always started, never the ones that the environment names
 * @param options own: of the others, too
 * @param directory of this run alone; it is removed by stop()
 */
export function startServices(
  names: readonly string[],
  directory: string,
  options?: { own: boolean },
): Promise<{
  /** By name: redis://…, or host:port, comma-separated. */
  urls: Record<string, string>;
  /** By name: the processes that were started, none where a container has them or the environment names the service. */
  pids: Record<string, number[]>;
  /** By name: handles on the same processes. */
  nodes: Record<string, ServiceNode[]>;
  stop: () => Promise<void>;
}>;

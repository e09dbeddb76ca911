/** One broker of `kafka-cluster`, a process of its own. */
export interface Broker {
  readonly node: number;
  /** Of its clients, on 127.0.0.1; it keeps it when it is started again. */
  readonly port: number;
  readonly pid: number;
  /** Ends it by SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again, with its data; resolves when it and those that run are in the cluster. Where no majority runs, start
   * several together: one alone never gets ready. */
  start(): Promise<void>;
}

/**
 * @param names of services; `kafka-cluster` is always started, never the one that KAFKA_BROKERS names
 * @param directory of this run alone; it is removed by stop()
 */
export function startServices(
  names: readonly string[],
  directory: string,
): Promise<{
  /** By name: redis://…, or host:port, comma-separated. */
  urls: Record<string, string>;
  /** By name: the processes that were started, none where a container has them or the environment names the service. */
  pids: Record<string, number[]>;
  /** Of `kafka-cluster`, else none. */
  brokers: Broker[];
  stop: () => Promise<void>;
}>;

export interface Broker {
  node: number;
  host: string;
  port: number;
}

export function kafkaMetadata(address: string): Promise<{ brokers: Broker[]; controller: number }>;

export function probeKafka(list: string, expected: number): Promise<void>;

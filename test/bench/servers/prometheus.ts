/** A page of metrics in Prometheus' text format. */
export class MetricsPage {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  static async of(port: number): Promise<MetricsPage> {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
    return new MetricsPage(await response.text());
  }

  /**
   * Sum of a metric over all its labels, or over those lines that have this one; 0 where there is none.
   * @param label as it is written: `result="replayed"`
   */
  sum(name: string, label = ''): number {
    return this.#lines
      .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(label))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }
}

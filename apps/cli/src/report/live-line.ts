/** One line about a running command: in place on a terminal, line by line elsewhere. Goes to standard error. */
export class LiveLine {
  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  get inPlace(): boolean {
    return this.stream.isTTY;
  }

  show(text: string): void {
    this.stream.write(
      this.inPlace ? `\r\u001b[2K${text.slice(0, (this.stream.columns || 80) - 1)}` : `${text}\n`,
    );
  }

  /** Leaves the last line standing. */
  end(): void {
    if (this.inPlace) this.stream.write('\n');
  }
}

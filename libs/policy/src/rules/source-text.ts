/** Where something stands in a file, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The text of a file by its lines, for those who point at a part of it. */
export class SourceText {
  private readonly lines: readonly string[];

  constructor(
    readonly name: string,
    readonly text: string,
  ) {
    this.lines = text.split('\n');
  }

  placeOf(offset: number): Place {
    const before = this.text.slice(0, Math.max(0, offset));
    const line = before.split('\n').length;
    return { line, column: before.length - before.lastIndexOf('\n') };
  }

  /** A message that names the place, with the line and a mark under what is meant, which ends on that line. */
  pointAt(offset: number, end: number, message: string): string {
    const { line, column } = this.placeOf(offset);
    const shown = (this.lines[line - 1] ?? '').replace(/\r$/, '');
    const length = Math.max(1, Math.min(end - offset, shown.length - column + 1));
    const number = String(line);
    return [
      `${this.name}:${line}:${column}: ${message}`,
      `  ${number} | ${shown}`,
      `  ${' '.repeat(number.length)} | ${' '.repeat(column - 1)}${'^'.repeat(length)}`,
    ].join('\n');
  }
}

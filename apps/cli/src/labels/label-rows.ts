import { readLines, TrafficFileError, type ByteSource } from '@fraud/traffic';
import { CsvError, parse } from 'csv-parse';

/** What one line of a file says of a label, not checked. */
export interface LabelRow {
  /** Line of the uncompressed file, from 1. */
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What lines that do not say so are taken to say. */
export interface LabelDefaults {
  readonly source?: string | undefined;
  readonly labelled_at: string;
}

const REQUIRED = ['transaction_id', 'label'];

/**
 * Reads labels: a JSON object a line where the file begins with one, else CSV with a header. Fields that are absent or empty
 * get the default.
 * @throws TrafficFileError where it is neither
 */
export async function* readLabelRows(
  source: () => Promise<ByteSource>,
  defaults: LabelDefaults,
): AsyncGenerator<LabelRow> {
  const rows = (await isNdjson(await source())) ? readNdjson(await source()) : readCsv(await source());
  for await (const { line, value } of rows) {
    const given = Object.entries(value).filter(([, cell]) => cell !== '' && cell !== null);
    yield { line, value: { ...defaults, ...Object.fromEntries(given) } };
  }
}

async function isNdjson(source: ByteSource): Promise<boolean> {
  for await (const lines of readLines(source)) {
    const line = lines.find((text) => text.trim() !== '');
    if (line !== undefined) return line.trimStart().startsWith('{');
  }
  throw new TrafficFileError(source.path, 'is empty');
}

async function* readNdjson(source: ByteSource): AsyncGenerator<LabelRow> {
  let line = 0;
  for await (const lines of readLines(source)) {
    for (const text of lines) {
      line += 1;
      if (text.trim() !== '') yield { line, value: parseObject(text, source.path, line) };
    }
  }
}

function parseObject(text: string, path: string, line: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the line.
    throw new TrafficFileError(path, 'not JSON', line);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new TrafficFileError(path, 'not a JSON object', line);
}

async function* readCsv(source: ByteSource): AsyncGenerator<LabelRow> {
  const stream = source.open();
  const columns = (header: string[]): string[] => {
    const names = header.map((name) => name.trim());
    const missing = REQUIRED.filter((name) => !names.includes(name));
    if (missing.length > 0) {
      const message = `neither a JSON object a line, nor CSV with a header of transaction_id,label,source,labelled_at (no ${missing.join(', ')})`;
      throw new TrafficFileError(source.path, message, 1);
    }
    return names;
  };
  const parser = parse({ columns, bom: true, info: true, skip_empty_lines: true, trim: true });
  stream.once('error', (error) => parser.destroy(error));
  stream.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number };
    }>)
      yield { line: info.lines, value: record };
  } catch (cause) {
    if (cause instanceof CsvError)
      throw new TrafficFileError(source.path, 'not CSV', Number(cause['lines'] ?? 1));
    throw cause;
  } finally {
    stream.destroy();
    parser.destroy();
  }
}

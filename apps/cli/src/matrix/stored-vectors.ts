import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from 'hyparquet';

/**
 * The feature columns of a written matrix, read row group by row group in the order of the rows.
 */
export class StoredVectors {
  private group = -1;
  private from = 0;
  private to = 0;
  private columns: readonly ArrayLike<number>[] = [];

  private constructor(
    private readonly file: Awaited<ReturnType<typeof asyncBufferFromFile>>,
    private readonly metadata: Awaited<ReturnType<typeof parquetMetadataAsync>>,
    private readonly features: readonly string[],
  ) {}

  static async open(path: string, features: readonly string[]): Promise<StoredVectors> {
    const file = await asyncBufferFromFile(path);
    return new StoredVectors(file, await parquetMetadataAsync(file), features);
  }

  /**
   * The first feature in which a stored row differs from a vector, bit by bit; undefined where none does.
   * @param row number of the row; rows may only be asked for in ascending order
   */
  async difference(row: number, vector: Float32Array): Promise<string | undefined> {
    while (row >= this.to) await this.nextGroup();
    return this.features.find((_, f) => !Object.is(this.columns[f]![row - this.from], vector[f]));
  }

  private async nextGroup(): Promise<void> {
    const group = this.metadata.row_groups[++this.group];
    if (group === undefined) throw new RangeError('the matrix has no such row');
    this.from = this.to;
    this.to += Number(group.num_rows);
    const found = new Map<string, ArrayLike<number>>();
    await parquetRead({
      file: this.file,
      metadata: this.metadata,
      columns: [...this.features],
      rowStart: this.from,
      rowEnd: this.to,
      onChunk: ({ columnName, columnData, rowStart, rowEnd }) => {
        if (rowStart !== this.from || rowEnd !== this.to)
          throw new Error(`${columnName} is not written in one piece a row group`);
        found.set(columnName, columnData as ArrayLike<number>);
      },
    });
    this.columns = this.features.map((name) => found.get(name)!);
  }
}

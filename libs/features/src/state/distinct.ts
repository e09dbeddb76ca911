/** A power of two, more than twice what a log holds. */
const SIZE = 1024;

/** Counts different numbers without allocating; a `Set` costs several times as much when it is filled for every row. */
export class Distinct {
  size = 0;
  private readonly values = new Float64Array(SIZE);
  /** In which use of the table a place was taken. */
  private readonly uses = new Uint32Array(SIZE);
  private use = 1;

  clear(): void {
    this.size = 0;
    this.use += 1;
    if (this.use < 0xffff_ffff) return;
    this.uses.fill(0);
    this.use = 1;
  }

  add(value: number): void {
    const place = this.placeOf(value);
    if (this.uses[place] === this.use) return;
    this.uses[place] = this.use;
    this.values[place] = value;
    this.size += 1;
  }

  has(value: number): boolean {
    return this.uses[this.placeOf(value)] === this.use;
  }

  /** Where the value is, or would be. */
  private placeOf(value: number): number {
    let place = Math.imul(value, 0x9e3779b1) >>> 22;
    while (this.uses[place] === this.use && this.values[place] !== value) place = (place + 1) & (SIZE - 1);
    return place;
  }
}

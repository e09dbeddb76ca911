import { parseInstant, type FieldError } from '@fraud/contract';
import { ProblemError } from './errors/problem-error.js';

/** Reads the parameters of a query; what is wrong is gathered, so that an answer names all of it. */
export class Parameters {
  private readonly errors: FieldError[] = [];

  /** @param known what there is; anything else is wrong */
  constructor(
    private readonly given: Readonly<Record<string, unknown>>,
    known: readonly string[],
  ) {
    for (const name of Object.keys(given))
      if (!known.includes(name))
        this.fail(name, 'choice', `is not a parameter; there are ${known.join(', ')}`);
  }

  text(name: string): string | undefined {
    const value = this.given[name];
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    return this.fail(name, 'type', 'must be given once, and not be empty');
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = choices.find((one) => one === value);
    return found ?? this.fail(name, 'choice', `must be one of ${choices.join(', ')}`);
  }

  whole(name: string, least: number, most: number, usual: number): number {
    const value = this.text(name);
    if (value === undefined) return usual;
    const count = /^\d+$/.test(value) ? Number(value) : NaN;
    if (count >= least && count <= most) return count;
    this.fail(name, 'range', `must be a whole number from ${least} to ${most}`);
    return usual;
  }

  /** Numbers from 0 to 1 with commas between; none where it is not given. @param most that there may be */
  shares(name: string, most: number): number[] {
    const texts = this.text(name)?.split(',') ?? [];
    const shares = texts.map((text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN));
    if (shares.length <= most && shares.every((share) => share <= 1)) return shares;
    this.fail(name, 'range', `must be numbers from 0 to 1 with commas between, at most ${most}`);
    return [];
  }

  /** A date is its first moment, UTC. @returns ms since the epoch */
  moment(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const read = parseInstant(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
    return (
      read?.epochMs ??
      this.fail(name, 'format', 'must be a date such as 2026-01-05, or an RFC 3339 date-time with an offset')
    );
  }

  /** @throws ProblemError where anything was wrong */
  valid<T>(read: T): T {
    if (this.errors.length > 0) throw new ProblemError('invalid_query', { errors: this.errors });
    return read;
  }

  fail(field: string, code: string, message: string): undefined {
    this.errors.push({ field, code, message });
    return undefined;
  }
}

import { problem, type ErrorCode, type FieldError, type Problem } from '@fraud/contract';

/** Thrown where the answer is a problem that says more than its code. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;

  constructor(code: ErrorCode, extra: { detail?: string; errors?: readonly FieldError[] } = {}) {
    super(code);
    this.problem = problem(code, extra);
  }
}

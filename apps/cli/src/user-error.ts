/** Something that the user can put right: its message is printed without a stack, the exit code is 1. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

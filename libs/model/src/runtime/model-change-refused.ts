/** Why an administrator's change was not made. */
export class ModelChangeRefused extends Error {
  override readonly name = 'ModelChangeRefused';

  constructor(
    readonly code: 'model_set_by_environment' | 'nothing_to_roll_back' | 'control_contended',
    message: string,
  ) {
    super(message);
  }
}

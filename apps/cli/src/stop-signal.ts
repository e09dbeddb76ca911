/**
 * Ctrl-C (or SIGTERM) asks for an early end with a summary; a second one ends at once.
 * `forget` gives the signals back.
 */
export function stopSignal(): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    forget: () => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    },
  };
}

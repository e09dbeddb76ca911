import type { ChildProcess } from 'node:child_process';

/** Sends one message to a child and waits for its one reply. */
export function ask<Reply>(child: ChildProcess, message: object, timeoutMs = 10_000): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      act();
    };
    const onMessage = (reply: unknown): void => settle(() => resolve(reply as Reply));
    const onExit = (): void =>
      settle(() => reject(new Error(`process ${child.pid} ended while it was measured`)));
    const timer = setTimeout(
      () =>
        settle(() => reject(new Error(`process ${child.pid} did not reply within ${timeoutMs / 1000} s`))),
      timeoutMs,
    );
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.send(message);
  });
}

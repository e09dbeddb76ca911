/** What comes of work that takes too long. */
export const LATE = Symbol('late');

/** Waits for work, but not longer; what is late goes on by itself. */
export async function inTime<T>(work: Promise<T>, ms: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => {
      // Timers come first after a pause of this process: the work may be done.
      setImmediate(() => {
        resolve(LATE);
      });
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const nobody = new Int32Array(new SharedArrayBuffer(4));

/** Holds up this thread for a millisecond: for what the system does meanwhile. */
export function pause() {
  Atomics.wait(nobody, 0, 0, 1);
}

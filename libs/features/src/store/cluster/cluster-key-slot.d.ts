declare module 'cluster-key-slot' {
  /** Slot of a key, 0 … 16383. */
  export default function calculateSlot(key: string): number;
}

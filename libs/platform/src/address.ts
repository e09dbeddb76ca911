/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const MAX_PORT = 65_535;
const ADDRESS = /^[A-Za-z0-9._-]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/;

/** Whether a text is a list of host:port. */
export const areAddresses = (text: string): boolean =>
  text.split(',').every((one) => ADDRESS.test(one) && parseAddress(one).port <= MAX_PORT);

/** @param text host:port, the host in brackets where it has colons */
export function parseAddress(text: string): Address {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

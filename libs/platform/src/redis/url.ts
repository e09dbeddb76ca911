/** Whether a text is a Redis URL that can be used: scheme, host, port, credentials and database number. */
export function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (!['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') return false;
  if (!/^\/?\d{0,5}$/.test(url.pathname)) return false;
  try {
    decodeURIComponent(url.username);
    decodeURIComponent(url.password);
    return true;
  } catch {
    return false;
  }
}

/** The database number of a Redis URL. */
export const databaseOf = (url: string): number => Number(new URL(url).pathname.slice(1));

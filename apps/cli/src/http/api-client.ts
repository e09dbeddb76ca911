import type { Problem } from '@fraud/contract';
import { Pool } from 'undici';
import { UserError } from '../user-error.js';

/** What a server made of a request. */
export type ApiAnswer =
  | {
      readonly kind: 'answered';
      readonly body: unknown;
      readonly header: (name: string) => string | undefined;
    }
  /** `code`: of the problem document, `http_<status>`, or of the connection's failure. */
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly problem: Problem | null;
      /** Seconds after which the server may be asked again, where it said so. */
      readonly retryAfterS?: number;
    };

/** The HTTP API, seen from a caller. Failures are answers. */
export class ApiClient {
  private readonly pool: Pool;
  private readonly prefix: string;

  /**
   * @param url such as `http://127.0.0.1:8000`; a path is put before the API's
   * @param token of the administrator
   */
  constructor(
    private readonly url: string,
    connections: number,
    private readonly token?: string,
  ) {
    const { origin, pathname } = new URL(url);
    this.pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 });
    this.prefix = pathname.replace(/\/+$/, '');
  }

  /** @throws UserError when nothing answers there */
  async requireServer(): Promise<void> {
    try {
      const { body } = await this.pool.request({ path: `${this.prefix}/ready`, method: 'GET' });
      await body.dump();
    } catch (cause) {
      throw new UserError(`No server answers at ${this.url} (${codeOf(cause)}): is it running? npm start`, {
        cause,
      });
    }
  }

  post(path: string, content: unknown): Promise<ApiAnswer> {
    return this.ask('POST', path, JSON.stringify(content));
  }

  get(path: string): Promise<ApiAnswer> {
    return this.ask('GET', path);
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async ask(method: 'GET' | 'POST', path: string, content?: string): Promise<ApiAnswer> {
    const requestHeaders: Record<string, string> = {};
    if (content !== undefined) requestHeaders['content-type'] = 'application/json';
    if (this.token !== undefined) requestHeaders['authorization'] = `Bearer ${this.token}`;
    try {
      const { statusCode, headers, body } = await this.pool.request({
        path: this.prefix + path,
        method,
        headers: requestHeaders,
        body: content ?? null,
      });
      const text = await body.text();
      const json: unknown = text.startsWith('{') ? JSON.parse(text) : null;
      const header = (name: string): string | undefined => headers[name]?.toString();
      if (statusCode >= 200 && statusCode < 300 && json !== null)
        return { kind: 'answered', body: json, header };
      const problem = json as Problem | null;
      const code = problem?.code ?? `http_${statusCode}`;
      const retryAfterS = Number(header('retry-after'));
      return { kind: 'failed', code, problem, ...(retryAfterS > 0 && { retryAfterS }) };
    } catch (error) {
      return { kind: 'failed', code: codeOf(error), problem: null };
    }
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? code : String(message ?? error);
}

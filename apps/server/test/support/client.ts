import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { request as secureRequest } from 'node:https';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  readonly json: () => any;
}

/** What to send; headers replace those of a well-behaved page, and null leaves one out. */
export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | Buffer;
  readonly json?: unknown;
}

/** Whom to ask: an address with a token, as the server printed it. */
export class Client {
  readonly origin: string;
  readonly token: string;
  /** More for the connection: a certificate to trust. */
  readonly connection: RequestOptions;

  constructor(url: string, connection: RequestOptions = {}) {
    const { origin, searchParams } = new URL(url);
    this.origin = origin;
    this.token = searchParams.get('token') ?? '';
    this.connection = connection;
  }

  /** The cookie that the token is turned into. */
  get cookie(): string {
    const { port, protocol } = new URL(this.origin);
    return `${protocol === 'https:' ? '__Host-' : ''}rotokit-${port}=${this.token}`;
  }

  /** One request, as the page would send it. Nothing is followed. */
  ask(path: string, asking: Asking = {}): Promise<Answer> {
    const body = asking.json === undefined ? asking.body : JSON.stringify(asking.json);
    const headers: Record<string, string | null> = {
      cookie: this.cookie,
      origin: this.origin,
      'sec-fetch-site': 'same-origin',
      ...(asking.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...asking.headers,
    };
    const sent = Object.fromEntries(Object.entries(headers).filter(([, v]) => v !== null)) as Record<string, string>;
    return new Promise((resolve, reject) => {
      const { hostname, port, protocol } = new URL(this.origin);
      const where = { hostname, port, path, method: asking.method ?? 'GET', headers: sent, ...this.connection };
      const call = (protocol === 'https:' ? secureRequest : request)(where, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const whole = Buffer.concat(parts);
          const { statusCode = 0, headers: h } = response;
          resolve({ status: statusCode, headers: h, body: whole, json: () => JSON.parse(whole.toString()) });
        });
      });
      call.on('error', reject);
      if (body !== undefined) call.write(body);
      call.end();
    });
  }
}

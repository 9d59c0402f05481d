import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from './weights.js';

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** A way to answer one request to a file. */
export type Behaviour = (bytes: Buffer, request: IncomingMessage, response: ServerResponse) => void;

const rangeOf = (request: IncomingMessage) => Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);

const etagOf = (bytes: Buffer) => `"${sha256(bytes).slice(0, 32)}"`;

/** As a good file server does: ranges, a validator, a true length. */
export const wellBehaved: Behaviour = (bytes, request, response) => {
  const from = request.headers['if-range'] && request.headers['if-range'] !== etagOf(bytes) ? 0 : rangeOf(request);
  if (from > 0 && from >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const body = bytes.subarray(from);
  const range = from ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
  response.writeHead(from ? 206 : 200, { 'content-length': body.length, etag: etagOf(bytes), ...range });
  response.end(request.method === 'HEAD' ? undefined : body);
};

/** Drops the connection after so many bytes of what it was asked for. */
export const dropsAfter =
  (count: number): Behaviour =>
  (bytes, request, response) => {
    const from = rangeOf(request);
    const range = from ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(from ? 206 : 200, { 'content-length': bytes.length - from, etag: etagOf(bytes), ...range });
    response.write(bytes.subarray(from, from + count), () => setTimeout(() => response.destroy(), 20));
  };

/** Ignores that a range was asked for. */
export const ignoresRanges: Behaviour = (bytes, _request, response) => {
  response.writeHead(200, { 'content-length': bytes.length, etag: etagOf(bytes) }).end(bytes);
};

/** Answers a status and no more. */
export const answers =
  (status: number): Behaviour =>
  (_bytes, _request, response) => {
    response.writeHead(status).end();
  };

/** A hub on this machine: files by address, what it announces of them, and how it answers the next requests. */
export class HubServer {
  readonly seen: Seen[] = [];
  /** How the next GETs are answered, one after another; then as `usual`. */
  readonly next: Behaviour[] = [];
  usual: Behaviour = wellBehaved;
  /** What HEAD says beside the length; undefined: HEAD is refused with 405. */
  announces: ((bytes: Buffer) => Readonly<Record<string, string>>) | undefined = (bytes) => ({
    'x-linked-etag': `"${sha256(bytes)}"`,
    'x-linked-size': String(bytes.length),
    'x-repo-commit': 'c'.repeat(40),
  });
  /** Where a GET or HEAD is sent on to instead of being answered: another server with the same paths. */
  redirect: string | undefined;
  /** The token that is demanded. */
  token: string | undefined;
  readonly #files = new Map<string, Buffer>();
  readonly #server = createServer((request, response) => this.#answer(request, response));
  url = '';

  /** Starts on a free port. */
  static async start(): Promise<HubServer> {
    const hub = new HubServer();
    await new Promise<void>((ready) => hub.#server.listen(0, '127.0.0.1', ready));
    hub.url = `http://127.0.0.1:${(hub.#server.address() as AddressInfo).port}`;
    return hub;
  }

  /** Publishes a file of a repository. */
  publish(repository: string, file: string, bytes: Buffer): void {
    this.#files.set(`/${repository}/resolve/main/${file}`, bytes);
  }

  /** The ranges that GETs asked for, in order; 0 for the whole file. */
  get asked(): number[] {
    return this.seen.filter((s) => s.method === 'GET').map((s) => Number(/\d+/.exec(s.range ?? '')?.[0] ?? 0));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '', headers } = request;
    const path = new URL(url, 'http://hub').pathname;
    this.seen.push({ method, path, range: headers.range, authorization: headers.authorization });
    const bytes = this.#files.get(path);
    if (this.token && headers.authorization !== `Bearer ${this.token}`) {
      answers(headers.authorization ? 403 : 401)(Buffer.alloc(0), request, response);
      return;
    }
    if (!bytes) {
      answers(404)(Buffer.alloc(0), request, response);
      return;
    }
    if (this.redirect) {
      response.writeHead(302, { location: `${this.redirect}${path}`, ...this.announces?.(bytes) }).end();
      return;
    }
    if (method === 'HEAD') {
      if (!this.announces) response.writeHead(405).end();
      else response.writeHead(200, { 'content-length': bytes.length, ...this.announces(bytes) }).end();
      return;
    }
    (this.next.shift() ?? this.usual)(bytes, request, response);
  }
}

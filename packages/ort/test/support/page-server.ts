import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../../..');
const PAGE = '/packages/ort/test/support/page/index.html';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Serves the repository's built code to the test page, isolated so that threads work, and passes bytes to and fro. */
export interface PageServer {
  readonly url: string;
  /** Puts bytes where the page can fetch them; says where. */
  put(bytes: Uint8Array): string;
  /** Lets the page fetch a file of the disk; says where. */
  link(path: string): string;
  /** Takes what is at a place, once. */
  take(url: string): Uint8Array;
  close(): Promise<void>;
}

/** Starts the server on a free port. */
export async function startPageServer(): Promise<PageServer> {
  const blobs = new Map<string, Uint8Array>();
  const links = new Map<string, string>();
  let next = 0;
  const put = (bytes: Uint8Array) => {
    const url = `/blob/${next++}`;
    blobs.set(url, bytes);
    return url;
  };
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url!, 'http://page').pathname));
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (request.method === 'POST') {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      response.end(put(Buffer.concat(parts)));
      return;
    }
    const blob = blobs.get(path);
    if (blob) {
      response.end(blob);
      return;
    }
    const file = links.get(path) ?? join(ROOT, path === '/' ? PAGE : path);
    if (!(await stat(file).catch(() => undefined))?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    put,
    link(path) {
      const url = `/link/${next++}`;
      links.set(url, path);
      return url;
    },
    take(url) {
      const bytes = blobs.get(url)!;
      blobs.delete(url);
      return bytes;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Handler } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The folder of the bundled page. @throws Error when it was not built. */
export const pageFolder = (): string =>
  fileURLToPath(new URL('.', import.meta.resolve('@rotokit/studio/page/index.html')));

/**
 * Answers with the files of the page: a few names known when the server starts, nothing else of the disk.
 * @throws Error when the page is not there.
 */
export async function servePage(folder: string): Promise<Handler> {
  const files = new Map<string, { readonly type: string; readonly plain: Uint8Array; readonly packed: Uint8Array }>();
  for (const name of ['index.html', 'studio.js', 'studio.css', 'icon.svg']) {
    const plain = await readFile(join(folder, name));
    files.set(name, { type: TYPES[extname(name)] as string, plain, packed: gzipSync(plain, { level: 9 }) });
  }
  return (c) => {
    const name = c.req.path === '/' ? 'index.html' : c.req.path.slice(1);
    const file = files.get(name);
    if (!file) return c.json({ code: 'NOT_FOUND', message: 'there is nothing here', fix: 'Open `/`.' }, 404);
    const packed = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
    return c.body((packed ? file.packed : file.plain) as Uint8Array<ArrayBuffer>, 200, {
      'content-type': file.type,
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      ...(packed ? { 'content-encoding': 'gzip' } : {}),
    });
  };
}

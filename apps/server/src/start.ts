import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, resolve } from 'node:path';
import { serve } from '@hono/node-server';
import { buildApp } from './http/app.js';
import { LIMITS, type Limits } from './http/limits.js';
import { pageFolder, servePage } from './http/page.js';
import { OpenFolders } from './projects/folders.js';
import { Registry } from './projects/registry.js';

/** How to serve the studio. */
export interface StudioOptions {
  /** A clip or a project to open at once. */
  readonly open?: string;
  /** The file that keeps the work on a clip; by the clip's name in the first folder unless told. */
  readonly project?: string;
  /** Folders that may be read and written, beside that of what is opened. The first one takes new projects. */
  readonly folders: readonly string[];
  /** 0 takes a free one. */
  readonly port?: number;
  /** A loopback address: 127.0.0.1 unless told. */
  readonly host?: string;
  readonly limits?: Partial<Limits>;
  /** The folder of the built page; that of @rotokit/studio unless told. */
  readonly page?: string;
  readonly log?: (line: string) => void;
}

/** A studio that is being served. */
export interface Studio {
  /** With the token: whoever has it has the project. */
  readonly url: string;
  /** Stops jobs, closes projects and the port. */
  close(): Promise<void>;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Serves the studio to this machine.
 * @throws RangeError for a host that is not this machine: there is no TLS and there are no users yet, so it is refused.
 * @throws RotokitError or CallFailed when the clip or project cannot be opened.
 */
export async function startStudio(options: StudioOptions): Promise<Studio> {
  const { host = '127.0.0.1', open, log = () => {} } = options;
  if (!LOOPBACK.has(host))
    throw new RangeError(
      `host must be 127.0.0.1, ::1 or localhost, got ${host}: the studio is for this machine only; use an SSH tunnel to reach it from another`,
    );
  const page = await servePage(options.page ?? pageFolder());
  const beside = [open, options.project].filter((p) => p !== undefined).map((p) => dirname(resolve(p)));
  const registry = new Registry(await OpenFolders.of([...options.folders, ...beside]));
  const token = randomBytes(24).toString('base64url');
  let port = options.port ?? 0;
  const limits = { ...LIMITS, ...options.limits };
  try {
    if (open !== undefined) await registry.open(resolve(open), options.project && resolve(options.project));
    const app = buildApp({ registry, guard: { token, port: () => port }, limits, page, log });
    const server = await listen(app.fetch, host, port);
    port = (server.address() as AddressInfo).port;
    const name = host === '::1' ? '[::1]' : host;
    return {
      url: `http://${name}:${port}/?token=${token}`,
      async close() {
        const closed = new Promise((done) => server.close(done));
        server.closeAllConnections();
        await Promise.all([closed, registry.closeAll()]);
      },
    };
  } catch (error) {
    await registry.closeAll();
    throw error;
  }
}

function listen(fetch: Parameters<typeof serve>[0]['fetch'], hostname: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch, hostname, port, serverOptions: { headersTimeout: 10_000, requestTimeout: 30_000 } },
      () => {
        server.off('error', reject);
        resolve(server);
      },
    ) as Server;
    server.once('error', reject);
  });
}

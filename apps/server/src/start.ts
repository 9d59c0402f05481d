import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { serve } from '@hono/node-server';
import type { ModelHub } from '@rotokit/core/ports';
import { hubOf, modelFolder } from 'rotokit';
import { type Address, addressOf, type TlsFiles } from './http/address.js';
import { buildApp } from './http/app.js';
import { LIMITS, type Limits } from './http/limits.js';
import { pageFolder, servePage } from './http/page.js';
import type { Services } from './http/services.js';
import { Visitors } from './http/visitors.js';
import { Batch } from './machine/batch.js';
import { Models } from './machine/models.js';
import { ProxyShelf } from './pictures/proxy-shelf.js';
import { OpenFolders } from './projects/folders.js';
import { Registry } from './projects/registry.js';
import { Presets } from './user/presets.js';
import { Recent } from './user/recent.js';
import { cacheFolder, userFolder } from './user/user-folder.js';

/** Bytes on disk of the pictures for playing of all clips together: of some 100,000 frames. */
const PROXY_BYTES = 10e9;

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
  /** Where to listen: 127.0.0.1 unless told. Anything that other machines reach needs `tls`. */
  readonly host?: string;
  /** Certificate and key, PEM. */
  readonly tls?: TlsFiles;
  /** Who may come in and edit, each with a token of their own; one user called `owner` unless told. */
  readonly users?: readonly string[];
  /** The models that can be had; as the environment says unless told. */
  readonly hub?: ModelHub;
  /** The folder of the user's own choices; where the system keeps such things unless told. */
  readonly config?: string;
  /** Where pictures for playing are kept, of all clips; below `config` where that is told, else where the system keeps what can be made again. */
  readonly cache?: string;
  readonly limits?: Partial<Limits>;
  /** The folder of the built page; that of @rotokit/studio unless told. */
  readonly page?: string;
  readonly log?: (line: string) => void;
}

/** A studio that is being served. */
export interface Studio {
  /** The first user's address, with the token: whoever has it has the project. */
  readonly url: string;
  /** Everybody's address. */
  readonly users: readonly { readonly name: string; readonly url: string }[];
  /** Stops jobs, closes projects and the port. What was not finished goes on when it is opened again. */
  close(): Promise<void>;
}

/**
 * Serves the studio: to this machine, or with TLS to others.
 * @throws RangeError for an address that others reach without TLS, a certificate or key that does not fit, a user's name that cannot stand.
 * @throws RotokitError or CallFailed when the clip or project cannot be opened.
 */
export async function startStudio(options: StudioOptions): Promise<Studio> {
  const { open, log = () => {} } = options;
  const address = await addressOf(options.host ?? '127.0.0.1', options.tls);
  const visitors = new Visitors();
  const invited = (options.users ?? ['owner']).map((name) => ({ name, token: visitors.invite(name, 'edit').token }));
  const page = await servePage(options.page ?? pageFolder());
  const services = await servicesOf(options, visitors);
  const { registry, batch, models } = services;
  const limits = { ...LIMITS, ...options.limits };
  let port = options.port ?? 0;
  const closeAll = async () => {
    await Promise.all([batch.close(), models.close()]);
    await registry.closeAll();
  };
  try {
    if (open !== undefined)
      await registry.open(resolve(open), { project: options.project && resolve(options.project), named: true });
    const app = buildApp({ services, guard: { address, port: () => port }, limits, page, log });
    const server = await listen(app.fetch, address, port, limits);
    port = (server.address() as AddressInfo).port;
    const origin = `${address.tls ? 'https' : 'http'}://${address.shown}:${port}`;
    const users = invited.map(({ name, token }) => ({ name, url: `${origin}/?token=${token}` }));
    return {
      url: users[0]?.url ?? origin,
      users,
      async close() {
        const closed = new Promise((done) => server.close(done));
        server.closeAllConnections();
        await Promise.all([closed, closeAll()]);
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function servicesOf(options: StudioOptions, visitors: Visitors): Promise<Services> {
  const config = options.config ?? userFolder(process.env);
  const beside = [options.open, options.project].filter((p) => p !== undefined).map((p) => dirname(resolve(p)));
  const recent = new Recent(config);
  const folders = await OpenFolders.of([...options.folders, ...beside]);
  const cache = options.cache ?? (options.config ? join(options.config, 'cache') : cacheFolder(process.env));
  const shelf = new ProxyShelf(join(cache, 'proxies'), PROXY_BYTES);
  const registry = new Registry(folders, shelf, (project) => void recent.add(project));
  return {
    registry,
    visitors,
    recent,
    presets: new Presets(config),
    batch: await Batch.open(registry, config),
    models: new Models(options.hub ?? hubOf(process.env), modelFolder(process.env)),
  };
}

type Fetch = Parameters<typeof serve>[0]['fetch'];

function listen(fetch: Fetch, { host, tls }: Address, port: number, limits: Limits): Promise<Server> {
  const headersTimeout = limits.headerMilliseconds;
  const times = {
    headersTimeout,
    requestTimeout: 3 * headersTimeout,
    connectionsCheckingInterval: Math.min(2000, headersTimeout),
  };
  const made = tls
    ? { createServer: createSecureServer, serverOptions: { ...times, ...tls } }
    : { createServer, serverOptions: times };
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port, ...made } as Parameters<typeof serve>[0], () => {
      server.off('error', reject);
      resolve(server);
    }) as Server;
    server.maxConnections = limits.connections;
    server.once('error', reject);
  });
}

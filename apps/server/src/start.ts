import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { serve } from '@hono/node-server';
import type { ModelHub } from '@rotokit/core/ports';
import { hubOf, modelFolder } from 'rotokit';
import { type Address, addressOf, isLoopback, type TlsFiles } from './http/address.js';
import { buildApp } from './http/app.js';
import { LIMITS, type Limits } from './http/limits.js';
import { pageFolder, servePage } from './http/page.js';
import type { Services } from './http/services.js';
import { visitorFile } from './http/visitor-file.js';
import { type Visitor, Visitors } from './http/visitors.js';
import { Batch } from './machine/batch.js';
import { Models } from './machine/models.js';
import { ProxyShelf } from './pictures/proxy-shelf.js';
import { OpenFolders } from './projects/folders.js';
import type { ResourceChoices } from './projects/open-project.js';
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
  /** Those of them who get a new address although theirs is still good, which then ends. */
  readonly renew?: readonly string[];
  /** Days for which addresses are good where they outlive the server: 30. */
  readonly linkDays?: number;
  /** The models that can be had; as the environment says unless told. */
  readonly hub?: ModelHub;
  /** The folder of the user's own choices; where the system keeps such things unless told. */
  readonly config?: string;
  /** Where pictures for playing are kept, of all clips; below `config` where that is told, else where the system keeps what can be made again. */
  readonly cache?: string;
  /** How much of the machine to use: a preset of docs/hardware.md; the one that fits unless told. */
  readonly hardware?: ResourceChoices['hardware'];
  /** Most bytes of memory for the server, and for each project's process: caches shrink with it, and work that needs more is refused. */
  readonly memoryLimit?: number;
  readonly limits?: Partial<Limits>;
  /** The folder of the built page; that of @rotokit/studio unless told. */
  readonly page?: string;
  readonly log?: (line: string) => void;
}

/** A studio that is being served. */
export interface Studio {
  /** The first user's address, with the token: whoever has it has the project. Without it where that was told before. */
  readonly url: string;
  readonly users: readonly StudioUser[];
  /** Stops jobs, closes projects and the port. What was not finished goes on when it is opened again. */
  close(): Promise<void>;
}

/** Somebody who may edit. */
export interface StudioUser {
  readonly name: string;
  /** With the token, which is told once: absent where an earlier run told it and it is still good. */
  readonly url?: string;
  /** When it ends, in milliseconds since 1970; absent where that is with the server. */
  readonly until?: number;
}

/**
 * Serves the studio: to this machine, or with TLS to others. Where it listens for others and its users have names, their addresses and links for looking
 * outlive it: by the digests of their tokens, in a file that only its owner can read, for `linkDays`. Who is no longer named may no longer come in.
 * @throws RangeError for an address that others reach without TLS, a certificate or key that does not fit, a user's name that cannot stand.
 * @throws RotokitError or CallFailed when the clip or project cannot be opened.
 */
export async function startStudio(options: StudioOptions): Promise<Studio> {
  const { open, log = () => {} } = options;
  const address = await addressOf(options.host ?? '127.0.0.1', options.tls);
  const visitors = await visitorsOf(options, address);
  const invited = await invitedTo(visitors, options);
  const page = await servePage(options.page ?? pageFolder());
  const services = await servicesOf(options, visitors);
  const { registry, batch, models } = services;
  const limits = { ...LIMITS, ...options.limits };
  let port = options.port ?? 0;
  const closeAll = async () => {
    visitors.close();
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
    const users = invited.map(({ visitor: { name, until }, token }) => ({
      name,
      ...(token === undefined ? {} : { url: `${origin}/?token=${token}` }),
      ...(until === undefined ? {} : { until }),
    }));
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

const DAY_MS = 86_400_000;

/** Those who were invited before and still may come in, where invitations are kept: for others than the loopback interface, to users who have names. */
async function visitorsOf(options: StudioOptions, { host }: Address): Promise<Visitors> {
  const { linkDays = 30, users } = options;
  if (!(linkDays > 0)) throw new RangeError(`linkDays must be above 0, got ${linkDays}`);
  if (!users || isLoopback(host)) return Visitors.open();
  const file = visitorFile(configOf(options), resolve(options.folders[0] ?? '.'));
  return Visitors.open({ file, milliseconds: linkDays * DAY_MS });
}

interface Invited {
  readonly visitor: Visitor;
  readonly token?: string;
}

/** Everybody who is named: those who are known stay, the others get a token, and whoever is not named goes. */
async function invitedTo(visitors: Visitors, { users = ['owner'], renew = [] }: StudioOptions): Promise<Invited[]> {
  for (const name of renew)
    if (!users.includes(name)) throw new RangeError(`${name} is to be renewed and is none of the users`);
  const stays = ({ name, access }: Visitor) => access === 'view' || (users.includes(name) && !renew.includes(name));
  for (const v of visitors.list()) if (!stays(v)) await visitors.revoke(v.id);
  const invited: Invited[] = [];
  for (const name of new Set(users)) {
    const visitor = visitors.list().find((v) => v.access === 'edit' && v.name === name);
    invited.push(visitor ? { visitor } : await visitors.invite(name, 'edit'));
  }
  return invited;
}

const configOf = ({ config }: StudioOptions): string => config ?? userFolder(process.env);

async function servicesOf(options: StudioOptions, visitors: Visitors): Promise<Services> {
  const config = configOf(options);
  const beside = [options.open, options.project].filter((p) => p !== undefined).map((p) => dirname(resolve(p)));
  const recent = new Recent(config);
  const folders = await OpenFolders.of([...options.folders, ...beside]);
  const cache = options.cache ?? (options.config ? join(options.config, 'cache') : cacheFolder(process.env));
  const shelf = new ProxyShelf(join(cache, 'proxies'), PROXY_BYTES);
  const { hardware, memoryLimit } = options;
  const resources = { ...(hardware ? { hardware } : {}), ...(memoryLimit === undefined ? {} : { memoryLimit }) };
  const registry = new Registry(folders, { shelf, resources }, (project) => void recent.add(project));
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

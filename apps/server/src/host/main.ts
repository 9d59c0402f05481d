/** The process of one project: a decoder or an engine that fails takes down one project, never the server. */
import { existsSync } from 'node:fs';
import { openRoto as openStore } from '@rotokit/store';
import { openRoto, type RotoOptions } from 'rotokit';
import { EngineChoice } from '../api/index.js';
import { JobBook } from './job-book.js';
import { failureOf } from './jobs.js';
import type { FromHost, HostRequest, ToHost } from './messages.js';
import { ProjectHost } from './project-host.js';

let host: ProjectHost | undefined;
const send = (message: FromHost) => {
  if (process.connected) process.send?.(message);
};

async function open(request: HostRequest): Promise<void> {
  try {
    const engine = request.engine ?? (await chosenEngine(request.project));
    const wishes = engine ? defined(engine) : {};
    const project = request.path === request.project ? {} : { project: request.project };
    const roto = await openRoto(request.path, { ...wishes, ...project });
    const book = await JobBook.open(request.project);
    let opened = false;
    const asked = engine ? { ...request, engine } : request;
    host = new ProjectHost(roto, book, asked, (event) => opened && send({ kind: 'event', event }));
    await host.goOn();
    opened = true;
    send({ kind: 'opened' });
  } catch (error) {
    send({ kind: 'refused', failure: failureOf(error) });
  }
}

/** The engine that was chosen for a project, as it keeps it. */
async function chosenEngine(project: string): Promise<EngineChoice | undefined> {
  if (!existsSync(project)) return undefined;
  const store = await openStore(project, { access: 'read' });
  try {
    const { records } = await store.load();
    const values = records.find((r) => r.type === 'settings')?.values as { readonly engine?: unknown } | undefined;
    return EngineChoice.safeParse(values?.engine).data;
  } finally {
    await store.close();
  }
}

const defined = (choice: EngineChoice): RotoOptions =>
  Object.fromEntries(Object.entries(choice).filter(([, v]) => v !== undefined));

async function call({ id, method, args }: Extract<ToHost, { kind: 'call' }>): Promise<void> {
  try {
    if (!host) throw new TypeError('the project is not open');
    const value = await (host[method] as (...a: readonly unknown[]) => Promise<unknown>).apply(host, args as unknown[]);
    send({ kind: 'value', id, value });
    if (method === 'close') process.disconnect();
  } catch (error) {
    send({ kind: 'failed', id, failure: failureOf(error) });
  }
}

process.on('message', (message: ToHost) => {
  if (message.kind === 'open') void open(message.request);
  else void call(message);
});
// The server is gone: what was reported is on disk; the rest is let go, and with it the right to write.
process.on('disconnect', () => {
  const forced = setTimeout(() => process.exit(0), 3000);
  forced.unref();
  void Promise.resolve(host?.close()).then(
    () => process.exit(0),
    () => process.exit(0),
  );
});
// Keys of the terminal reach the whole group; the server decides when this process ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});

/** The process of one project: a decoder or an engine that fails takes down one project, never the server. */
import { openRoto } from 'rotokit';
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
    const { path, project, resources } = request;
    const roto = await openRoto(path, path === project ? resources : { ...resources, project });
    const book = await JobBook.open(request.project);
    let opened = false;
    host = new ProjectHost(roto, book, request, (event) => opened && send({ kind: 'event', event }));
    await host.goOn();
    opened = true;
    send({ kind: 'opened' });
  } catch (error) {
    send({ kind: 'refused', failure: failureOf(error) });
  }
}

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

import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { HARDWARE_NAMES, type HardwareName } from '@rotokit/core/resources';
import type { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import { type LongOptions, megabytes, reporterOf, result, withJson } from './shared.js';

interface ServeOptions extends LongOptions {
  readonly project?: string;
  readonly folder?: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly user?: readonly string[];
  readonly renew?: readonly string[];
  readonly linkDays?: number;
  readonly log?: boolean;
  readonly hardware: HardwareName | 'auto';
  readonly memoryLimit?: number;
}

/** Somebody who may edit: the address is told once, and absent where an earlier run told it. */
interface ServedUser {
  readonly name: string;
  readonly url?: string;
  readonly until?: number;
}

/** The door of the studio's server, as far as this command uses it. */
interface StudioServer {
  startStudio(options: {
    readonly open?: string;
    readonly project?: string;
    readonly folders: readonly string[];
    readonly port: number;
    readonly host: string;
    readonly tls?: { readonly cert: string; readonly key: string };
    readonly users?: readonly string[];
    readonly renew?: readonly string[];
    readonly linkDays?: number;
    readonly log?: (line: string) => void;
    readonly hardware: HardwareName | 'auto';
    readonly memoryLimit?: number;
  }): Promise<{
    readonly url: string;
    readonly users: readonly ServedUser[];
    close(): Promise<void>;
  }>;
}

/** The server is built on this package, so it cannot be imported by it; it is found by name when it is asked for (docs/decisions/0006-studio.md). */
const SERVER = '@rotokit/server';

/** `rotokit serve [CLIP | SHOT.roto]`: the studio in the browser, until the command is stopped. */
export function addServe(program: Command, signal: AbortSignal): void {
  const command = program
    .command('serve [clip]')
    .description('The studio in the browser: on this machine, or with TLS for others.');
  withServing(command).action(async (clip: string | undefined, options: ServeOptions) => {
    const server = await load(command);
    const { project, folder, port, host, tlsCert: cert, tlsKey: key, user, hardware, memoryLimit } = options;
    if ((cert === undefined) !== (key === undefined))
      return command.error('--tls-cert and --tls-key belong together', { exitCode: EXIT.usage });
    // A pattern of pictures is no file; what is wrong with one is told when it is opened.
    if (clip !== undefined && !/[#%]/.test(clip) && !existsSync(clip))
      return command.error(`${clip}: there is no such file here`, { exitCode: EXIT.usage });
    const starting = server.startStudio({
      ...(clip === undefined ? {} : { open: clip }),
      ...(project === undefined ? {} : { project }),
      ...(options.log ? { log: (line: string) => process.stderr.write(`${line}\n`) } : {}),
      ...(cert !== undefined && key !== undefined ? { tls: { cert, key } } : {}),
      ...(user ? { users: user } : {}),
      ...(options.renew ? { renew: options.renew } : {}),
      ...(options.linkDays === undefined ? {} : { linkDays: options.linkDays }),
      ...(memoryLimit === undefined ? {} : { memoryLimit }),
      folders: folder ?? ['.'],
      hardware,
      port,
      host,
    });
    const studio = await starting.catch((error: unknown) => refused(options.json === true, error));
    if (!studio) return;
    try {
      result(
        options,
        user ? { url: studio.url, users: studio.users } : { url: studio.url },
        `${user ? studio.users.map(addressLine).join('\n') : studio.url}\nWhoever has this address has the project. Ctrl+C ends it.`,
      );
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      await studio.close();
    }
    reporterOf(options).note('closed; everything that was reported done is in the project');
  });
}

/** Adds the options of serving. */
function withServing(command: Command): Command {
  return withJson(command)
    .option(
      '-p, --project <file>',
      "the .roto file that keeps the work on a clip; CLIP's name in the current folder unless told",
    )
    .option(
      '--folder <path>',
      'a folder that may be read and written, once for each; the current one unless told',
      each,
    )
    .option('--port <number>', '0 takes a free one', Number, 0)
    .option('--host <address>', 'where to listen; what other machines reach needs TLS', '127.0.0.1')
    .option('--tls-cert <file>', 'certificate in PEM, the chain included')
    .option('--tls-key <file>', 'its private key in PEM')
    .option('--user <name>', 'somebody who may come in, once for each, with an address of their own', each)
    .option('--renew <name>', 'a new address for this user; the one told before ends', each)
    .option('--link-days <n>', 'how long addresses are good that outlive the server: with --host and --user', Number)
    .option('--hardware <name>', `how much of the machine to use: auto, ${HARDWARE_NAMES.join(', ')}`, 'auto')
    .option('--memory-limit <MB>', 'memory that the server, and each open project, is to stay within', megabytes)
    .option('--log', 'a line for each request on standard error')
    .addHelpText(
      'after',
      '\nExamples:\n  rotokit serve plate.mov\n  rotokit serve sh010.roto\n  rotokit serve --host 0.0.0.0 --tls-cert studio.pem --tls-key studio.key --port 8443 --user anna --user ben',
    );
}

/** Collects an option that is given once for each value, so that none swallows what stands behind it. */
const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function addressLine({ name, url, until }: ServedUser): string {
  const end = until === undefined ? '' : `, good until ${new Date(until).toISOString().slice(0, 10)}`;
  return url === undefined
    ? `${name}: the address told before${end}; --renew ${name} makes another one`
    : `${name}: ${url}${end}`;
}

/** Tells what the process of a project refused, with what to do about it; everything else is thrown on. */
function refused(json: boolean, error: unknown): undefined {
  const { failure } = error as { failure?: { code: string; message: string; fix: string } };
  if (!failure) throw error;
  const { code, message, fix } = failure;
  const said = json ? JSON.stringify({ event: 'error', code, message, fix }) : `${code}: ${message}\n${fix}`;
  process.stderr.write(`${said}\n`);
  process.exitCode = EXIT.failed;
  return undefined;
}

async function load(command: Command): Promise<StudioServer> {
  try {
    return (await import(SERVER)) as StudioServer;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return command.error('The studio is not installed: npm install @rotokit/server', { exitCode: 1 });
  }
}

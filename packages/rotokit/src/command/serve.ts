import { once } from 'node:events';
import type { Command } from 'commander';
import { type LongOptions, reporterOf, result, withJson } from './shared.js';

interface ServeOptions extends LongOptions {
  readonly project?: string;
  readonly folder?: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly log?: boolean;
}

/** The door of the studio's server, as far as this command uses it. */
interface StudioServer {
  startStudio(options: {
    readonly open?: string;
    readonly project?: string;
    readonly folders: readonly string[];
    readonly port: number;
    readonly host: string;
    readonly log?: (line: string) => void;
  }): Promise<{ readonly url: string; close(): Promise<void> }>;
}

/** The server is built on this package, so it cannot be imported by it; it is found by name when it is asked for (docs/decisions/0010). */
const SERVER = '@rotokit/server';

/** `rotokit serve [CLIP | SHOT.roto]`: the studio in the browser, until the command is stopped. */
export function addServe(program: Command, signal: AbortSignal): void {
  const command = program.command('serve [clip]').description('The studio in the browser, on this machine only.');
  withJson(command)
    .option(
      '-p, --project <file>',
      "the .roto file that keeps the work on a clip; CLIP's name in the current folder unless told",
    )
    .option('--folder <path...>', 'folders that may be read and written; the current one unless told')
    .option('--port <number>', '0 takes a free one', Number, 0)
    .option('--host <address>', 'a loopback address', '127.0.0.1')
    .option('--log', 'a line for each request on standard error')
    .addHelpText('after', '\nExamples:\n  rotokit serve plate.mov\n  rotokit serve sh010.roto')
    .action(async (clip: string | undefined, options: ServeOptions) => {
      const server = await load(command);
      const { project, folder, port, host } = options;
      const studio = await server.startStudio({
        ...(clip === undefined ? {} : { open: clip }),
        ...(project === undefined ? {} : { project }),
        ...(options.log ? { log: (line: string) => process.stderr.write(`${line}\n`) } : {}),
        folders: folder ?? ['.'],
        port,
        host,
      });
      try {
        result(
          options,
          { url: studio.url },
          `${studio.url}\nWhoever has this address has the project. Ctrl+C ends it.`,
        );
        if (!signal.aborted) await once(signal, 'abort');
      } finally {
        await studio.close();
      }
      reporterOf(options).note('closed; everything that was reported done is in the project');
    });
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

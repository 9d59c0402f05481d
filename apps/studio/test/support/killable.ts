import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../../../server/test/support/serve-once.mjs');

/** A studio in a process group of its own, which can be ended as a power cut does. */
export class KillableStudio {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Serves a clip or project of a folder; the user's own settings lie there too. */
  static async start(folder: string, open: string): Promise<KillableStudio> {
    const options = JSON.stringify({ folders: [folder], open, config: join(folder, '.config') });
    const child = spawn(process.execPath, [SCRIPT, options], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (d: Buffer) => resolve(d.toString().trim()));
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
    return new KillableStudio(url, child);
  }

  /** Ends the server and the process of its project at once. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    process.kill(-(this.#child.pid as number), 'SIGKILL');
    await gone;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, 'serve-once.mjs');

/** What to serve beside the folder: a clip or project, the page, and whatever else `startStudio` takes that JSON can say. */
export interface KillableOptions {
  readonly open?: string;
  readonly page?: string;
  readonly users?: readonly string[];
  readonly memoryLimit?: number;
}

/** A studio in a process group of its own, which can be ended as a power cut does. */
export class KillableStudio {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Serves a folder; the user's own settings lie there too. */
  static async start(folder: string, more: KillableOptions = {}): Promise<KillableStudio> {
    const options = JSON.stringify({ folders: [folder], config: join(folder, '.config'), ...more });
    const child = spawn(process.execPath, [SCRIPT, options], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (d: Buffer) => resolve(d.toString().trim()));
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
    return new KillableStudio(url, child);
  }

  /** Ends the server and the processes of its projects at once. */
  kill(): Promise<void> {
    return this.#end(() => process.kill(-(this.#child.pid as number), 'SIGKILL'));
  }

  /** Ends the server as Ctrl+C does. */
  stop(): Promise<void> {
    return this.#end(() => this.#child.kill('SIGINT'));
  }

  async #end(send: () => void): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    send();
    await gone;
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ClipInfo } from '@rotokit/core/ports';
import type { ByteStore } from '@rotokit/core/resources';
import { reasonOf } from '@rotokit/core/values';
import type { Proxies as ProxiesState } from '../api/index.js';
import type { Calm } from './calm.js';
import { clipIdentity } from './clip-identity.js';
import type { FromMaker, ToMaker } from './proxy-main.js';
import { PROXY } from './proxy-maker.js';
import type { ClipShelf, ProxyShelf } from './proxy-shelf.js';

const ENTRY = fileURLToPath(new URL('./proxy-main.js', import.meta.url));
/** How often more frames are told of. */
const TELL_MS = 500;
/** Bytes that are left free on the disk. */
const SPARE = 1e9;
/** The whole shelf is looked at again after so many new bytes. */
const TIDY_BYTES = 256e6;

/** What the pictures for playing of a clip are made with. */
export interface ProxiesParts {
  readonly info: ClipInfo;
  /** The clip as it is opened. */
  readonly path: string;
  readonly shelf: ProxyShelf;
  readonly calm: Calm;
  /** Told of the state whenever it changed. */
  tell(state: ProxiesState): void;
}

/**
 * The pictures for playing of an open clip: which are on disk, and the process that makes the others while nobody needs the machine. Where they cannot be
 * kept everything goes on without them, and says so.
 */
export class Proxies {
  readonly #parts: ProxiesParts;
  readonly #place: ClipShelf | undefined;
  readonly #ready: Uint8Array;
  #child: ChildProcess | undefined;
  #ended = false;
  #note: string | undefined;
  #telling: ReturnType<typeof setTimeout> | undefined;
  #untidied = 0;

  private constructor(parts: ProxiesParts, place: ClipShelf | string, ready: Uint8Array) {
    this.#parts = parts;
    this.#ready = ready;
    if (typeof place === 'string') {
      this.#note = place;
      this.#ended = true;
      return;
    }
    this.#place = place;
    this.#ended = !ready.includes(0);
    parts.calm.listen((calm) => this.#step(calm));
    this.#step(parts.calm.now);
    void parts.shelf.tidy();
  }

  /** Looks what is there from earlier. Never fails: what cannot be kept is told by the state. */
  static async open(parts: ProxiesParts): Promise<Proxies> {
    const { info, path, shelf } = parts;
    try {
      const place = await shelf.clip(await clipIdentity(path), PROXY.lines);
      const keys = Array.from({ length: info.frames }, (_, i) => place.key(i));
      return new Proxies(parts, place, Uint8Array.from(await place.store.holds(keys), Number));
    } catch (error) {
      return new Proxies(parts, `pictures for playing cannot be kept: ${reasonOf(error)}`, new Uint8Array(info.frames));
    }
  }

  /** Where pictures are kept that were made for somebody who waited: they count as ready. Undefined where nothing can be kept. */
  get store(): ByteStore | undefined {
    const place = this.#place;
    if (!place) return undefined;
    return {
      get: (key) => place.store.get(key),
      put: async (key, bytes) => {
        await place.store.put(key, bytes);
        this.#send({ kind: 'skip', index: Number(key) });
        this.#made(Number(key), bytes.length);
      },
      delete: (key) => place.store.delete(key),
    };
  }

  /** The key of a frame's picture in `store`, counted from 0. */
  key(index: number): string {
    return this.#place?.key(index) ?? String(index);
  }

  /** Says where the user is: what follows is made first. */
  aim(index: number): void {
    this.#send({ kind: 'aim', index });
  }

  /** What is ready, and whether more is coming. */
  state(): ProxiesState {
    const ready = runs(this.#ready, this.#parts.info.first);
    if (this.#note !== undefined) return { ready, state: 'stopped', note: this.#note };
    return { ready, state: this.#ended ? 'complete' : this.#child && this.#parts.calm.now ? 'making' : 'waiting' };
  }

  /** Ends the making; what is on disk stays. */
  async close(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#telling);
    this.#parts.calm.close();
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL'); // files appear whole or not at all
    await gone;
  }

  #step(calm: boolean): void {
    if (this.#ended || !this.#place) return;
    if (this.#child) this.#send({ kind: calm ? 'resume' : 'pause' });
    else if (calm) this.#begin(this.#place);
    this.#tellSoon();
  }

  #begin({ folder }: ClipShelf): void {
    const { path, shelf } = this.#parts;
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const child = fork(ENTRY, { serialization: 'advanced', execArgv: [], stdio: [...stdio] });
    this.#child = child;
    child.on('message', (message: FromMaker) => {
      if (message.kind === 'made') this.#made(message.index, message.bytes);
      else this.#end(message.reason);
    });
    child.once('error', (error) => this.#end(reasonOf(error)));
    child.once('exit', () => this.#end('the process that makes pictures for playing has ended'));
    this.#send({ kind: 'make', clip: path, folder, limit: shelf.limit, spare: SPARE });
  }

  #send(message: ToMaker): void {
    if (this.#child?.connected) this.#child.send(message, () => {});
  }

  #made(index: number, bytes: number): void {
    if (bytes) this.#ready[index] = 1;
    this.#untidied += bytes;
    if (this.#untidied > TIDY_BYTES) {
      this.#untidied = 0;
      void this.#parts.shelf.tidy();
    }
    this.#tellSoon();
  }

  #end(reason: string | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#note = reason;
    this.#child = undefined;
    void this.#parts.shelf.tidy();
    this.#tellSoon();
  }

  #tellSoon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#parts.tell(this.state());
    }, TELL_MS);
  }
}

/** Neighbouring frames that are ready as runs of shown numbers. */
function runs(ready: Uint8Array, first: number): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < ready.length; i++) {
    if (!ready[i]) continue;
    const open = out.at(-1);
    if (open?.[1] === first + i - 1) open[1] = first + i;
    else out.push([first + i, first + i]);
  }
  return out;
}

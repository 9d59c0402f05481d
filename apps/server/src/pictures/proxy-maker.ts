import type { FrameIndex } from '@rotokit/core/values';
import type { ProxySource } from '@rotokit/media';
import type { ClipShelf } from './proxy-shelf.js';

/** Lines of the pictures that are kept for playing, and libav's quantiser for them. */
export const PROXY = { lines: 540, quantiser: 4 } as const;

/** Frames ahead that the making reaches soon by itself: no reason to jump there. */
const SOON = 240;
/** Frames that must lie ready behind a place before it counts as provided for. */
const PROVIDED = 48;
/** A jump costs decoding from the key frame before: not more often than this. */
const JUMP_MS = 3000;

/** What a maker works with. */
export interface MakerParts {
  readonly source: ProxySource;
  readonly shelf: ClipShelf;
  /** Told of each frame that is on disk now, with its bytes there; 0 for one that cannot be read. */
  made(index: number, bytes: number): void;
  /** Why no more may be written, looked at before each frame; undefined while there is room. */
  full(): Promise<string | undefined>;
}

/** Makes the pictures of a clip for playing that are not on disk yet: from where the user is to the end, then the others. */
export class ProxyMaker {
  readonly #parts: MakerParts;
  readonly #left: Uint8Array;
  #at = 0;
  #aimed: number | undefined;
  #jumped = Number.NEGATIVE_INFINITY;
  #gate: { readonly opened: Promise<void>; open(): void } | undefined;

  private constructor(parts: MakerParts, left: Uint8Array) {
    this.#parts = parts;
    this.#left = left;
  }

  /** Looks what is there already. */
  static async over(parts: MakerParts): Promise<ProxyMaker> {
    const { source, shelf } = parts;
    const keys = Array.from({ length: source.info.frames }, (_, i) => shelf.key(i));
    const there = await shelf.store.holds(keys);
    return new ProxyMaker(
      parts,
      Uint8Array.from(there, (is) => (is ? 0 : 1)),
    );
  }

  /** Steps aside: nothing is begun until `resume`; the frame under way is finished. */
  pause(): void {
    if (this.#gate) return;
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#gate = { opened, open };
  }

  /** Goes on. */
  resume(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  /** Says where the user is: what follows is wanted first. */
  aim(index: number): void {
    this.#aimed = index;
  }

  /** Somebody else made this one. */
  skip(index: number): void {
    this.#left[index] = 0;
  }

  /** Makes all that is left. @returns why it ended before everything was made, or undefined. @throws Error when a picture cannot be written. */
  async run(now: () => number = () => performance.now()): Promise<string | undefined> {
    const { source, made, full } = this.#parts;
    for (;;) {
      while (this.#gate) await this.#gate.opened;
      const index = this.#next(now);
      if (index === undefined) return undefined;
      const reason = await full();
      if (reason !== undefined) return reason;
      this.#left[index] = 0;
      this.#at = index + 1;
      const bytes = await source.jpeg(index as FrameIndex, PROXY).catch(() => undefined);
      if (bytes) await this.#keep(index, bytes);
      made(index, bytes?.length ?? 0);
    }
  }

  async #keep(index: number, bytes: Uint8Array): Promise<void> {
    const { store, key } = this.#parts.shelf;
    // Another process may take the folder away at any moment; the next try makes it anew.
    const again = (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return store.put(key(index), bytes);
    };
    await store.put(key(index), bytes).catch(again);
  }

  #next(now: () => number): number | undefined {
    const aimed = this.#aimed;
    if (aimed !== undefined && now() - this.#jumped > JUMP_MS) {
      this.#aimed = undefined;
      const first = this.#left.subarray(aimed, aimed + PROVIDED).indexOf(1);
      const soon = aimed >= this.#at && aimed - this.#at < SOON;
      if (first >= 0 && !soon) {
        this.#at = aimed + first;
        this.#jumped = now();
      }
    }
    const on = this.#left.indexOf(1, this.#at);
    const any = on >= 0 ? on : this.#left.indexOf(1);
    return any < 0 ? undefined : any;
  }
}

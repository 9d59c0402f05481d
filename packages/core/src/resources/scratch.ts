import { RotokitError } from '../values/index.js';

/**
 * Where bytes wait that are needed once more in the same run: the walk from one anchor for the walk from the other, memory of a network
 * for the frame that asks for it. A key is put once. Left out on purpose: listing, durability, sharing between runs.
 */
export interface Scratch {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes of a key, which are forgotten. @throws whatever the place throws when it has lost them. */
  take(key: string): Promise<Uint8Array>;
  /** The bytes of a key, which stays. @throws as `take`. */
  read(key: string): Promise<Uint8Array>;
  /** Forgets a key that is not needed after all. */
  drop(key: string): Promise<void>;
  /** Forgets everything that was not taken. Called at the end of every run, also of one that failed. */
  clear(): Promise<void>;
}

/** Bytes that {@link memoryScratch} may hold unless told otherwise. */
export const SCRATCH_LIMIT = 256 * 2 ** 20;

/**
 * A scratch in memory, with a limit instead of a hope. Masks are held coded: a figure 900 lines high takes 11 kB a frame
 * at 1080p where its edge is 1 pixel soft, 56 kB where it is 9 (twice that at 4K).
 * @throws RotokitError MEMORY_LIMIT from `put` beyond the limit; a scratch on disk has none.
 */
export function memoryScratch(limitBytes = SCRATCH_LIMIT): Scratch {
  const held = new Map<string, Uint8Array>();
  let bytes = 0;
  const forget = (key: string) => {
    bytes -= held.get(key)?.length ?? 0;
    held.delete(key);
  };
  const known = (key: string) => {
    const value = held.get(key);
    if (!value) throw new RangeError(`scratch holds nothing under ${key}`);
    return value;
  };
  return {
    async put(key, value) {
      if (bytes + value.length > limitBytes)
        throw new RotokitError('MEMORY_LIMIT', {
          what: 'tracking between two key frames',
          needed: Math.ceil((bytes + value.length) / 2 ** 20),
          limit: Math.floor(limitBytes / 2 ** 20),
        });
      held.set(key, value);
      bytes += value.length;
    },
    async take(key) {
      const value = known(key);
      forget(key);
      return value;
    },
    async read(key) {
      return known(key);
    },
    async drop(key) {
      forget(key);
    },
    async clear() {
      held.clear();
      bytes = 0;
    },
  };
}

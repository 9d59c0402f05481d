/**
 * Bytes by key in a place larger and slower than memory, which may forget: a disk cache. What it gives back is what was put, whole, or
 * nothing. Several processes may use one place. Left out on purpose: listing, any promise to keep.
 */
export interface ByteStore {
  /** The bytes, or undefined when there are none or they came to harm. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keeps bytes, in place of others under the key; what is too large is not kept. The caller may change its array afterwards. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Forgets a key. */
  delete(key: string): Promise<void>;
}

/** How values become bytes and values again. */
export interface Codec<V> {
  encode(value: V): Uint8Array;
  /** @throws whatever it likes for bytes it did not write; that counts as nothing found. */
  decode(bytes: Uint8Array): V;
}

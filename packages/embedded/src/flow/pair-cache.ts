import type { QuantisedField } from './flow-kernel.js';
import type { FlowField, FlowFrame, FlowPair } from './types.js';

/** Both directions between two frames, of which `low` has the smaller index. */
export interface QuantisedPair {
  /** Size of the half grid. */
  readonly width: number;
  readonly height: number;
  readonly lowToHigh: QuantisedField;
  readonly highToLow: QuantisedField;
}

/** Flow pairs in 16 bits, 8 bytes a half-grid pixel, the longest unused going first once `limit` bytes are reached. */
export class PairCache {
  readonly #limit: number;
  readonly #pairs = new Map<string, QuantisedPair>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of all pairs kept. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): QuantisedPair | undefined {
    const pair = this.#pairs.get(key);
    if (pair) {
      this.#pairs.delete(key);
      this.#pairs.set(key, pair);
    }
    return pair;
  }

  set(key: string, pair: QuantisedPair): void {
    this.#drop(key);
    this.#pairs.set(key, pair);
    this.#bytes += bytesOf(pair);
    for (const oldest of this.#pairs.keys()) {
      if (this.#bytes <= this.#limit) break;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#pairs.clear();
    this.#bytes = 0;
  }

  #drop(key: string): void {
    const pair = this.#pairs.get(key);
    if (!pair) return;
    this.#pairs.delete(key);
    this.#bytes -= bytesOf(pair);
  }
}

const bytesOf = (pair: QuantisedPair) => 2 * (pair.lowToHigh.u.byteLength + pair.highToLow.u.byteLength);

const inPixels = (plane: Int16Array) => {
  const out = new Float32Array(plane.length);
  for (let i = 0; i < plane.length; i++) out[i] = plane[i]! / 64;
  return out;
};

const field = ({ u, v }: QuantisedField): FlowField => ({ u: inPixels(u), v: inPixels(v) });

/** The pair as asked for: forward leads from frame a to frame b, whichever of them comes first in the clip. */
export function asPair(pair: QuantisedPair, a: FlowFrame, b: FlowFrame): FlowPair {
  const [forward, backward] = a.index <= b.index ? [pair.lowToHigh, pair.highToLow] : [pair.highToLow, pair.lowToHigh];
  return { width: pair.width, height: pair.height, forward: field(forward), backward: field(backward) };
}

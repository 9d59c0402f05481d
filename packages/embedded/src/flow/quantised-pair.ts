import type { QuantisedField } from './flow-kernel.js';
import type { FlowField, FlowFrame, FlowPair } from './types.js';

/** Both directions between two frames in 16 bits, of which `low` has the smaller index. */
export interface QuantisedPair {
  /** Size of the half grid. */
  readonly width: number;
  readonly height: number;
  readonly lowToHigh: QuantisedField;
  readonly highToLow: QuantisedField;
}

/** Bytes of a pair: 8 a half-grid pixel. */
export const bytesOf = (pair: QuantisedPair) => 2 * (pair.lowToHigh.u.byteLength + pair.highToLow.u.byteLength);

const inPixels = (plane: Int16Array) => {
  const out = new Float32Array(plane.length);
  for (let i = 0; i < plane.length; i++) out[i] = plane[i]! / 64;
  return out;
};

/** A field in half-grid pixels. */
export const fieldOf = ({ u, v }: QuantisedField): FlowField => ({ u: inPixels(u), v: inPixels(v) });

/** The pair as asked for: forward leads from frame a to frame b, whichever of them comes first in the clip. */
export function asPair(pair: QuantisedPair, a: FlowFrame, b: FlowFrame): FlowPair {
  const [forward, backward] = a.index <= b.index ? [pair.lowToHigh, pair.highToLow] : [pair.highToLow, pair.lowToHigh];
  return { width: pair.width, height: pair.height, forward: fieldOf(forward), backward: fieldOf(backward) };
}

import { damaged } from '../bytes/byte-reader.js';

/** The longest run or stretch of literals that one count byte can say. */
const LONGEST = 127;

/**
 * OpenEXR's run lengths (ImfRle.cpp): a count byte c of 0 or more is followed by one byte that stands c + 1 times, a negative one
 * by -c literal bytes. Runs of fewer than three bytes stay literals.
 */
export function packRuns(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + Math.ceil(bytes.length / LONGEST) + 1);
  let [at, to] = [0, 0];
  while (at < bytes.length) {
    let end = at + 1;
    while (end < bytes.length && bytes[end] === bytes[at] && end - at <= LONGEST) end++;
    if (end - at >= 3) {
      out[to++] = end - at - 1;
      out[to++] = bytes[at];
      at = end;
      continue;
    }
    const from = at;
    while (at < bytes.length && at - from < LONGEST && !startsRun(bytes, at)) at++;
    out[to++] = 256 - (at - from);
    out.set(bytes.subarray(from, at), to);
    to += at - from;
  }
  return out.subarray(0, to);
}

const startsRun = (bytes: Uint8Array, at: number) =>
  at + 2 < bytes.length && bytes[at] === bytes[at + 1] && bytes[at] === bytes[at + 2];

/** The way back, to exactly `length` bytes. Stops the decoder where they are not. */
export function unpackRuns(packed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let [at, to] = [0, 0];
  while (at < packed.length) {
    const count = (packed[at++] << 24) >> 24;
    const n = count < 0 ? -count : count + 1;
    if (to + n > length || at + (count < 0 ? n : 1) > packed.length) damaged('a run of a chunk is cut short');
    if (count < 0) out.set(packed.subarray(at, at + n), to);
    else out.fill(packed[at], to, to + n);
    at += count < 0 ? n : 1;
    to += n;
  }
  return to === length ? out : damaged(`a chunk unpacks to ${to} bytes, not ${length}`);
}

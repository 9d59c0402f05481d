import { emptyMask, MASK_ONE, type SoftMask } from './mask.js';
import { type Box, boxHeight, boxIsEmpty, boxWidth, type Size, sameSize } from './space.js';

/**
 * A mask as bytes, compressed by runs and exact. Layout, all numbers as LEB128 varints: the version 1; width, height;
 * x0, y0, width and height of the window (all 0 for an absent object); then runs in raster order of the window until it
 * is full. A run is the varint `count * 4 + kind`: kind 0 are zeros, 1 are 65535s, 2 is followed by `count` 16-bit
 * values (first all low bytes, then all high bytes, which deflates better), 3 by `count` bytes v that stand for v * 257.
 */
const VERSION = 1;
/** The most pixels a coded mask may claim to have: 16384 x 16384. A bound against hostile headers. */
export const MASK_MAX_PIXELS = 1 << 28;
/** Runs shorter than this inside literals cost less as literals. */
const SHORTEST_RUN = 4;

const ZEROS = 0;
const ONES = 1;
const WORDS = 2;
const BYTES = 3;

/** Bytes that grow. */
class Sink {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Makes room for `n` bytes and returns where they go. */
  room(n: number): number {
    const at = this.#length;
    this.#length += n;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return at;
  }

  varint(value: number): void {
    let v = value;
    while (v >= 128) {
      this.#put((v % 128) + 128);
      v = Math.floor(v / 128);
    }
    this.#put(v);
  }

  literals(values: Uint16Array, from: number, to: number): void {
    let bytes = true;
    for (let i = from; i < to && bytes; i++) bytes = values[i] >> 8 === (values[i] & 255);
    const n = to - from;
    this.varint(n * 4 + (bytes ? BYTES : WORDS));
    const at = this.room(bytes ? n : 2 * n);
    const out = this.#bytes;
    for (let i = 0; i < n; i++) out[at + i] = values[from + i] & 255;
    if (!bytes) for (let i = 0; i < n; i++) out[at + n + i] = values[from + i] >> 8;
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #put(byte: number): void {
    const at = this.room(1);
    this.#bytes[at] = byte;
  }
}

/** The bytes of a mask. The same mask with the same window always gives the same bytes. */
export function encodeMask(mask: SoftMask): Uint8Array {
  const { size, window, values } = mask;
  const empty = boxIsEmpty(window);
  const sink = new Sink(64 + (values.length >> 3));
  sink.varint(VERSION);
  for (const v of [size.width, size.height]) sink.varint(v);
  for (const v of empty ? [0, 0, 0, 0] : [window.x0, window.y0, boxWidth(window), boxHeight(window)]) sink.varint(v);
  const end = empty ? 0 : values.length;
  let literal = 0;
  let i = 0;
  while (i < end) {
    const v = values[i];
    if (v !== 0 && v !== MASK_ONE) {
      i++;
      continue;
    }
    let run = i + 1;
    while (run < end && values[run] === v) run++;
    if (run - i >= SHORTEST_RUN || (run === end && literal === i)) {
      if (literal < i) sink.literals(values, literal, i);
      sink.varint((run - i) * 4 + (v === 0 ? ZEROS : ONES));
      literal = run;
    }
    i = run;
  }
  if (literal < end) sink.literals(values, literal, end);
  return sink.take();
}

/** A cursor over coded bytes that refuses to leave them. */
class Source {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 42; scale *= 128) {
      if (this.at >= this.bytes.length) break;
      const b = this.bytes[this.at++];
      value += (b & 127) * scale;
      if (b < 128) return value;
    }
    throw new RangeError('coded mask: a number runs past the end');
  }

  /** Passes over `n` bytes and returns where they began. */
  skip(n: number): number {
    const at = this.at;
    if (n > this.bytes.length - at) throw new RangeError('coded mask: a run is cut short');
    this.at = at + n;
    return at;
  }
}

function readHeader(s: Source) {
  if (s.varint() !== VERSION) throw new RangeError('coded mask: not a mask of this version');
  const [width, height, x0, y0, w, h] = [s.varint(), s.varint(), s.varint(), s.varint(), s.varint(), s.varint()];
  if (width < 1 || height < 1 || width * height > MASK_MAX_PIXELS)
    throw new RangeError(`coded mask: a picture of ${width}x${height}`);
  if (x0 + w > width || y0 + h > height || (w === 0) !== (h === 0))
    throw new RangeError(`coded mask: a window of ${w}x${h} at ${x0},${y0} in ${width}x${height}`);
  const window: Box = { x0, y0, x1: x0 + w, y1: y0 + h };
  return { size: { width, height }, window, area: w * h };
}

const payload = (kind: number, count: number) => (kind === WORDS ? 2 * count : kind === BYTES ? count : 0);

/** Walks all runs without writing, so that nothing is allocated for bytes that turn out not to be a mask. */
function checkRuns(s: Source, area: number): void {
  let filled = 0;
  while (filled < area) {
    const head = s.varint();
    const count = Math.floor(head / 4);
    filled += count;
    if (count < 1 || filled > area) throw new RangeError(`coded mask: runs of ${filled} values for ${area} pixels`);
    s.skip(payload(head % 4, count));
  }
  if (s.at !== s.bytes.length) throw new RangeError('coded mask: bytes after the end');
}

/**
 * The mask behind bytes of {@link encodeMask}; of this size, when one is expected.
 * @throws RangeError `coded mask: ...` for anything else, without having allocated for it; safe on hostile bytes.
 */
export function decodeMask(bytes: Uint8Array, expected?: Size): SoftMask {
  const s = new Source(bytes);
  const { size, window, area } = readHeader(s);
  if (expected && !sameSize(size, expected))
    throw new RangeError(`coded mask: ${size.width}x${size.height} instead of ${expected.width}x${expected.height}`);
  const start = s.at;
  checkRuns(s, area);
  if (area === 0) return emptyMask(size);
  s.at = start;
  const values = new Uint16Array(area);
  for (let i = 0; i < area; ) {
    const head = s.varint();
    const [count, kind] = [Math.floor(head / 4), head % 4];
    const at = s.skip(payload(kind, count));
    if (kind === ONES) values.fill(MASK_ONE, i, i + count);
    else if (kind === WORDS)
      for (let k = 0; k < count; k++) values[i + k] = bytes[at + k] | (bytes[at + count + k] << 8);
    else if (kind === BYTES) for (let k = 0; k < count; k++) values[i + k] = bytes[at + k] * 257;
    i += count;
  }
  return { size, window, values };
}

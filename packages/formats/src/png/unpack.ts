import { damaged } from '../bytes/byte-reader.js';
import { predictor } from './write.js';

/** The pixels of one pass: where it begins in the picture, how far it steps, and its own size. */
export interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
}

/** What a line is made of, and how wide the whole picture is. */
export interface Layout {
  readonly channels: number;
  readonly depth: number;
  readonly width: number;
}

/** Undoes the filters of a pass (in `raw`) and puts its samples where they belong in the picture. */
export function unpackPass(raw: Uint8Array, pass: Pass, layout: Layout, into: Uint8Array | Uint16Array): void {
  const stride = raw.length / pass.height;
  const pixel = Math.max(1, (layout.channels * layout.depth) >> 3);
  let above: Uint8Array = new Uint8Array(stride - 1);
  for (let y = 0; y < pass.height; y++) {
    const line = raw.subarray(y * stride + 1, (y + 1) * stride);
    unfilter(raw[y * stride], line, above, pixel);
    placeLine(line, pass, y, layout, into);
    above = line;
  }
}

function unfilter(kind: number, line: Uint8Array, above: Uint8Array, pixel: number): void {
  const n = line.length;
  switch (kind) {
    case 0:
      return;
    case 1:
      for (let i = pixel; i < n; i++) line[i] += line[i - pixel];
      return;
    case 2:
      for (let i = 0; i < n; i++) line[i] += above[i];
      return;
    case 3:
      for (let i = 0; i < n; i++) line[i] += ((i < pixel ? 0 : line[i - pixel]) + above[i]) >> 1;
      return;
    case 4:
      for (let i = 0; i < n; i++)
        line[i] += i < pixel ? above[i] : predictor(line[i - pixel], above[i], above[i - pixel]);
      return;
    default:
      damaged(`filter ${kind} does not exist`);
  }
}

function placeLine(line: Uint8Array, pass: Pass, row: number, layout: Layout, into: Uint8Array | Uint16Array): void {
  const { channels, depth, width } = layout;
  let to = ((pass.y + row * pass.dy) * width + pass.x) * channels;
  if (depth === 8 && pass.dx === 1) return void into.set(line, to);
  const step = (pass.dx - 1) * channels;
  const mask = 2 ** depth - 1;
  for (let x = 0, i = 0; x < pass.width; x++, to += step) {
    for (let c = 0; c < channels; c++, i++) {
      const bit = i * depth;
      if (depth === 16) into[to++] = (line[2 * i] << 8) | line[2 * i + 1];
      else into[to++] = (line[bit >> 3] >> (8 - depth - (bit & 7))) & mask;
    }
  }
}

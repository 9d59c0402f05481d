import type { PictureFormat, SamplesOf } from '@rotokit/core/values';
import type { Frame } from '../native/libav.js';
import type { ChannelLayout, RgbLayout, SampleKind } from './layout.js';
import { floatTo, halfTable, halfValues, integerTable } from './transfer.js';

type Words = Uint8Array | Uint16Array | Float32Array;

/** One row of a plane as numbers of its kind in the machine's order. Half floats stay bits. */
function rowOf(plane: Buffer, at: number, samples: number, kind: SampleKind, bigEndian: boolean): Words {
  const bytes = kind === 'u8' ? 1 : kind === 'f32' ? 4 : 2;
  let row = plane.subarray(at, at + samples * bytes);
  if (bytes === 1) return row;
  // A copy where the order has to be turned, or where libav's row does not start on a sample boundary.
  if (bigEndian || row.byteOffset % bytes) {
    const copy = Buffer.alloc(row.length);
    row.copy(copy);
    row = copy;
    if (bigEndian) bytes === 2 ? row.swap16() : row.swap32();
  }
  return kind === 'f32'
    ? new Float32Array(row.buffer, row.byteOffset, samples)
    : new Uint16Array(row.buffer, row.byteOffset, samples);
}

type Convert = (into: Words, k: number, step: number, from: Words, c: ChannelLayout, width: number) => void;

const through =
  (table: Words): Convert =>
  (into, k, step, from, c, width) => {
    for (let x = 0, p = c.offset; x < width; x++, p += c.step, k += step) into[k] = table[from[p]];
  };

const by =
  (f: (v: number) => number): Convert =>
  (into, k, step, from, c, width) => {
    for (let x = 0, p = c.offset; x < width; x++, p += c.step, k += step) into[k] = f(from[p]);
  };

/** How samples of a layout become samples of a format; alpha is never display-encoded. */
function conversion(layout: RgbLayout, format: PictureFormat, colour: boolean): Convert {
  if (format === 'rgbaf') {
    if (layout.kind === 'f16') return through(halfValues());
    if (layout.kind === 'f32') return by((v) => v);
    const max = 2 ** layout.bits - 1;
    return by((v) => v / max);
  }
  const top = format === 'rgb8' ? 255 : 65535;
  if (layout.kind === 'f16') return through(halfTable(top, colour));
  if (layout.kind === 'f32') return by(floatTo(top, colour));
  return through(integerTable(layout.bits, top));
}

const OPAQUE = { rgb8: 255, rgba16: 65535, rgbaf: 1 } as const;

/** An empty sample array of a format. */
export function newSamples<F extends PictureFormat>(format: F, length: number): SamplesOf[F] {
  const array = format === 'rgb8' ? new Uint8Array(length) : format === 'rgba16' ? new Uint16Array(length) : undefined;
  return (array ?? new Float32Array(length)) as SamplesOf[F];
}

/**
 * The samples of an RGB or grey frame, exactly: integers scaled to the full range of the format, floats as stored
 * (`rgbaf`) or taken for linear light and display-encoded as sRGB (`rgb8`, `rgba16`). Coded size, not turned.
 */
export function unpack<F extends PictureFormat>(frame: Frame, layout: RgbLayout, format: F): SamplesOf[F] {
  const { width, height } = frame;
  const step = format === 'rgb8' ? 3 : 4;
  const into = newSamples(format, width * height * step) as Words;
  const planes = frame.data!;
  const colour = conversion(layout, format, true);
  const alpha = conversion(layout, format, false);
  const wanted = layout.channels.slice(0, step);
  const plain = format === 'rgb8' && layout.kind === 'u8' && wanted.every((c, n) => c.step === 3 && c.offset === n);
  for (let y = 0; y < height; y++) {
    const k = y * width * step;
    if (plain) {
      const at = y * frame.linesize[0];
      (into as Uint8Array).set(planes[0].subarray(at, at + width * 3), k);
      continue;
    }
    let row: Words | undefined;
    wanted.forEach((c, n) => {
      if (n === 0 || c.plane !== wanted[n - 1].plane || !row) {
        row = rowOf(planes[c.plane], y * frame.linesize[c.plane], width * c.step, layout.kind, layout.bigEndian);
      }
      (n === 3 ? alpha : colour)(into, k + n, step, row, c, width);
    });
    if (step === 4 && wanted.length < 4) for (let x = 0; x < width; x++) into[k + x * 4 + 3] = OPAQUE[format];
  }
  return into as SamplesOf[F];
}

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { maskFromBytes, type SoftMask, size } from '@rotokit/core/values';

/** The first channel of an 8-bit, non-interlaced PNG, which is all that annotations need. */
export function readAnnotation(file: string) {
  const png = readFileSync(file);
  const idat: Buffer[] = [];
  let [width, height, channels] = [0, 0, 1];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[body[9] as 0] ?? 1;
      if (body[8] !== 8 || body[12] !== 0) throw new Error(`${file} is not an 8-bit progressive-free PNG`);
    }
    if (type === 'IDAT') idat.push(body);
    at += 12 + length;
  }
  return { width, height, values: firstChannel(inflateSync(Buffer.concat(idat)), width, height, channels) };
}

/** Undoes the row filters of the PNG specification, section 9. */
function firstChannel(raw: Buffer, width: number, height: number, channels: number): Uint8Array {
  const stride = width * channels;
  const out = new Uint8Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    const row = Uint8Array.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let i = 0; i < stride; i++) {
      const a = i >= channels ? row[i - channels] : 0;
      const b = above[i];
      const c = i >= channels ? above[i - channels] : 0;
      row[i] += filter === 0 ? 0 : filter === 1 ? a : filter === 2 ? b : filter === 3 ? (a + b) >> 1 : paeth(a, b, c);
    }
    for (let x = 0; x < width; x++) out[y * width + x] = row[x * channels];
    above = row;
  }
  return out;
}

function paeth(a: number, b: number, c: number) {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

/** All annotations of a folder as binary masks, in order. */
export function annotatedMasks(folder: string): SoftMask[] {
  const files = readdirSync(folder)
    .filter((f) => f.endsWith('.png'))
    .sort();
  return files.map((f) => {
    const { width, height, values } = readAnnotation(path.join(folder, f));
    return maskFromBytes(size(width, height), values);
  });
}

/** What the first bytes of a picture file tell, before anything is decoded or allocated. */
export interface StillHeader {
  /** Name of libav's decoder. */
  readonly decoder: 'png' | 'mjpeg' | 'exr' | 'dpx' | 'tiff' | 'webp' | 'bmp';
  /** Coded size; undefined where the header does not give one that makes sense. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
}

const ascii = (b: Buffer, at: number, text: string) => b.subarray(at, at + text.length).toString('latin1') === text;

/** Tells the format by its magic number, whatever the file is called. Undefined for anything else. */
export function stillHeader(b: Buffer): StillHeader | undefined {
  if (ascii(b, 0, '\x89PNG\r\n\x1a\n')) return { decoder: 'png', size: sane(u32(b, 16), u32(b, 20)) };
  if (b[0] === 0xff && b[1] === 0xd8) return { decoder: 'mjpeg', size: jpegSize(b) };
  if (b.length > 4 && b.readUInt32LE(0) === 20000630) return { decoder: 'exr', size: exrSize(b) };
  if (ascii(b, 0, 'SDPX')) return { decoder: 'dpx', size: sane(u32(b, 772), u32(b, 776)) };
  if (ascii(b, 0, 'XPDS')) return { decoder: 'dpx', size: sane(u32(b, 772, true), u32(b, 776, true)) };
  if (ascii(b, 0, 'II*\0') || ascii(b, 0, 'MM\0*')) return { decoder: 'tiff', size: tiffSize(b) };
  if (ascii(b, 0, 'RIFF') && ascii(b, 8, 'WEBP')) return { decoder: 'webp', size: webpSize(b) };
  if (ascii(b, 0, 'BM')) return { decoder: 'bmp', size: sane(u32(b, 18, true), Math.abs(u32(b, 22, true) | 0)) };
  return undefined;
}

function sane(width: number, height: number): StillHeader['size'] {
  return width > 0 && height > 0 ? { width, height } : undefined;
}

function u32(b: Buffer, at: number, little = false): number {
  if (at < 0 || at + 4 > b.length) return 0;
  return little ? b.readUInt32LE(at) : b.readUInt32BE(at);
}

function u16(b: Buffer, at: number, little = false): number {
  if (at < 0 || at + 2 > b.length) return 0;
  return little ? b.readUInt16LE(at) : b.readUInt16BE(at);
}

/** ITU-T T.81 B.2.2: the size is in the first start-of-frame segment. */
function jpegSize(b: Buffer): StillHeader['size'] {
  for (let at = 2; at + 9 < b.length; ) {
    if (b[at] !== 0xff) return undefined;
    const marker = b[at + 1];
    if (marker === 0xff) at++;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return sane(u16(b, at + 7), u16(b, at + 5));
    } else at += 2 + u16(b, at + 2);
  }
  return undefined;
}

/** OpenEXR file layout: attributes as name, type, length, value; libav fills the display window. */
function exrSize(b: Buffer): StillHeader['size'] {
  const at = b.subarray(0, 65536).indexOf('displayWindow\0box2i\0', 0, 'latin1') + 24;
  if (at < 24 || at + 16 > b.length) return undefined;
  const [x0, y0, x1, y1] = [0, 4, 8, 12].map((n) => b.readInt32LE(at + n));
  return sane(x1 - x0 + 1, y1 - y0 + 1);
}

/** TIFF 6.0: tags 256 and 257 of the first directory. */
function tiffSize(b: Buffer): StillHeader['size'] {
  const little = b[0] === 0x49;
  const directory = u32(b, 4, little);
  let [width, height] = [0, 0];
  for (let n = 0; n < u16(b, directory, little); n++) {
    const at = directory + 2 + n * 12;
    if (at + 12 > b.length) break;
    const value = u16(b, at + 2, little) === 3 ? u16(b, at + 8, little) : u32(b, at + 8, little);
    if (u16(b, at, little) === 256) width = value;
    if (u16(b, at, little) === 257) height = value;
  }
  return sane(width, height);
}

/** RFC 9649: VP8X, VP8L and VP8 chunks. */
function webpSize(b: Buffer): StillHeader['size'] {
  if (b.length < 30) return undefined;
  if (ascii(b, 12, 'VP8X')) return sane(b.readUIntLE(24, 3) + 1, b.readUIntLE(27, 3) + 1);
  if (ascii(b, 12, 'VP8L')) return sane((u32(b, 21, true) & 0x3fff) + 1, ((u32(b, 21, true) >> 14) & 0x3fff) + 1);
  return sane(u16(b, 26, true) & 0x3fff, u16(b, 28, true) & 0x3fff);
}

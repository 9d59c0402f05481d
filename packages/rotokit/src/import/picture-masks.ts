import { extname } from 'node:path';
import { MASK_ONE, maskFromPlane, type Size, type SoftMask } from '@rotokit/core/values';
import {
  decodeDpx,
  decodeExrParts,
  decodePng,
  decodeTiff,
  maskFromExr,
  masksFromLabels,
  type PngPixels,
  readCryptomattes,
  readLabelme,
  type Sidecars,
} from '@rotokit/formats';

/** Extensions of pictures that hold masks. */
export const PICTURES = ['.exr', '.png', '.tif', '.tiff', '.dpx', '.json'] as const;

/**
 * The masks in one picture by what they are called: of an EXR every channel `A` (`hero.A`, or the part's name) and every name of a Cryptomatte, of a picture of numbers
 * `object 1`, `object 2`, ..., of a LabelMe file its labels; of any other picture one mask without a name: its alpha, or its first channel.
 * @throws RotokitError MEDIA_UNREADABLE, MEDIA_TOO_LARGE, MASK_UNREADABLE.
 */
export function masksInPicture(bytes: Uint8Array, path: string, sidecars?: Sidecars): ReadonlyMap<string, SoftMask> {
  const options = { name: path };
  switch (extname(path).toLowerCase()) {
    case '.exr':
      return masksInExr(bytes, path, sidecars);
    case '.dpx': {
      const { width, height, channels, depth, samples } = decodeDpx(bytes, options);
      return only(plane({ width, height }, samples, channels, channels === 4 ? 3 : 0, MASK_ONE / (2 ** depth - 1)));
    }
    case '.tif':
    case '.tiff': {
      const { width, height, channels, samples } = decodeTiff(bytes, options);
      const scale = samples instanceof Uint8Array ? 257 : samples instanceof Uint16Array ? 1 : MASK_ONE;
      return only(plane({ width, height }, samples, channels, channels % 2 ? 0 : channels - 1, scale));
    }
    case '.json':
      return readLabelme(bytes, options).masks;
    default: {
      const image = decodePng(bytes, options);
      const numbers = image.kind === 'indexed' || holdsNumbers(image);
      if (!numbers) return only(pngMask(image));
      return new Map([...masksFromLabels(image)].map(([label, mask]) => [`object ${label % 1000 || label}`, mask]));
    }
  }
}

const only = (mask: SoftMask): ReadonlyMap<string, SoftMask> => new Map([['', mask]]);

/** 16-bit grey whose values are MOTS numbers: 0, 10000, or a class of 1 or 2 times 1000 plus a place. */
function holdsNumbers(image: PngPixels): boolean {
  if (image.channels !== 1 || !(image.samples instanceof Uint16Array)) return false;
  const values = new Set(image.samples);
  return (
    values.size > 1 && values.size < 200 && [...values].every((v) => v === 0 || v === 10_000 || (v >= 1000 && v < 3000))
  );
}

/** The mask in a PNG of samples: its alpha, or its first channel. */
export function pngMask({ width, height, channels, samples }: PngPixels): SoftMask {
  return plane(
    { width, height },
    samples,
    channels,
    channels % 2 ? 0 : channels - 1,
    samples instanceof Uint8Array ? 257 : 1,
  );
}

function plane(size: Size, samples: ArrayLike<number>, channels: number, channel: number, scale: number): SoftMask {
  const values = new Uint16Array(size.width * size.height);
  for (let k = 0; k < values.length; k++) {
    const v = (samples[k * channels + channel] as number) * scale;
    values[k] = v > 0 ? Math.round(Math.min(MASK_ONE, v)) : 0;
  }
  return maskFromPlane(size, values);
}

function masksInExr(bytes: Uint8Array, path: string, sidecars?: Sidecars): ReadonlyMap<string, SoftMask> {
  const masks = new Map<string, SoftMask>();
  const images = decodeExrParts(bytes, { name: path });
  for (const image of images) {
    for (const { names, matte } of readCryptomattes(image, sidecars, { name: path }))
      for (const [name, bits] of names) masks.set(name, matte(bits));
    for (const channel of image.channels) {
      const layer = /^(?:(.*)\.)?A$/i.exec(channel.name);
      if (!layer || channel.type === 'uint' || /\d\d$/.test(layer[1] ?? '')) continue; // crypto00.a is no alpha
      masks.set(layer[1] ?? (images.length > 1 ? (image.name ?? '') : ''), maskFromExr(image, channel));
    }
  }
  const [first] = images;
  const [channel] = first?.channels ?? [];
  if (!masks.size && first && channel && channel.type !== 'uint') masks.set('', maskFromExr(first, channel));
  return masks;
}

import { readFile } from 'node:fs/promises';
import { maskFromBytes, maskFromPlane, RotokitError, reasonOf, type Size, type SoftMask } from '@rotokit/core/values';
import { decodeExr, decodePng, maskFromExr } from '@rotokit/formats';

/**
 * A mask from a file: a PNG (grey, or the alpha of one that has alpha; of an indexed one, everything that is not 0), or
 * the first alpha channel of an EXR. Never scaled.
 * @throws RotokitError MASK_UNREADABLE.
 */
export async function readMask(path: string, expected: Size): Promise<SoftMask> {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new RotokitError('MASK_UNREADABLE', { path, reason }, cause);
  };
  let mask: SoftMask;
  try {
    const bytes = await readFile(path);
    mask = /\.exr$/i.test(path) ? fromExr(bytes) : fromPng(bytes);
  } catch (error) {
    return refuse(reasonOf(error), error);
  }
  const { width, height } = mask.size;
  if (width !== expected.width || height !== expected.height) {
    refuse(`it is ${width}x${height}, the clip is ${expected.width}x${expected.height}`);
  }
  return mask;
}

function fromPng(bytes: Uint8Array): SoftMask {
  const image = decodePng(bytes);
  const size = { width: image.width, height: image.height };
  if (image.kind === 'indexed')
    return maskFromBytes(
      size,
      image.indices.map((v) => (v ? 255 : 0)),
    );
  const { channels, samples } = image;
  const channel = channels === 2 ? 1 : channels === 4 ? 3 : 0;
  const plane = new Uint16Array(size.width * size.height);
  const scale = samples instanceof Uint8Array ? 257 : 1;
  for (let k = 0; k < plane.length; k++) plane[k] = (samples[k * channels + channel] as number) * scale;
  return maskFromPlane(size, plane);
}

function fromExr(bytes: Uint8Array): SoftMask {
  const image = decodeExr(bytes);
  const channel = image.channels.find((c) => /(^|\.)A$/i.test(c.name)) ?? image.channels[0];
  if (!channel) throw new Error('it has no channel');
  return maskFromExr(image, channel);
}

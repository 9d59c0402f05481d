import { boxWidth, MASK_ONE, maskTrim, type SoftMask } from '@rotokit/core/values';
import {
  type CryptomatteOptions,
  cryptoId,
  cryptoManifest,
  cryptomatteExr,
  decodeExr,
  decodeExrParts,
  type ExrAttributes,
  type ExrImage,
  encodeExr,
  encodeExrParts,
  maskFromExr,
  matteExr,
  matteExrParts,
  readCryptomattes,
} from '@rotokit/formats';
import { clockOf } from './clock.js';
import type { DeliverableMaker, DeliveredFrame, ExportJob } from './deliverable.js';
import { namePath } from './naming.js';
import { type Precision, pictureFiles } from './picture-files.js';

/** How EXR mattes are stored. */
export interface ExrOptions {
  /** `half` (default) as hosts expect; `float` keeps every bit of a mask. */
  readonly type?: 'half' | 'float';
  readonly compression?: 'none' | 'rle' | 'zips' | 'zip';
  /** `cropped` stores only the box around the mattes as data window; `whole` (default) the picture. */
  readonly window?: 'whole' | 'cropped';
  /** A part for each object, whose matte is its channel `A`, instead of a channel for each. */
  readonly parts?: boolean;
  /** Cryptomatte: where the manifest is. `embedded` unless told. */
  readonly manifest?: 'embedded' | 'sidecar';
  /** Cryptomatte: how many objects a pixel can hold, even. */
  readonly ranks?: number;
}

const ownClock = (job: ExportJob, number: number) => {
  const timecode = clockOf(job, number);
  return timecode ? { timecode } : {};
};

/** Where a matte came from, as attributes. */
export const provenanceAttributes = (job: ExportJob): ExrAttributes =>
  Object.fromEntries(
    Object.entries(job.provenance).map(([key, value]) => [`rotokit/${key}`, { type: 'string', value } as const]),
  );

/** Half floats are off by half of their last bit at most: 2^-12 below 1. Every bit survives in floats. */
export const precisionOf = (type: 'half' | 'float'): Precision => (type === 'half' ? 2 ** -12 + 2 ** -17 : 0);

/**
 * `exr/SHOT_matte.1001.exr`: one linear channel `OBJECT.A` for every object on every frame, or one part, with frame rate, time code
 * and where the matte came from.
 */
export const exrDeliverable =
  (options: ExrOptions = {}): DeliverableMaker =>
  (job) => {
    const { type = 'half', compression = 'zip', window = 'whole', parts = false } = options;
    const attributes = provenanceAttributes(job);
    const matteFrame = ({ masks, number }: DeliveredFrame) => ({
      size: job.size,
      mattes: job.objects.map((o, i) => ({ channel: `${o.fileName}.A`, mask: masks[i] as SoftMask })),
      rate: job.rate,
      frame: number,
      ...ownClock(job, number),
    });
    const stored = { type, compression, window, attributes };
    return pictureFiles(job, {
      name: 'exr',
      ext: 'exr',
      per: 'frame',
      template: 'exr/{shot}_{object}{_version}.{frame}.{ext}',
      renamed: true,
      stem: 'matte',
      choices: { type, compression, window, parts },
      precision: precisionOf(type),
      locate: (i) => ({ channel: parts ? 'A' : `${job.objects[i]?.fileName}.A` }),
      encode: async (frame) => [
        parts
          ? encodeExrParts(matteExrParts(matteFrame(frame), stored))
          : encodeExr(matteExr(matteFrame(frame), stored)),
      ],
      decode: ([bytes]) => {
        const images = decodeExrParts(bytes as Uint8Array);
        return job.objects.map((o) => matteNamed(images, o.fileName));
      },
    });
  };

function matteNamed(images: readonly ExrImage[], name: string): SoftMask {
  const image = images.find((p) => p.name === name) ?? images[0];
  const channel = image?.channels.find((c) => c.name === (image.name === name ? 'A' : `${name}.A`));
  if (!image || !channel) throw new Error(`it has no channel ${name}.A`);
  return maskFromExr(image, channel);
}

/**
 * `crypto/SHOT_crypto.1001.exr`: Cryptomatte 1.2.0 of all objects by their names. Where soft mattes overlap to more than 1, each gets its share.
 * With `manifest: 'sidecar'` the manifest lies once beside the pictures.
 */
export const cryptoDeliverable =
  (options: ExrOptions = {}): DeliverableMaker =>
  (job) => {
    const { compression = 'zip', window = 'whole', manifest = 'embedded', ranks } = options;
    const names = job.objects.map((o) => o.name);
    const template = 'crypto/{shot}_{object}{_version}.{frame}.{ext}';
    const parts = { shot: job.shot, object: 'crypto', format: 'crypto', ext: 'exr', frame: job.first };
    const picture = namePath(job.naming.template ?? template, parts, job.naming);
    const sidecar = `${job.shot}_crypto_manifest.json`;
    const stored: CryptomatteOptions = {
      compression,
      window,
      attributes: provenanceAttributes(job),
      ...(ranks === undefined ? {} : { ranks }),
      ...(manifest === 'sidecar' ? { sidecar } : {}),
    };
    return pictureFiles(job, {
      name: 'crypto',
      ext: 'exr',
      per: 'frame',
      template,
      renamed: true,
      stem: 'crypto',
      choices: { compression, window, manifest, ...(ranks === undefined ? {} : { ranks }) },
      precision: 1 / MASK_ONE,
      encode: async ({ masks, number }) => {
        const objects = names.map((name, i) => ({ name, mask: masks[i] as SoftMask }));
        return [
          encodeExr(
            cryptomatteExr(
              { size: job.size, objects, rate: job.rate, frame: number, ...ownClock(job, number) },
              stored,
            ),
          ),
        ];
      },
      decode: ([bytes]) => {
        const [crypto] = readCryptomattes(decodeExr(bytes as Uint8Array), () => cryptoManifest(names));
        if (!crypto) throw new Error('it has no Cryptomatte');
        return names.map((name) => crypto.matte(crypto.names.get(name) ?? cryptoId(name).bits));
      },
      expected: ({ masks }) => shared(masks),
      ...(manifest === 'sidecar'
        ? { beside: [{ path: besides(picture, sidecar), bytes: new TextEncoder().encode(cryptoManifest(names)) }] }
        : {}),
    });
  };

const besides = (picture: string, name: string) =>
  picture.includes('/') ? `${picture.slice(0, picture.lastIndexOf('/'))}/${name}` : name;

/** Masks as a Cryptomatte holds them: where they add up to more than all of a pixel, each has its share. */
function shared(masks: readonly SoftMask[]): SoftMask[] {
  const size = (masks[0] as SoftMask).size;
  const sums = new Float64Array(size.width * size.height);
  const visit = (mask: SoftMask, see: (pixel: number, at: number) => void) => {
    const { window: w } = mask;
    for (let y = w.y0, at = 0; y < w.y1; y++) for (let x = w.x0; x < w.x1; x++, at++) see(y * size.width + x, at);
  };
  for (const mask of masks)
    visit(mask, (pixel, at) => (sums[pixel] = (sums[pixel] as number) + (mask.values[at] as number)));
  return masks.map((mask) => {
    if (boxWidth(mask.window) === 0) return mask;
    const values = new Uint16Array(mask.values.length);
    visit(mask, (pixel, at) => {
      const whole = Math.max(MASK_ONE, sums[pixel] as number);
      values[at] = Math.round(((mask.values[at] as number) / whole) * MASK_ONE);
    });
    return maskTrim({ ...mask, values });
  });
}

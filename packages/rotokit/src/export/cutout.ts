import {
  type ColourSpace,
  type CubeLut,
  colourConversion,
  PRIMARIES,
  premultiply,
  spaceOfTags,
} from '@rotokit/core/colour';
import { type DespillOptions, despill, estimateForeground } from '@rotokit/core/mattes';
import {
  type Box,
  boxGrow,
  boxHeight,
  boxIsEmpty,
  boxWidth,
  MASK_ONE,
  maskFromPlane,
  type Picture,
  type SoftMask,
} from '@rotokit/core/values';
import {
  channelFloats,
  decodeExr,
  decodePng,
  type ExrChannel,
  encodeExr,
  encodePng,
  exrTimeCode,
  halfChannel,
  maskFromExr,
} from '@rotokit/formats';
import { clockOf } from './clock.js';
import type { DeliverableMaker, DeliveredFrame, ExportJob, FormatChoices } from './deliverable.js';
import { precisionOf, provenanceAttributes } from './exr.js';
import { sha256 } from './journal.js';
import { pictureFiles } from './picture-files.js';

/** How objects are cut out of their plate. */
export interface CutoutOptions {
  /** What the plate's numbers mean, where its tags do not say it (camera logs). */
  readonly input?: ColourSpace;
  /** A table that the plate goes through first; `input` says what comes out of it. */
  readonly lut?: CubeLut;
  /** Linear space of the EXR; Rec. 709 unless told. */
  readonly output?: ColourSpace;
  /** `estimated` (default): the object's own colours where it is soft. `plate`: what was filmed, background included. */
  readonly colour?: 'estimated' | 'plate';
  /** Alpha of the EXR: `premultiplied` (default), as EXR has it, or `straight`. PNG is always straight. */
  readonly alpha?: 'premultiplied' | 'straight';
  readonly despill?: DespillOptions;
}

/** Pixels around a matte that say what its surroundings look like. */
const MARGIN = 24;

/** An object in linear light, straight: its box in the picture, RGB of 3 floats a pixel, and alpha. */
interface Cut {
  readonly box: Box;
  readonly rgb: Float32Array;
  readonly alpha: Float32Array;
}

function cutOut(picture: Picture<'rgbaf'>, mask: SoftMask, options: CutoutOptions, output: ColourSpace): Cut {
  const size = { width: picture.width, height: picture.height };
  const empty = boxIsEmpty(mask.window);
  const box = empty ? { x0: 0, y0: 0, x1: 1, y1: 1 } : boxGrow(mask.window, MARGIN, size);
  const convert = colourConversion(options.input ?? spaceOfTags(picture.colour), output, options.lut);
  const width = boxWidth(box);
  const [rgb, alpha] = [new Float32Array(3 * width * boxHeight(box)), new Float32Array(width * boxHeight(box))];
  for (let y = box.y0, k = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, k++) {
      const at = 4 * (y * size.width + x);
      const { samples: s } = picture;
      rgb.set(convert([s[at] as number, s[at + 1] as number, s[at + 2] as number]), 3 * k);
    }
  }
  const w = mask.window;
  for (let y = w.y0, i = 0; y < w.y1; y++)
    for (let x = w.x0; x < w.x1; x++, i++)
      alpha[(y - box.y0) * width + x - box.x0] = (mask.values[i] as number) / MASK_ONE;
  if (!empty && (options.colour ?? 'estimated') === 'estimated') {
    const { foreground } = estimateForeground({ width, height: boxHeight(box) }, rgb, alpha);
    // Where the object is whole, what was filmed is its colour.
    for (let k = 0; k < alpha.length; k++)
      if ((alpha[k] as number) < 1) for (let i = 3 * k; i < 3 * k + 3; i++) rgb[i] = foreground[i] as number;
  }
  if (options.despill) despill(rgb, options.despill);
  return { box, rgb, alpha };
}

const choicesOf = (options: CutoutOptions): FormatChoices => ({
  colour: options.colour ?? 'estimated',
  alpha: options.alpha ?? 'premultiplied',
  input: options.input ? `${options.input.transfer} ${options.input.primaries}` : 'as tagged',
  output: options.output?.primaries ?? 'rec709',
  lut: options.lut ? sha256(new Uint8Array(options.lut.table.buffer)) : 'none',
  despill: options.despill ? JSON.stringify(options.despill) : 'none',
});

const LINEAR_REC709: ColourSpace = { transfer: 'linear', primaries: 'rec709' };

/**
 * `cutout/OBJECT/SHOT_OBJECT_cutout.1001.exr`: the object alone, RGBA in half floats and linear light, premultiplied, with the colours it has without the
 * background behind its soft edge; data window around the matte, chromaticities in the header.
 */
export const cutoutDeliverable =
  (options: CutoutOptions = {}): DeliverableMaker =>
  (job) => {
    const output: ColourSpace = { ...(options.output ?? LINEAR_REC709), transfer: 'linear' };
    const attributes = {
      ...provenanceAttributes(job),
      chromaticities: { type: 'chromaticities', value: PRIMARIES[output.primaries] },
      framesPerSecond: { type: 'rational', value: job.rate },
    } as const;
    return pictureFiles(job, {
      name: 'cutout',
      ext: 'exr',
      per: 'object',
      template: 'cutout/{object}/{shot}_{object}_cutout{_version}.{frame}.{ext}',
      renamed: true,
      choices: choicesOf(options),
      precision: precisionOf('half'),
      encode: (frame) =>
        eachObject(frame, (picture, mask) => {
          const { box, rgb, alpha } = cutOut(picture, mask, options, output);
          if (options.alpha !== 'straight') premultiply(rgb, alpha);
          const channels: ExrChannel[] = ['R', 'G', 'B'].map((name, c) => halfChannel(name, planeOf(rgb, c)));
          channels.push(halfChannel('A', alpha));
          const time = clockOf(job, frame.number);
          const clock = time ? { timeCode: exrTimeCode(time.count, job.rate, time.drop) } : {};
          const stored = { ...attributes, ...clock };
          return encodeExr({
            displayWindow: job.size,
            dataWindow: box,
            compression: 'zip',
            channels,
            attributes: stored,
          });
        }),
      decode: (files) =>
        files.map((bytes) => {
          const image = decodeExr(bytes);
          const alpha = image.channels.find((c) => c.name === 'A');
          if (!alpha || image.channels.some((c) => channelFloats(c).some(Number.isNaN)))
            throw new Error('it has no whole RGBA');
          return maskFromExr(image, alpha);
        }),
    });
  };

/** Half floats end here; brighter light is held. */
const HALF_MOST = 65504;

function planeOf(rgb: Float32Array, channel: number): Float32Array {
  return Float32Array.from({ length: rgb.length / 3 }, (_, k) =>
    Math.max(-HALF_MOST, Math.min(HALF_MOST, rgb[3 * k + channel] as number)),
  );
}

async function eachObject(
  frame: DeliveredFrame,
  make: (picture: Picture<'rgbaf'>, mask: SoftMask) => Uint8Array,
): Promise<Uint8Array[]> {
  const { picture } = await frame.deepPlate();
  return frame.masks.map((mask) => make(picture, mask));
}

/**
 * `cutout-png/OBJECT/SHOT_OBJECT_cutout.1001.png`: the object alone, 16-bit RGBA over the whole picture, straight as PNG has it, colours in sRGB.
 */
export const cutoutPngDeliverable =
  (options: CutoutOptions = {}): DeliverableMaker =>
  (job) =>
    pictureFiles(job, {
      name: 'cutout-png',
      ext: 'png',
      per: 'object',
      template: 'cutout-png/{object}/{shot}_{object}_cutout{_version}.{frame}.{ext}',
      renamed: true,
      choices: { ...choicesOf(options), alpha: 'straight', output: 'srgb' },
      precision: 0,
      encode: (frame) =>
        eachObject(frame, (picture, mask) => {
          const samples = straightSamples(job, cutOut(picture, mask, options, LINEAR_REC709));
          return encodePng({ kind: 'pixels', ...job.size, channels: 4, samples }, { level: 4, texts: job.provenance });
        }),
      decode: (files) =>
        files.map((bytes) => {
          const image = decodePng(bytes);
          if (image.kind !== 'pixels' || image.channels !== 4) throw new Error('it has no alpha');
          return maskFromPlane(
            job.size,
            Uint16Array.from({ length: image.samples.length / 4 }, (_, k) => image.samples[4 * k + 3] as number),
          );
        }),
    });

function straightSamples(job: ExportJob, { box, rgb, alpha }: Cut): Uint16Array {
  const encode = colourConversion(LINEAR_REC709, { transfer: 'srgb', primaries: 'rec709' });
  const samples = new Uint16Array(4 * job.size.width * job.size.height);
  for (let y = box.y0, k = 0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++, k++) {
      if (alpha[k] === 0) continue;
      const at = 4 * (y * job.size.width + x);
      const codes = encode([rgb[3 * k] as number, rgb[3 * k + 1] as number, rgb[3 * k + 2] as number]);
      codes.forEach((v, c) => {
        samples[at + c] = Math.round(Math.min(1, Math.max(0, v)) * MASK_ONE);
      });
      samples[at + 3] = Math.round((alpha[k] as number) * MASK_ONE);
    }
  }
  return samples;
}

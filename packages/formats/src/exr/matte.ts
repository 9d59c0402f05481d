import {
  type Box,
  boxHeight,
  boxIntersect,
  boxIsEmpty,
  boxOf,
  boxUnion,
  boxWidth,
  EMPTY_BOX,
  type FrameRate,
  halfFromFloat,
  RotokitError,
  type Size,
  type SoftMask,
  sameSize,
  softMask,
  type Timecode,
} from '@rotokit/core/values';
import type { ExrAttributes } from './attributes.js';
import { channelFloats, type ExrChannel, type ExrImage, type ExrPacking } from './image.js';
import { exrTimeCode } from './time-code.js';

/** One frame of mattes: each channel's name and its mask. Empty masks keep their channel. */
export interface MatteFrame {
  readonly size: Size;
  readonly mattes: readonly { readonly channel: string; readonly mask: SoftMask }[];
  readonly rate: FrameRate;
  /** The frame's number as shown; its time code counts from 00:00:00:00 at frame 0. Left out when negative. */
  readonly frame: number;
  /** The clip's own time code of the frame, which then stands instead. */
  readonly timecode?: Timecode;
}

/** How mattes are stored. */
export interface MatteOptions {
  /** `half` (default) holds 11 significant bits; `float` holds every bit of a mask. */
  readonly type?: 'half' | 'float';
  readonly compression?: ExrPacking;
  /** `whole` (default) stores the picture; `cropped` only the box around all mattes (one pixel when all are empty). */
  readonly window?: 'whole' | 'cropped';
  /** More of the header: comments, owner, where the matte came from. */
  readonly attributes?: ExrAttributes;
}

/** ITU-R BT.709 primaries and D65, the chromaticities OpenEXR assumes. */
const REC709 = [0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329];

/**
 * Mattes as an EXR: linear alpha, 0 to 1, one channel each, with frame rate and time code.
 * @throws RangeError when a mask has another size than the frame.
 */
export function matteExr(frame: MatteFrame, options: MatteOptions = {}): ExrImage {
  for (const { channel, mask } of frame.mattes) {
    if (!sameSize(mask.size, frame.size))
      throw new RangeError(
        `matte ${channel} must be ${frame.size.width}x${frame.size.height}, got ${mask.size.width}x${mask.size.height}`,
      );
  }
  const { type = 'half', compression = 'zip', window = 'whole', attributes = {} } = options;
  const dataWindow = window === 'whole' ? boxOf(frame.size) : mattesWindow(frame.mattes.map((m) => m.mask));
  return {
    displayWindow: frame.size,
    dataWindow,
    compression,
    channels: frame.mattes.map((m) => matteChannel(m.channel, m.mask, type, dataWindow)),
    attributes: { ...matteAttributes(frame), ...attributes },
  };
}

/**
 * The same mattes as one part each, called as its matte without the channel behind the last dot, its only channel `A`. Cropped parts
 * keep a window of their own.
 * @throws RangeError as `matteExr`.
 */
export function matteExrParts(frame: MatteFrame, options: MatteOptions = {}): ExrImage[] {
  return frame.mattes.map(({ channel, mask }) => {
    const mattes = [{ channel: 'A', mask }];
    return { ...matteExr({ ...frame, mattes }, options), name: channel.replace(/\.[^.]*$/, '') };
  });
}

/** The box around masks, and one pixel where all are empty: an EXR must have some. */
export function mattesWindow(masks: readonly SoftMask[]): Box {
  const box = masks.reduce((b, mask) => boxUnion(b, mask.window), EMPTY_BOX);
  return boxIsEmpty(box) ? { x0: 0, y0: 0, x1: 1, y1: 1 } : box;
}

/** What every EXR of ours says of its frame: rate, time code where the number is not negative, chromaticities. */
export function matteAttributes(frame: Pick<MatteFrame, 'rate' | 'frame' | 'timecode'>): ExrAttributes {
  const { count, drop } = frame.timecode ?? { count: frame.frame, drop: false };
  return {
    chromaticities: { type: 'chromaticities', value: REC709 },
    framesPerSecond: { type: 'rational', value: frame.rate },
    ...(count >= 0 ? { timeCode: exrTimeCode(count, frame.rate, drop) } : {}),
  };
}

let halves: Uint16Array | undefined;
const halfOfMask = () => (halves ??= Uint16Array.from({ length: 65536 }, (_, v) => halfFromFloat(v / 65535)));

/** A mask as a channel over a window: 0..65535 becomes 0..1. */
function matteChannel(name: string, mask: SoftMask, type: 'half' | 'float', window: Box): ExrChannel {
  const width = boxWidth(window);
  const samples = width * boxHeight(window);
  const values = type === 'half' ? new Uint16Array(samples) : new Float32Array(samples);
  const half = type === 'half' ? halfOfMask() : undefined;
  const m = mask.window;
  let from = 0;
  for (let y = m.y0; y < m.y1; y++) {
    let to = (y - window.y0) * width + m.x0 - window.x0;
    for (let x = m.x0; x < m.x1; x++) {
      const v = mask.values[from++];
      values[to++] = half ? half[v] : v / 65535;
    }
  }
  return { name, type, values } as ExrChannel;
}

/**
 * The names of objects' matte channels: accents dropped, everything hosts trip over replaced by `_`, and `.A` behind it.
 * Names that would become equal, also where capitals do not count, are numbered in order: `dog.A`, `Dog_2.A`.
 */
export function matteChannelNames(objects: readonly string[]): string[] {
  const taken = new Set<string>();
  return objects.map((object) => {
    const plain = object.normalize('NFKD').replace(/\p{M}/gu, '');
    const stem = plain.replace(/[^A-Za-z0-9_-]+/g, '_') || 'object';
    let name = stem;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${stem}_${n}`;
    taken.add(name.toLowerCase());
    return `${name}.A`;
  });
}

/**
 * The mask that a channel of a decoded EXR holds, on its display window: 0..1 becomes 0..65535, clamped, NaN is 0.
 * @throws RotokitError MASK_UNREADABLE for a uint channel: that holds identifiers, not coverage.
 */
export function maskFromExr(image: ExrImage, channel: ExrChannel): SoftMask {
  if (channel.type === 'uint')
    throw new RotokitError('MASK_UNREADABLE', { path: channel.name, reason: 'a uint channel holds identifiers' });
  const { displayWindow, dataWindow } = image;
  const window = boxIntersect(dataWindow, boxOf(displayWindow));
  const floats = channelFloats(channel);
  const [width, stride] = [boxWidth(window), boxWidth(dataWindow)];
  const values = new Uint16Array(width * boxHeight(window));
  let to = 0;
  for (let y = window.y0; y < window.y1; y++) {
    let from = (y - dataWindow.y0) * stride + window.x0 - dataWindow.x0;
    for (let x = 0; x < width; x++) {
      const v = floats[from++];
      values[to++] = v > 0 ? Math.round(Math.min(1, v) * 65535) : 0;
    }
  }
  return softMask(displayWindow, window, values);
}

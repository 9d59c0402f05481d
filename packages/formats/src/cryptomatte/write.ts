import { boxOf, type FrameRate, type Size, type SoftMask, sameSize, type Timecode } from '@rotokit/core/values';
import type { ExrAttributes } from '../exr/attributes.js';
import type { ExrLines, ExrPacking } from '../exr/image.js';
import { matteAttributes, mattesWindow } from '../exr/matte.js';
import { cryptoId, cryptoKey } from './identifier.js';
import { cryptoManifest } from './manifest.js';
import { rankLines } from './rank.js';

/** One frame of objects for a Cryptomatte. Every object of the shot, on every frame: keys and manifest must not change. */
export interface CryptomatteFrame {
  readonly size: Size;
  readonly objects: readonly { readonly name: string; readonly mask: SoftMask }[];
  readonly rate: FrameRate;
  /** The frame's number as shown. */
  readonly frame: number;
  /** The clip's own time code of the frame, which then stands instead. */
  readonly timecode?: Timecode;
}

/** How a Cryptomatte is stored. */
export interface CryptomatteOptions {
  /** The layer's name, which hosts list; `CryptoObject` unless told. */
  readonly layer?: string;
  /** How many objects a pixel can hold, an even number; as many as there are objects, at most 6, unless told. The same on every frame. */
  readonly ranks?: number;
  /** A relative path with forward slashes to the manifest as a file beside; embedded when left out. */
  readonly sidecar?: string;
  readonly compression?: ExrPacking;
  readonly window?: 'whole' | 'cropped';
  readonly attributes?: ExrAttributes;
}

/** Ranks that a Cryptomatte has where nobody asks for others: two to a layer, six at most as the specification suggests. */
export const defaultRanks = (objects: number): number => Math.min(6, 2 * Math.ceil(Math.max(1, objects) / 2));

/**
 * A Cryptomatte (specification 1.2.0) of soft masks: their values are the coverages; what they lack of 1 belongs to nothing. Identifiers and
 * coverages are floats, the compressions are lossless, the deprecated preview channels are left out.
 *
 * @throws RangeError for odd ranks, names that share an identifier, a sidecar path that is not plainly relative, and masks of another size.
 */
export function cryptomatteExr(frame: CryptomatteFrame, options: CryptomatteOptions = {}): ExrLines {
  const { layer = 'CryptoObject', ranks = defaultRanks(frame.objects.length), compression = 'zip' } = options;
  if (!Number.isInteger(ranks) || ranks < 2 || ranks > 200 || ranks % 2)
    throw new RangeError(`ranks must be an even number of 2 to 200, got ${ranks}`);
  if (!/^[A-Za-z_][\w.]*$/.test(layer)) throw new RangeError(`layer must be letters, digits, _ and ., got ${layer}`);
  for (const { name, mask } of frame.objects)
    if (!sameSize(mask.size, frame.size))
      throw new RangeError(
        `${name} must be ${frame.size.width}x${frame.size.height}, got ${mask.size.width}x${mask.size.height}`,
      );
  const masks = frame.objects.map((o) => ({ bits: cryptoId(o.name).bits, mask: o.mask }));
  const dataWindow = options.window === 'cropped' ? mattesWindow(frame.objects.map((o) => o.mask)) : boxOf(frame.size);
  return {
    displayWindow: frame.size,
    dataWindow,
    compression,
    layout: Array.from({ length: 2 * ranks }, (_, i) => ({ name: channelName(layer, i), type: 'float' })),
    lines: (y0, y1) => rankLines(masks, ranks, { x0: dataWindow.x0, x1: dataWindow.x1, y0, y1 }),
    attributes: {
      ...matteAttributes(frame),
      ...options.attributes,
      ...cryptoAttributes(
        layer,
        frame.objects.map((o) => o.name),
        options.sidecar,
      ),
    },
  };
}

/** The i-th of identifier, coverage, identifier, coverage, ...: `CryptoObject00.r` to `.a`, then `CryptoObject01.r`. */
const channelName = (layer: string, i: number) => `${layer}${String(i >> 2).padStart(2, '0')}.${'rgba'[i & 3]}`;

function cryptoAttributes(layer: string, names: readonly string[], sidecar: string | undefined): ExrAttributes {
  if (sidecar !== undefined && (!/^[^/\\][^\\]*$/.test(sidecar) || sidecar.split('/').some((s) => /^\.{0,2}$/.test(s))))
    throw new RangeError(`sidecar must be a relative path below the picture, got ${sidecar}`);
  const manifest = cryptoManifest(names);
  const key = `cryptomatte/${cryptoKey(layer)}`;
  const text = (value: string) => ({ type: 'string', value }) as const;
  return {
    [`${key}/name`]: text(layer),
    [`${key}/hash`]: text('MurmurHash3_32'),
    [`${key}/conversion`]: text('uint32_to_float32'),
    ...(sidecar === undefined ? { [`${key}/manifest`]: text(manifest) } : { [`${key}/manif_file`]: text(sidecar) }),
  };
}

import type { ClipInfo, FrameSource, FramesOptions } from '@rotokit/core/ports';
import {
  type Frame,
  type FrameIndex,
  type FrameRange,
  frameNumber,
  frameRate,
  framesOf,
  maskFromBytes,
  maskToPlane,
  type PictureFormat,
  type SoftMask,
  SRGB,
  size,
} from '@rotokit/core/values';

/** Smooth repeatable noise, 0..1. */
export function texture(x: number, y: number, seed: number): number {
  const at = (i: number, j: number): number => {
    let h = Math.imul(i, 374761393) ^ Math.imul(j, 668265263) ^ Math.imul(seed, 2246822519);
    h = Math.imul(h ^ (h >>> 13), 1274126177);
    return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
  };
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - i, y - j];
  const top = at(i, j) * (1 - fx) + at(i + 1, j) * fx;
  const bottom = at(i, j + 1) * (1 - fx) + at(i + 1, j + 1) * fx;
  return top * (1 - fy) + bottom * fy;
}

type Colour = readonly [number, number, number];

/** A disc on its way: centre by frame, radius, colour, and what it is made of. */
export interface Disc {
  readonly at: (frame: number) => readonly [x: number, y: number];
  readonly radius: number;
  readonly colour: Colour;
  readonly seed: number;
}

/** A picture: background by shot, discs in front of it (later ones nearer), posts in front of everything. */
export interface SmallClip {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly discs: readonly Disc[];
  /** Columns [from, to) of a post that hides what passes behind. */
  readonly post?: readonly [from: number, to: number];
  /** Frames from here on show another place without any disc, up to `cutBack`. */
  readonly cutAt?: number;
  readonly cutBack?: number;
  /** Pixels a frame by which the background moves to the left. */
  readonly pan?: number;
  /** A frame lit by a flash. */
  readonly flashAt?: number;
  /** A frame that cannot be read. */
  readonly broken?: number;
}

const covers = (d: Disc, t: number, x: number, y: number): boolean => {
  const [cx, cy] = d.at(t);
  return (x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 < d.radius ** 2;
};

const shade = (c: Colour, v: number): Colour => [
  c[0] * (0.6 + 0.6 * v),
  c[1] * (0.6 + 0.6 * v),
  c[2] * (0.6 + 0.6 * v),
];

function colourAt(clip: SmallClip, t: number, x: number, y: number): Colour {
  const elsewhere = clip.cutAt !== undefined && t >= clip.cutAt && t < (clip.cutBack ?? Infinity);
  if (elsewhere) return shade([60, 70, 150], texture(x / 9, y / 5, 77));
  if (clip.post && x >= clip.post[0] && x < clip.post[1]) return shade([90, 90, 90], texture(x / 3, y / 9, 5));
  for (const d of [...clip.discs].reverse()) {
    if (!covers(d, t, x, y)) continue;
    const [cx, cy] = d.at(t);
    return shade(d.colour, texture((x - cx) / 5 + 40, (y - cy) / 5 + 40, d.seed));
  }
  return shade([80, 130, 70], texture((x + t * (clip.pan ?? 0)) / 6, y / 6, 1));
}

const lit = (c: Colour, t: number, clip: SmallClip): Colour =>
  t === clip.flashAt
    ? [Math.min(255, c[0] * 1.4 + 30), Math.min(255, c[1] * 1.4 + 30), Math.min(255, c[2] * 1.4 + 30)]
    : c;

/** Where a disc can be seen. */
export function truth(clip: SmallClip, disc: number, t: number): Uint8Array {
  const out = new Uint8Array(clip.width * clip.height);
  for (let y = 0, k = 0; y < clip.height; y++) {
    for (let x = 0; x < clip.width; x++, k++) {
      const hidden =
        (clip.cutAt !== undefined && t >= clip.cutAt && t < (clip.cutBack ?? Infinity)) ||
        (clip.post && x >= clip.post[0] && x < clip.post[1]) ||
        clip.discs.some((d, i) => i > disc && covers(d, t, x, y));
      out[k] = !hidden && covers(clip.discs[disc], t, x, y) ? 1 : 0;
    }
  }
  return out;
}

/** The true mask of a disc as an engine gets it. */
export const trueMask = (clip: SmallClip, disc: number, t: number): SoftMask =>
  maskFromBytes(
    size(clip.width, clip.height),
    truth(clip, disc, t).map((v) => v * 255),
  );

/** Intersection over union of a mask at half with the truth; 1 when both are empty. */
export function overlap(mask: SoftMask, true_: Uint8Array): number {
  const plane = maskToPlane(mask);
  let [both, either] = [0, 0];
  for (let k = 0; k < true_.length; k++) {
    const a = plane[k] >= 32768;
    const b = true_[k] > 0;
    if (a && b) both++;
    if (a || b) either++;
  }
  return either > 0 ? both / either : 1;
}

/** A source that draws its frames, and remembers what was asked of it. */
export class SmallSource implements FrameSource {
  readonly info: ClipInfo;
  readonly clip: SmallClip;
  reads = 0;
  /** Iterators that were opened and are not yet left. */
  open = 0;

  constructor(clip: SmallClip) {
    this.clip = clip;
    this.info = {
      ...{ path: 'drawn', size: size(clip.width, clip.height), frames: clip.frames, rate: frameRate(25) },
      ...{ first: frameNumber(1001), codec: 'drawn', bitDepth: 8, hasAlpha: false, colour: SRGB, notices: [] },
    };
  }

  async read<F extends PictureFormat = 'rgb8'>(index: FrameIndex): Promise<Frame<F>> {
    this.reads++;
    if (index === this.clip.broken) throw new Error(`frame ${index} is broken`);
    const { width, height } = this.clip;
    const samples = new Uint8Array(width * height * 3);
    for (let y = 0, k = 0; y < height; y++)
      for (let x = 0; x < width; x++, k += 3) samples.set(lit(colourAt(this.clip, index, x, y), index, this.clip), k);
    const picture = { format: 'rgb8', width, height, samples, colour: SRGB };
    return { index, picture, damaged: false } as unknown as Frame<F>;
  }

  async *frames<F extends PictureFormat = 'rgb8'>(range: FrameRange, o?: FramesOptions<F>): AsyncGenerator<Frame<F>> {
    this.open++;
    try {
      for (const index of framesOf(range, o?.step ?? 1)) yield await this.read<F>(index);
    } finally {
      this.open--;
    }
  }

  async close(): Promise<void> {}
}

import type { ClipInfo, FrameSource, FramesOptions } from '../ports/index.js';
import {
  channelsOf,
  type Frame,
  type FrameIndex,
  frameIndex,
  frameNumber,
  frameRate,
  framesOf,
  type Picture,
  type PictureFormat,
  RotokitError,
  type SamplesOf,
  SRGB,
} from '../values/index.js';

/** Pictures by index: an array, or a count and a function that makes the picture of an index, always the same. */
export type Script =
  | readonly Picture<'rgb8'>[]
  | { readonly frames: number; readonly picture: (index: number) => Picture<'rgb8'> };

/** What a scripted clip pretends besides its pictures. */
export interface ScriptOptions {
  /** Overrides of what `info` says; size and count come from the pictures. */
  readonly info?: Partial<Omit<ClipInfo, 'size' | 'frames'>>;
  /** Indices that cannot be decoded: reading them throws MEDIA_FRAME_DAMAGED. */
  readonly damaged?: readonly number[];
  /** Indices without a file: reading them throws MEDIA_FRAME_MISSING. */
  readonly missing?: readonly number[];
}

/**
 * A clip out of memory: what the tests of everything above media use. It hands out copies, so that a caller who
 * writes into a frame changes nobody else's. @throws RangeError for a script without pictures.
 */
export function scriptedSource(script: Script, options: ScriptOptions = {}): FrameSource {
  const [frames, picture] = 'frames' in script ? [script.frames, script.picture] : [script.length, pick(script)];
  if (!(frames >= 1)) throw new RangeError(`a script needs at least one picture, got ${frames}`);
  const { width, height } = picture(0);
  const info: ClipInfo = {
    path: 'scripted',
    rate: frameRate(24),
    first: frameNumber(1001),
    codec: 'scripted',
    bitDepth: 8,
    hasAlpha: false,
    colour: SRGB,
    notices: [],
    ...options.info,
    size: { width, height },
    frames,
  };
  return new ScriptedSource(info, picture, new Set(options.damaged), new Set(options.missing));
}

const pick = (pictures: readonly Picture<'rgb8'>[]) => (index: number) => pictures[index];

class ScriptedSource implements FrameSource {
  readonly info: ClipInfo;
  readonly #picture: (index: number) => Picture<'rgb8'>;
  readonly #damaged: ReadonlySet<number>;
  readonly #missing: ReadonlySet<number>;
  #closed = false;

  constructor(
    info: ClipInfo,
    picture: (index: number) => Picture<'rgb8'>,
    damaged: ReadonlySet<number>,
    missing: ReadonlySet<number>,
  ) {
    this.info = info;
    this.#picture = picture;
    this.#damaged = damaged;
    this.#missing = missing;
  }

  async read<F extends PictureFormat = 'rgb8'>(index: FrameIndex, format?: F): Promise<Frame<F>> {
    if (this.#closed) throw new TypeError(`${this.info.path} is closed`);
    const { path, first, frames } = this.info;
    const frame = first + frameIndex(index);
    if (index >= frames) throw new RotokitError('FRAME_OUTSIDE', { frame, first, last: first + frames - 1 });
    if (this.#damaged.has(index)) throw new RotokitError('MEDIA_FRAME_DAMAGED', { path, frame, reason: 'scripted' });
    if (this.#missing.has(index)) throw new RotokitError('MEDIA_FRAME_MISSING', { path, frame });
    const picture = this.#picture(index);
    return { index, picture: { ...picture, ...inFormat(picture, format ?? ('rgb8' as F)) }, damaged: false };
  }

  async *frames<F extends PictureFormat = 'rgb8'>(
    range: { readonly start: FrameIndex; readonly end: FrameIndex },
    options: FramesOptions<F> = {},
  ): AsyncGenerator<Frame<F>, void, undefined> {
    for (const index of framesOf(range, options.step ?? 1)) {
      options.signal?.throwIfAborted();
      yield await this.read(index, options.format);
    }
    options.signal?.throwIfAborted();
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}

/** 8-bit RGB in another format: values scaled to its range, opaque. */
function inFormat<F extends PictureFormat>(picture: Picture<'rgb8'>, format: F): { format: F; samples: SamplesOf[F] } {
  const from = picture.samples;
  if (format === 'rgb8') return { format, samples: from.slice() as SamplesOf[F] };
  const length = picture.width * picture.height * channelsOf(format);
  const whole = format === 'rgba16';
  const into = whole ? new Uint16Array(length) : new Float32Array(length);
  for (let p = 0, k = 0; k < length; p += 3, k += 4) {
    for (let c = 0; c < 3; c++) into[k + c] = whole ? from[p + c] * 257 : from[p + c] / 255;
    into[k + 3] = whole ? 65535 : 1;
  }
  return { format, samples: into as SamplesOf[F] };
}

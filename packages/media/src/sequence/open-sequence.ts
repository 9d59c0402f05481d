import { open } from 'node:fs/promises';
import type { ClipInfo } from '@rotokit/core/ports';
import {
  type FrameRate,
  frameNumber,
  isRotokitError,
  RotokitError,
  reasonOf,
  type Timecode,
  timecodeAfter,
} from '@rotokit/core/values';
import type { MediaFacts } from '../media-facts.js';
import type { Frame } from '../native/libav.js';
import type { FullOpenOptions } from '../open-options.js';
import { codedSize, type Geometry, geometry } from '../picture/geometry.js';
import { formatFacts } from '../picture/layout.js';
import { orientationOfFrame } from '../picture/orientation.js';
import { coloursOf, PictureMaker } from '../picture/picture-maker.js';
import { MediaSource } from '../source/media-source.js';
import { notices } from '../source/notices.js';
import type { OpenedMedia } from '../source/opened-media.js';
import type { SequenceFiles } from './sequence-files.js';
import { SequenceFrames } from './sequence-frames.js';
import { stillHeader } from './still-header.js';
import { stillTimecode, TIMECODE_BYTES } from './still-timecode.js';

/** How many files are tried for one that shows size and colour. */
const FIRST_FILES = 5;

/**
 * Opens an image sequence.
 * @throws RotokitError MEDIA_UNREADABLE when none of the first files can be decoded, or MEDIA_TOO_LARGE.
 */
export async function openSequence(path: string, files: SequenceFiles, options: FullOpenOptions): Promise<OpenedMedia> {
  const frames = new SequenceFrames(files, options.pixelLimit, options.ringBytes);
  try {
    const { sample, number } = await firstReadable(files, frames);
    try {
      const shape = geometry(codedSize(sample), sample.sampleAspectRatio, orientationOfFrame(sample));
      frames.requireSize(shape.coded);
      const head = await headOf(files.paths.get(number)!, options.rate);
      // A sequence whose first file is damaged has the time code of the first that is not, counted back.
      const back = head.timecode && timecodeAfter(head.timecode, files.numbers[0] - number);
      const timecode = back && back.count >= 0 ? { timecode: back } : {};
      const facts = sequenceFacts(path, files, options, shape, sample, { codec: head.codec, ...timecode });
      const maker = new PictureMaker(shape, true);
      return { source: new MediaSource(facts.info, frames, maker, options), native: frames, facts };
    } finally {
      sample.free();
    }
  } catch (error) {
    await frames.close();
    if (isRotokitError(error)) throw error;
    throw new RotokitError('MEDIA_UNREADABLE', { path, reason: reasonOf(error) }, error);
  }
}

async function firstReadable(files: SequenceFiles, frames: SequenceFrames): Promise<{ sample: Frame; number: number }> {
  const first = files.numbers[0];
  for (let n = 0; ; n++) {
    const number = files.numbers[n];
    try {
      return { sample: await frames.frame(number - first), number };
    } catch (error) {
      const last = n + 1 >= Math.min(files.numbers.length, FIRST_FILES);
      if (isRotokitError(error) && error.code === 'MEDIA_TOO_LARGE') throw error;
      if (last) throw new Error(isRotokitError(error) ? String(error.facts.reason) : reasonOf(error), { cause: error });
    }
  }
}

const NAMES = { png: 'png', mjpeg: 'jpeg', exr: 'exr', dpx: 'dpx', tiff: 'tiff', webp: 'webp', bmp: 'bmp' } as const;

/** What the beginning of a picture's file tells. */
interface Head {
  readonly codec: string;
  readonly timecode?: Timecode | undefined;
}

async function headOf(path: string, rate: FrameRate): Promise<Head> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TIMECODE_BYTES), 0, TIMECODE_BYTES, 0);
    const bytes = buffer.subarray(0, bytesRead);
    const header = stillHeader(bytes);
    return { codec: header ? NAMES[header.decoder] : 'unknown', timecode: stillTimecode(bytes, rate) };
  } finally {
    await file.close();
  }
}

/** Numbers without a file between the first and the last, as ranges. */
export function gapsOf(numbers: readonly number[]): (readonly [from: number, to: number])[] {
  const gaps: (readonly [number, number])[] = [];
  for (let i = 1; i < numbers.length; i++) {
    if (numbers[i] - numbers[i - 1] > 1) gaps.push([numbers[i - 1] + 1, numbers[i] - 1]);
  }
  return gaps;
}

function sequenceFacts(
  path: string,
  files: SequenceFiles,
  options: FullOpenOptions,
  shape: Geometry,
  sample: Frame,
  head: { readonly codec: string; readonly timecode?: Timecode },
): MediaFacts {
  const format = formatFacts(sample.format);
  const [first, last] = [files.numbers[0], files.numbers[files.numbers.length - 1]];
  const known = {
    container: files.numbered ? 'sequence' : 'picture',
    coded: shape.coded,
    pixelFormat: format.name,
    rotation: shape.orientation.degrees,
    mirrored: (shape.orientation.flipX !== shape.orientation.flipY) !== shape.orientation.transpose,
    pixelAspect: shape.pixelAspect,
    constantRate: true,
    interlaced: false,
    countedBy: 'files',
    claimedFrames: undefined,
  } as const;
  const info: Omit<ClipInfo, 'notices'> = {
    path: files.numbered ? files.pattern : path,
    size: shape.displayed,
    frames: last - first + 1,
    rate: options.rate,
    first: files.numbered ? frameNumber(first) : options.first,
    ...head,
    bitDepth: format.bitDepth,
    hasAlpha: format.alpha,
    colour: coloursOf(sample, true),
  };
  return { ...known, info: { ...info, notices: notices(info, known, shape, gapsOf(files.numbers)) } };
}

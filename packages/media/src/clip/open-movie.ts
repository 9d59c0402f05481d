import type { ClipInfo } from '@rotokit/core/ports';
import { isRotokitError, RotokitError, reasonOf } from '@rotokit/core/values';
import type { MediaFacts } from '../media-facts.js';
import { AV_FRAME_FLAG_INTERLACED, avGetCodecName, type Frame, type Stream } from '../native/libav.js';
import { type StreamOptions, UnknownCodec, VideoStream } from '../native/video-stream.js';
import type { FullOpenOptions } from '../open-options.js';
import { codedSize, type Geometry, geometry } from '../picture/geometry.js';
import { formatFacts } from '../picture/layout.js';
import { orientationOfFrame } from '../picture/orientation.js';
import { coloursOf, PictureMaker } from '../picture/picture-maker.js';
import { MediaSource } from '../source/media-source.js';
import { notices } from '../source/notices.js';
import type { OpenedMedia } from '../source/opened-media.js';
import { buildFrameTable } from './build-frame-table.js';
import { ClipFrames } from './clip-frames.js';
import type { FrameTable } from './frame-table.js';
import { movieTimecode } from './movie-timecode.js';
import { rateOf } from './rate.js';

/** How many frames are tried for one that shows size and colour; a clip broken for longer is not readable. */
const FIRST_FRAMES = 12;

/**
 * Opens one movie file.
 * @throws RotokitError MEDIA_UNREADABLE, MEDIA_CODEC_UNSUPPORTED or MEDIA_TOO_LARGE.
 */
export async function openMovie(path: string, options: FullOpenOptions): Promise<OpenedMedia> {
  const limit = options.pixelLimit;
  const accept = (width: number, height: number) => {
    if (width * height > limit) throw new RotokitError('MEDIA_TOO_LARGE', { path, width, height, limit });
  };
  const streamOptions: StreamOptions = { threads: options.threads, accept };
  let frames: ClipFrames | undefined;
  let stream: VideoStream | undefined;
  try {
    stream = await VideoStream.open(path, streamOptions);
    const table = await buildFrameTable(path, stream, streamOptions);
    if (!table.pts.length) throw new Error('it has no frame that can be decoded');
    frames = new ClipFrames(path, options.first, stream, table, options.ringBytes);
    const sample = await firstReadable(frames, table.pts.length);
    try {
      return describe(path, options, stream, table, frames, sample);
    } finally {
      sample.free();
    }
  } catch (error) {
    await (frames ?? stream)?.close();
    if (isRotokitError(error)) throw error;
    if (error instanceof UnknownCodec)
      throw new RotokitError('MEDIA_CODEC_UNSUPPORTED', { path, codec: error.codec }, error);
    throw new RotokitError('MEDIA_UNREADABLE', { path, reason: reasonOf(error) }, error);
  }
}

async function firstReadable(frames: ClipFrames, count: number): Promise<Frame> {
  for (let i = 0; ; i++) {
    try {
      return await frames.frame(i);
    } catch (error) {
      if (i + 1 >= Math.min(count, FIRST_FRAMES))
        throw new Error('none of its first frames can be decoded', { cause: error });
    }
  }
}

function describe(
  path: string,
  options: FullOpenOptions,
  stream: VideoStream,
  table: FrameTable,
  frames: ClipFrames,
  sample: Frame,
): OpenedMedia {
  const orientation = orientationOfFrame(sample, stream.stream);
  const shape = geometry(codedSize(sample), aspectOf(sample, stream.stream), orientation);
  const facts = movieFacts(path, options, stream, table, shape, sample);
  const maker = new PictureMaker(shape, false);
  return { source: new MediaSource(facts.info, frames, maker, options), native: frames, facts };
}

function aspectOf(sample: Frame, stream: Stream) {
  // The container's word over the codec's, as players have it.
  for (const a of [stream.sampleAspectRatio, sample.sampleAspectRatio]) if (a.num > 0 && a.den > 0) return a;
  return { num: 1, den: 1 };
}

function movieFacts(
  path: string,
  options: FullOpenOptions,
  stream: VideoStream,
  table: FrameTable,
  shape: Geometry,
  sample: Frame,
): MediaFacts {
  const { rate, constant } = rateOf(table.pts, stream.stream);
  const timecode = movieTimecode(stream, rate);
  const format = formatFacts(sample.format);
  const claimed = Number(stream.stream.nbFrames);
  const known = {
    container: stream.format.iformat?.name ?? 'unknown',
    coded: shape.coded,
    pixelFormat: format.name,
    rotation: shape.orientation.degrees,
    mirrored: (shape.orientation.flipX !== shape.orientation.flipY) !== shape.orientation.transpose,
    pixelAspect: shape.pixelAspect,
    constantRate: constant,
    interlaced: sample.hasFlags(AV_FRAME_FLAG_INTERLACED),
    countedBy: table.from,
    claimedFrames: claimed > 0 ? claimed : undefined,
  } as const;
  const info: Omit<ClipInfo, 'notices'> = {
    path,
    size: shape.displayed,
    frames: table.pts.length,
    rate,
    first: options.first,
    codec: avGetCodecName(stream.stream.codecpar.codecId) ?? 'unknown',
    bitDepth: format.bitDepth,
    hasAlpha: format.alpha,
    colour: coloursOf(sample, false),
    ...(timecode ? { timecode } : {}),
  };
  return { ...known, info: { ...info, notices: notices(info, known, shape, []) } };
}

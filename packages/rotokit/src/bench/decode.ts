import { spawn, spawnSync } from 'node:child_process';
import type { ClipInfo, FrameSource } from '@rotokit/core/ports';
import { timed } from '@rotokit/core/resources';
import { type FrameIndex, frameRange } from '@rotokit/core/values';
import { openClip } from '@rotokit/media';

/** How fast pictures come, native size, 8-bit RGB. Frames per second in order; milliseconds for one at random. */
export interface Pace {
  readonly framesPerSecond: number;
  readonly msAtRandom: number;
}

/** Decoding beside what a user would pick instead: medians of interleaved repetitions. */
export interface DecodeTimes extends Pace {
  readonly codec: string;
  readonly size: string;
  readonly frames: number;
  /** The ffmpeg command piping `rgb24`, one process for a walk and one for each frame at random; undefined without it. */
  readonly ffmpeg: (Pace & { readonly version: string }) | undefined;
  /** Ours over ffmpeg's: above 1 is faster. Ours interpolates chroma to every pixel, ffmpeg's default repeats it. */
  readonly ratio: { readonly inOrder: number; readonly atRandom: number } | undefined;
}

const REPETITIONS = 3;
const MOST_FRAMES = 150;
const JUMPS = 8;

/** Times decoding of a clip, in order and at random. @throws RotokitError MEDIA_* */
export async function benchDecode(path: string): Promise<DecodeTimes> {
  const source = await openClip(path);
  try {
    const { info } = source;
    const frames = Math.min(info.frames, MOST_FRAMES);
    const version = ffmpegVersion();
    const ours: Pace[] = [];
    const theirs: Pace[] = [];
    for (let n = 0; n < REPETITIONS; n++) {
      ours.push(await ourPace(source, frames));
      if (version) theirs.push(await ffmpegPace(info, frames));
    }
    const pace = median(ours);
    const other = version ? { ...median(theirs), version } : undefined;
    return {
      codec: info.codec,
      size: `${info.size.width}x${info.size.height}`,
      frames,
      ...pace,
      ffmpeg: other,
      ratio: other && {
        inOrder: pace.framesPerSecond / other.framesPerSecond,
        atRandom: other.msAtRandom / pace.msAtRandom,
      },
    };
  } finally {
    await source.close();
  }
}

/** The same far-apart frames for both: multiples of a large prime. */
const jumps = (frames: number) => Array.from({ length: JUMPS }, (_, n) => ((n + 1) * 7919) % frames);

async function ourPace(source: FrameSource, frames: number): Promise<Pace> {
  const inOrder = async () => {
    for await (const _ of source.frames(frameRange(0, frames)));
  };
  const atRandom = async () => {
    for (const i of jumps(frames)) await source.read(i as FrameIndex);
  };
  return pace(frames, inOrder, atRandom);
}

async function ffmpegPace(info: ClipInfo, frames: number): Promise<Pace> {
  const inOrder = () => drain([...input(info, 0), '-frames:v', `${frames}`]);
  const atRandom = async () => {
    for (const i of jumps(frames)) await drain([...input(info, i), '-frames:v', '1']);
  };
  return pace(frames, inOrder, atRandom);
}

async function pace(frames: number, inOrder: () => Promise<void>, atRandom: () => Promise<void>): Promise<Pace> {
  const clock = () => performance.now();
  const framesPerSecond = (frames * 1000) / (await timed(clock, inOrder)).ms;
  return { framesPerSecond, msAtRandom: (await timed(clock, atRandom)).ms / JUMPS };
}

/** How ffmpeg is told to begin at a frame: by number in a sequence, by time in a movie. */
function input(info: ClipInfo, from: number): string[] {
  const pattern = /#+/.exec(info.path)?.[0];
  if (pattern) {
    const name = info.path.replace(pattern, `%0${pattern.length}d`);
    return ['-start_number', `${info.first + from}`, '-i', name];
  }
  return ['-ss', `${(from * info.rate.den) / info.rate.num}`, '-i', info.path];
}

/** Runs ffmpeg and reads its raw pictures to the end, as a program that uses them would. */
function drain(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const all = ['-v', 'error', '-nostdin', ...args, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'];
    const child = spawn('ffmpeg', all, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.resume();
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

function ffmpegVersion(): string | undefined {
  const { status, stdout } = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' });
  return status === 0 ? (/version (\S+)/.exec(stdout)?.[1] ?? 'unknown') : undefined;
}

function median(paces: readonly Pace[]): Pace {
  const middle = (of: (p: Pace) => number) =>
    paces.map(of).sort((a, b) => a - b)[Math.floor(paces.length / 2)] as number;
  return { framesPerSecond: middle((p) => p.framesPerSecond), msAtRandom: middle((p) => p.msAtRandom) };
}

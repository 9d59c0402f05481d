import { idealClick } from '@rotokit/core/evaluation';
import { frameIndex, objectId, type SoftMask, sourcePoint } from '@rotokit/core/values';
import { openClip } from '@rotokit/media';
import type { Command } from 'commander';
import { benchDecode, type DecodeTimes } from '../bench/decode.js';
import { benchEngine, benchMemory } from '../bench/engine.js';
import { PingPongSource } from '../bench/ping-pong.js';
import { benchOpenCv } from '../bench/rivals.js';
import { chooseEngine } from '../engines/choose.js';
import { openSample } from '../sample.js';
import { addBenchNeural } from './bench-neural.js';
import { parseClick } from './prompt-arguments.js';
import { type LongOptions, reporterOf, result, withJson } from './shared.js';

interface BenchOptions extends LongOptions {
  readonly click?: ReturnType<typeof parseClick>;
  readonly frames: number;
  readonly memory?: boolean;
  readonly threads?: number;
}

const LENGTHS = [100, 250, 500, 1000, 1500, 2000];

/** `rotokit bench [CLIP]`: speed, memory, and ratios to what a user would pick instead. */
export function addBench(program: Command, signal: AbortSignal): void {
  // `bench neural` has options of the same names: what stands behind it is its own.
  const command = program.enablePositionalOptions().command('bench [clip]').enablePositionalOptions();
  addBenchNeural(command, signal);
  withJson(command.description('Speed and memory here, beside ffmpeg and OpenCV where they are installed.'))
    .option(
      '--click <x,y>',
      'a pixel of something to follow on the first frame; needed with a clip of your own',
      parseClick,
    )
    .option('--frames <n>', 'how many frames to follow', Number, 60)
    .option('--memory', 'instead, follow for 2,000 frames and print how memory grows')
    .option('--threads <n>', 'threads beside the main one', Number)
    .addHelpText('after', '\nExample:\n  rotokit bench plate.mov --click 412,220 --memory')
    .action(async (clip: string | undefined, options: BenchOptions) => {
      if (clip && options.click?.prompt.kind !== 'point')
        throw new RangeError('rotokit bench CLIP needs --click X,Y on something to follow');
      await (options.memory ? memoryCurve(clip, options) : bench(clip, options));
    });
}

/** What to follow: the clip and pixel that were asked for, or the sample's. */
const toFollow = async (clip: string | undefined, options: BenchOptions) =>
  clip ? { path: clip, at: pointOf(options) } : sampleToFollow();

async function bench(clip: string | undefined, options: BenchOptions): Promise<void> {
  const reporter = reporterOf(options);
  const { path, at } = await toFollow(clip, options);
  reporter.note('decoding');
  const decode = await benchDecode(path);
  const source = await openClip(path);
  try {
    const engines = [];
    for (const profile of ['full', 'fast'] as const) {
      reporter.note(`engine embedded, ${profile}`);
      const { engine } = await chooseEngine('embedded', [], { ...options, profile });
      engines.push({ profile, ...(await benchEngine(engine, source, at, options.frames)) });
    }
    reporter.note('what a user would pick instead');
    const openCv = await benchOpenCv(source, at);
    const lines = [
      ...engines.map(
        (e) =>
          `embedded ${e.profile}: ${e.msPerFrame.toFixed(1)} ms a frame (90 % under ${e.p90.toFixed(1)}), first click on a frame ${e.msFirstClick.toFixed(0)} ms (${(e.msFirstClick / e.msPerFrame).toFixed(1)} frames), one that corrects it ${e.msNextClick.toFixed(0)} ms (${(e.msNextClick / e.msPerFrame).toFixed(1)}), ${e.size}`,
      ),
      ...decodeLines(decode),
      openCv
        ? `OpenCV ${openCv.version}, half size: DIS flow one way ${openCv.dis.toFixed(1)} ms, GrabCut ${openCv.grabCut.toFixed(0)} ms`
        : 'OpenCV: python3 with cv2 is not installed (pip install opencv-python-headless)',
    ];
    result(options, { clip: path, decode, engines, openCv }, lines.join('\n'));
  } finally {
    await source.close();
  }
}

function decodeLines({ codec, size, framesPerSecond, msAtRandom, ffmpeg, ratio }: DecodeTimes): string[] {
  const ours = `decoding ${codec} ${size}: ${framesPerSecond.toFixed(0)} frames/s in order, ${msAtRandom.toFixed(1)} ms for one at random`;
  if (!ffmpeg || !ratio) return [ours, 'ffmpeg: not installed (apt-get install ffmpeg)'];
  const theirs = `${ffmpeg.framesPerSecond.toFixed(0)} frames/s, ${ffmpeg.msAtRandom.toFixed(0)} ms`;
  return [
    ours,
    `ffmpeg ${ffmpeg.version}: ${theirs}; ours is ${ratio.inOrder.toFixed(2)} and ${ratio.atRandom.toFixed(1)} times as fast`,
  ];
}

function pointOf({ click }: BenchOptions): { readonly x: number; readonly y: number } {
  if (click?.prompt.kind !== 'point') throw new RangeError('--click takes X,Y');
  return click.prompt.at;
}

async function sampleToFollow() {
  const { clip, truth } = await openSample();
  const click = idealClick(truth(0));
  if (!click) throw new RangeError('the sample shows nothing on its first frame');
  return { path: clip, at: click.at };
}

/** Alone in its process, so that nothing else's memory is counted. */
async function memoryCurve(clip: string | undefined, options: BenchOptions): Promise<void> {
  const reporter = reporterOf(options);
  const { path, at } = await toFollow(clip, options);
  const source = await openClip(path);
  try {
    const { engine } = await chooseEngine('embedded', [], options);
    const session = await engine.open(source);
    const prompts = [{ kind: 'point', at: sourcePoint(at.x, at.y), positive: true } as const];
    const [mask] = await session.segment(frameIndex(0), [{ object: objectId('bench'), prompts }]);
    await session.close();
    reporter.note(`following for ${Math.max(...LENGTHS)} frames`);
    const long = new PingPongSource(source, Math.max(...LENGTHS) + 1);
    const memory = await benchMemory(engine, long, mask as SoftMask, LENGTHS);
    const { width, height } = source.info.size;
    const curve = memory.map(([n, mb]) => `${n}: ${mb.toFixed(0)}`).join(', ');
    result(options, { clip: path, memory }, `peak resident MB at ${width}x${height} by frames followed: ${curve}`);
  } finally {
    await source.close();
  }
}

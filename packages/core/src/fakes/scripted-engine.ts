import type {
  Engine,
  EngineSession,
  FrameSource,
  Propagation,
  TrackedFrame,
  TrackedObject,
  TrackSignals,
} from '../ports/index.js';
import { resolveOverlap } from '../tracking/index.js';
import {
  type FrameIndex,
  MASK_ONE,
  maskFromPlane,
  maskToPlane,
  type ObjectId,
  type ObjectPrompts,
  type Prompt,
  RotokitError,
  type Size,
  type SoftMask,
} from '../values/index.js';

/** One object on one frame of a scripted walk. */
export interface ScriptedMoment {
  readonly object: ObjectId;
  readonly frame: FrameIndex;
  /** The direction of the walk. */
  readonly step: 1 | -1;
  /** Frames from the start of the walk to this one, from 1. */
  readonly steps: number;
}

/** What happens. Every function must always say the same for the same arguments. */
export interface EngineScript {
  readonly name?: string;
  readonly provenance?: Readonly<Record<string, string | number>>;
  /** How far an object really moves from the frame before to this one, in whole pixels. It rests when absent. */
  motion?(object: ObjectId, frame: FrameIndex): { readonly x: number; readonly y: number };
  /** What the engine says instead of the start mask moved along, which is what it says otherwise. */
  answer?(moment: ScriptedMoment, moved: SoftMask): SoftMask;
  /** What it says about its answer; a score of 1 and `tracked` where nothing is said. */
  signals?(moment: ScriptedMoment): Partial<TrackSignals> | undefined;
  /** What it finds for words. It takes none when absent. */
  words?(text: string, size: Size): SoftMask;
  /** Something to throw instead of delivering a frame. */
  failure?(frame: FrameIndex, step: 1 | -1): unknown;
  /** Called before each frame is worked on: the place to abort from, or to make it wait. */
  beforeFrame?(frame: FrameIndex): void | Promise<void>;
}

/** What an engine was asked to do. */
export interface ScriptedWalk {
  readonly from: FrameIndex;
  readonly to: FrameIndex;
  readonly objects: readonly ObjectId[];
  /** Frames delivered so far. */
  delivered: number;
}

/** A scripted engine, and what became of it. */
export interface ScriptedEngine extends Engine {
  readonly walks: readonly ScriptedWalk[];
  /** Walks that were begun and neither finished nor left. */
  readonly walking: number;
  /** Sessions that were opened and not closed. */
  readonly sessions: number;
}

/** The fake of an engine: moves the masks it is given by a script and never looks at a picture. */
export function scriptedEngine(script: EngineScript = {}): ScriptedEngine {
  const walks: ScriptedWalk[] = [];
  let [walking, sessions] = [0, 0];
  const name = script.name ?? 'scripted';

  async function* propagate(source: FrameSource, p: Propagation): AsyncGenerator<TrackedFrame> {
    const walk: ScriptedWalk = { from: p.from, to: p.to, objects: p.objects.map((o) => o.object), delivered: 0 };
    walks.push(walk);
    walking++;
    try {
      for await (const frame of play(script, source, p)) {
        walk.delivered++;
        yield frame;
      }
    } finally {
      walking--;
    }
  }

  return {
    name,
    provenance: script.provenance ?? { script: 1 },
    accepts: new Set<Prompt['kind']>(['point', 'box', 'brush', 'mask', ...(script.words ? (['text'] as const) : [])]),
    async open(source): Promise<EngineSession> {
      sessions++;
      return {
        async segment(frame, objects, signal) {
          signal?.throwIfAborted();
          mustExist(source, frame);
          return objects.map((o) => paintPrompts(name, script, source.info.size, o));
        },
        propagate: (p) => propagate(source, p),
        close: async () => {
          sessions--;
        },
      };
    },
    walks,
    get walking() {
      return walking;
    },
    get sessions() {
      return sessions;
    },
  };
}

/** A walk as the script has it. */
async function* play(script: EngineScript, source: FrameSource, p: Propagation): AsyncGenerator<TrackedFrame> {
  const step = p.to < p.from ? -1 : 1;
  const moved = p.objects.map(() => ({ x: 0, y: 0 }));
  for (let before = p.from; before !== p.to; before = (before + step) as FrameIndex) {
    const frame = (before + step) as FrameIndex;
    await script.beforeFrame?.(frame);
    p.signal?.throwIfAborted();
    mustExist(source, frame);
    const failure = script.failure?.(frame, step);
    if (failure !== undefined) throw failure;
    const objects = p.objects.map(({ object, mask }, i): TrackedObject => {
      const by = script.motion?.(object, step > 0 ? frame : before) ?? { x: 0, y: 0 };
      moved[i] = { x: moved[i].x + step * by.x, y: moved[i].y + step * by.y };
      const right = movedMask(mask, moved[i].x, moved[i].y);
      const moment = { object, frame, step, steps: Math.abs(frame - p.from) } as const;
      const signals = { score: 1, state: 'tracked' as const, ...script.signals?.(moment) };
      return { object, mask: script.answer?.(moment, right) ?? right, signals };
    });
    yield { frame, objects: p.overlap === 'exclusive' ? apart(p, objects) : objects };
    p.signal?.throwIfAborted();
  }
}

function mustExist({ info }: FrameSource, frame: FrameIndex): void {
  if (frame >= 0 && frame < info.frames) return;
  const [first, last] = [info.first, info.first + info.frames - 1];
  throw new RotokitError('FRAME_OUTSIDE', { frame: info.first + frame, first, last });
}

function apart(p: Propagation, objects: readonly TrackedObject[]): TrackedObject[] {
  const claims = objects.map(({ object, mask }, i) => ({ object, mask, priority: p.objects[i].priority }));
  return resolveOverlap(claims).map((mask, i) => ({ ...objects[i], mask }));
}

/** A mask moved by whole pixels; what leaves the picture is gone. */
export function movedMask(mask: SoftMask, dx: number, dy: number): SoftMask {
  const { size } = mask;
  const from = maskToPlane(mask);
  const to = new Uint16Array(from.length);
  for (let y = Math.max(0, dy); y < Math.min(size.height, size.height + dy); y++)
    for (let x = Math.max(0, dx); x < Math.min(size.width, size.width + dx); x++)
      to[y * size.width + x] = from[(y - dy) * size.width + x - dx];
  return maskFromPlane(size, to);
}

/** Radius of the disc that a click selects. */
const CLICK = 12;

/** Clicks are discs, boxes and strokes are what they cover, a mask is itself; later prompts paint over earlier ones. */
function paintPrompts(engine: string, { words }: EngineScript, size: Size, { prompts }: ObjectPrompts): SoftMask {
  const only = prompts.length === 1 ? prompts[0] : undefined;
  if (only?.kind === 'mask') return only.mask;
  const plane = new Uint16Array(size.width * size.height);
  for (const p of prompts) {
    if (p.kind === 'text' && words) plane.set(maskToPlane(words(p.text, size)));
    else if (p.kind === 'text')
      throw new RotokitError('ENGINE_PROMPT_UNSUPPORTED', { engine, kind: p.kind, alternative: 'a click' });
    else if (p.kind === 'mask') plane.set(maskToPlane(p.mask));
    else paint(plane, size, p);
  }
  return maskFromPlane(size, plane);
}

function paint(plane: Uint16Array, size: Size, p: Exclude<Prompt, { kind: 'mask' | 'text' }>): void {
  const value = p.kind === 'box' || p.positive ? MASK_ONE : 0;
  const covers = (x: number, y: number): boolean => {
    if (p.kind === 'box') return x > p.from.x && x < p.to.x && y > p.from.y && y < p.to.y;
    if (p.kind === 'point') return Math.hypot(x - p.at.x, y - p.at.y) <= CLICK;
    return p.path.some((at, i) => segmentDistance(x, y, p.path[Math.max(0, i - 1)], at) <= p.radius);
  };
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++) if (covers(x + 0.5, y + 0.5)) plane[y * size.width + x] = value;
}

function segmentDistance(
  x: number,
  y: number,
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): number {
  const [vx, vy] = [b.x - a.x, b.y - a.y];
  const length = vx * vx + vy * vy;
  const t = length ? Math.min(1, Math.max(0, ((x - a.x) * vx + (y - a.y) * vy) / length)) : 0;
  return Math.hypot(x - a.x - t * vx, y - a.y - t * vy);
}

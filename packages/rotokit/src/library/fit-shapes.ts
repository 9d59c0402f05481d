import { type RotoDocument, shapeOf } from '@rotokit/core/project';
import { ShapeFitter, type ShapeSettings, shapeDefaults } from '@rotokit/core/shapes';
import { type FrameIndex, framesOf, RotokitError, rangeLength } from '@rotokit/core/values';
import type { FrameNumbers, ShownRange } from './frames.js';
import { Agreement, type ObjectShapesReport, type ShapesReport } from './shapes.js';

/** Which objects and frames to turn into shapes, and how. */
export interface ShapeChoices extends ShownRange, Partial<ShapeSettings> {
  /** Names of objects; all visible ones when left out. */
  readonly objects?: readonly string[];
  readonly signal?: AbortSignal;
  /** Told once, of how many mattes there are. */
  onStart?(mattes: number): void;
  /** Told after each matte that was read. */
  onFrame?(frame: number): void;
}

/** Fits shapes to the mattes of a project and compares them. @throws RotokitError EXPORT_REFUSED where a matte is missing. */
export async function fitShapes(
  { document, numbers }: { readonly document: RotoDocument; readonly numbers: FrameNumbers },
  choices: ShapeChoices,
): Promise<ShapesReport> {
  const { project } = document;
  const range = numbers.range(choices);
  const objects = choices.objects?.map((n) => project.object(n)) ?? project.objects().filter((o) => o.visible);
  const settings: ShapeSettings = { ...shapeDefaults(project.clip.size), ...given(choices) };
  const reports: ObjectShapesReport[] = [];
  choices.onStart?.(objects.length * rangeLength(range));
  for (const { id, name } of objects) {
    const earlier = project.shapes(id).map(shapeOf);
    const fitter = new ShapeFitter({ name, settings, earlier, ...(choices.signal ? { signal: choices.signal } : {}) });
    const matte = async (frame: FrameIndex) => {
      choices.signal?.throwIfAborted();
      const mask = await document.mask(id, frame);
      if (mask) return mask;
      throw new RotokitError('EXPORT_REFUSED', {
        what: name,
        reason: `it has no mask on frame ${numbers.shown(frame)}`,
        remedy: 'Track it first, or choose a range that is tracked.',
      });
    };
    for (const frame of framesOf(range)) {
      fitter.add(frame, await matte(frame));
      choices.onFrame?.(numbers.shown(frame));
    }
    const steps = fitter.fit();
    let step = steps.next();
    for (; !step.done; step = steps.next()) await new Promise((resolve) => setImmediate(resolve));
    const { shapes, statistics, events, leftOut, asTheyWere } = step.value;
    const agreement = new Agreement();
    for (const frame of framesOf(range)) agreement.add(shapes, await matte(frame), frame, numbers.shown(frame));
    reports.push({
      object: name,
      shapes,
      statistics: statistics.map((s) => ({ ...s, worstFrame: numbers.shown(s.worstFrame) as never })),
      events: events.map((e) => ({ ...e, frame: numbers.shown(e.frame) as never })),
      leftOut,
      asTheyWere,
      iou: agreement.result,
    });
  }
  return { settings, objects: reports };
}

/** Settings that were given, without the choices beside them. */
function given(choices: ShapeChoices): Partial<ShapeSettings> {
  const { error, keyError, points, parts, room, smallest } = choices;
  const all = { error, keyError, points, parts, room, smallest };
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined));
}

import {
  fitSizes,
  type ModelPoint,
  type ObjectPrompts,
  type Point,
  type Prompt,
  RotokitError,
  type Size,
  type SourcePoint,
} from '@rotokit/core/values';

/** A click as the graphs take it: pixels of the input counted from pixel centres, and a label. */
export type ModelClick = readonly [x: number, y: number, label: number];

/** Clicks that a stroke stands for, at most. */
const STROKE_CLICKS = 5;
/** Clicks of a stroke are this many radii apart, at least. */
const STROKE_SPACING = 4;

/**
 * A stroke as clicks, which is what these models understand: the middle of a short one; else both ends and what lies evenly between
 * them, four radii apart or more and five at most.
 */
export function strokeClicks(path: readonly Point[], radius: number): Point[] {
  const lengths = path.slice(1).map((p, i) => Math.hypot(p.x - path[i]!.x, p.y - path[i]!.y));
  const total = lengths.reduce((a, b) => a + b, 0);
  const count = Math.min(STROKE_CLICKS, 1 + Math.floor(total / Math.max(1e-6, STROKE_SPACING * radius)));
  const at = (distance: number): Point => {
    let left = distance;
    for (const [i, length] of lengths.entries()) {
      if (left <= length && length > 0) {
        const [a, b] = [path[i]!, path[i + 1]!];
        return { x: a.x + ((b.x - a.x) * left) / length, y: a.y + ((b.y - a.y) * left) / length };
      }
      left -= length;
    }
    return path.at(-1)!;
  };
  if (count === 1) return [at(total / 2)];
  return Array.from({ length: count }, (_, i) => at((total * i) / (count - 1)));
}

/**
 * One thing that was said, as clicks of a model whose input has `side` pixels. A box is two corners.
 * @throws RotokitError ENGINE_PROMPT_UNSUPPORTED for words. @throws RangeError for a stroke without points.
 */
export function clicksOf(
  prompt: Exclude<Prompt, { kind: 'mask' }>,
  engine: string,
  size: Size,
  side: number,
): ModelClick[] {
  const fit = fitSizes<SourcePoint, ModelPoint>(size, { width: side, height: side });
  const place = (p: Point, label: number): ModelClick => {
    const { x, y } = fit.to(p as SourcePoint);
    return [x - 0.5, y - 0.5, label];
  };
  switch (prompt.kind) {
    case 'point':
      return [place(prompt.at, prompt.positive ? 1 : 0)];
    case 'box':
      return [place(prompt.from, 2), place(prompt.to, 3)];
    case 'brush':
      if (prompt.path.length === 0) throw new RangeError('a brush stroke needs at least one point, got none');
      return strokeClicks(prompt.path, prompt.radius).map((p) => place(p, prompt.positive ? 1 : 0));
    case 'text': {
      const alternative = 'a click, a box, a brush stroke or a mask';
      throw new RotokitError('ENGINE_PROMPT_UNSUPPORTED', { engine, kind: prompt.kind, alternative });
    }
  }
}

/** The prompts that count: a mask is the answer to all that was said before it. */
export function prompting({ prompts }: ObjectPrompts): readonly Prompt[] {
  const last = prompts.findLastIndex((p) => p.kind === 'mask');
  return prompts.slice(Math.max(0, last));
}

/** Clicks in the order in which the graphs want them: the corners of the last box, then points. */
export function ordered(clicks: readonly ModelClick[]): ModelClick[] {
  const corner = (label: number) => clicks.findLast((c) => c[2] === label);
  const [first, second] = [corner(2), corner(3)];
  const points = clicks.filter((c) => c[2] < 2);
  return first && second ? [first, second, ...points] : points;
}

import type { Size } from '../values/index.js';

/** How shapes are fitted. Lengths are in source pixels. */
export interface ShapeSettings {
  /** Largest distance between a shape and the matte's contour on any frame, before keys are taken out. */
  readonly error: number;
  /** Largest distance on any frame once keys are taken out; 0 keeps a key on every frame. */
  readonly keyError: number;
  /** Most points of one shape: a region that needs more is divided into parts. */
  readonly points: number;
  /** Whether regions may be divided; else `error` grows until `points` are enough. */
  readonly parts: boolean;
  /** Points beyond the fewest, as a factor: more points slide less along the contour, so fewer keys are needed. */
  readonly room: number;
  /** Islands and holes smaller than this many square pixels are left out. */
  readonly smallest: number;
}

/** Settings for a picture: a pixel of error for about a thousand pixels of width, a pixel and a half once keys go. */
export function shapeDefaults({ width, height }: Size): ShapeSettings {
  const unit = Math.max(1, Math.max(width, height) / 1000);
  return { error: unit, keyError: 1.5 * unit, points: 40, parts: true, room: 1.25, smallest: 16 * unit * unit };
}

/** Checks settings. @throws RangeError naming the one that is out of range. */
export function checkShapeSettings(s: ShapeSettings): ShapeSettings {
  const rule = (name: keyof ShapeSettings, good: boolean, what: string) => {
    if (!good) throw new RangeError(`shape ${name} must be ${what}, got ${s[name]}`);
  };
  rule('error', s.error >= 0.25 && s.error <= 64, '0.25 to 64 pixels');
  rule('keyError', s.keyError === 0 || (s.keyError >= s.error && s.keyError <= 64), '0, or from `error` to 64 pixels');
  rule('points', Number.isInteger(s.points) && s.points >= 8 && s.points <= 400, 'a whole number from 8 to 400');
  rule('room', s.room >= 1 && s.room <= 4, '1 to 4');
  rule('smallest', s.smallest >= 0, 'at least 0');
  return s;
}

import type { Point, Shadows, Stage } from './stage.js';
import { isSmall, surface } from './surface.js';

/**
 * The stage under one light. What small triangles (leaves, blades, hairs) send to the camera is worked out once for each
 * light and kept; of large ones every pixel is asked.
 */
export interface Lamp {
  readonly stage: Stage;
  shadows: Shadows;
  /** Counts the lights that were turned on. */
  turn: number;
  /** The light under which a triangle was worked out, and the result. */
  readonly when: Int32Array;
  readonly kept: Float32Array;
}

/** A lamp for a stage, with nothing on yet. */
export function lampFor(stage: Stage): Lamp {
  const last = stage.soups.length - 1;
  const count = stage.bases[last] + stage.soups[last].count;
  const shadows = undefined as unknown as Shadows; // `turnOn` comes first
  return { stage, shadows, turn: 0, when: new Int32Array(count), kept: new Float32Array(3 * count) };
}

/** Changes the light: what was kept counts no more. */
export function turnOn(lamp: Lamp, shadows: Shadows): void {
  lamp.shadows = shadows;
  lamp.turn++;
}

/** Light that a triangle sends to the camera from a point. @returns the owner of the triangle. */
export function lightFrom(lamp: Lamp, number: number, point: Point, out: Float64Array): number {
  const { stage, when, kept } = lamp;
  let s = stage.soups.length - 1;
  while (number < stage.bases[s]) s--;
  const soup = stage.soups[s];
  const local = number - stage.bases[s];
  if (when[number] === lamp.turn) {
    out[0] = kept[3 * number];
    out[1] = kept[3 * number + 1];
    out[2] = kept[3 * number + 2];
    return soup.owners[local];
  }
  surface(stage, soup, local, point, lamp.shadows, out);
  if (isSmall(soup.kinds[local])) {
    kept[3 * number] = out[0];
    kept[3 * number + 1] = out[1];
    kept[3 * number + 2] = out[2];
    when[number] = lamp.turn;
  }
  return soup.owners[local];
}

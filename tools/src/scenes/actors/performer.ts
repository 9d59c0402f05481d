import { type Recolour, recolourer } from '../colour.js';
import { compose, scaling, translation } from '../matrix.js';
import type { Part } from '../parts.js';
import { type Pyramid, type Sprite, spritePyramid } from '../picture.js';
import { type Random, random } from '../random.js';
import type { KeyedFootage, TextureSources } from '../textures.js';
import type { Actor } from './actor.js';

/** A filmed performer made into somebody else: other colours per region of the body, other proportions, mirrored, re-timed. */
export interface PerformerSpec {
  readonly kind: 'performer';
  readonly seed: number;
  /** Height in 480-line pixels at scale 1. */
  readonly size: number;
  /** Which of the assets' performers. */
  readonly performer: number;
  /** Share of the performances that keep their own look. */
  readonly plain?: boolean;
}

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function boundsOf(rgba: Uint8Array, width: number, height: number): Bounds {
  let left = width;
  let right = 0;
  let top = height;
  let bottom = 0;
  for (let y = 0, i = 3; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      if (rgba[i] < 16) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
  }
  return right < left ? { left: 0, top: 0, right: 1, bottom: 1 } : { left, top, right: right + 1, bottom: bottom + 1 };
}

/** A disguise: where the rows come from, how wide they are, and the colours of head, trunk and legs. */
interface Disguise {
  readonly rows: readonly number[];
  readonly widths: readonly number[];
  readonly colours: readonly Recolour[];
  readonly shear: number;
}

function disguise(r: Random, plain: boolean): Disguise {
  if (plain) return { rows: [1, 1, 1, 1], widths: [1, 1, 1, 1], colours: [], shear: 0 };
  const colour = (): Recolour => ({ hue: r.next(), saturation: r.range(0.3, 1.6), gamma: r.range(0.5, 1.7) });
  const skin: Recolour = { hue: r.range(-0.03, 0.03), saturation: r.range(0.5, 1.3), gamma: r.range(0.7, 2) };
  return {
    rows: [r.range(0.7, 1.2), r.range(0.7, 1.3), r.range(0.7, 1.3), r.range(0.7, 1.4)],
    widths: [r.range(0.85, 1.2), r.range(0.7, 1.5), r.range(0.75, 1.5), r.range(0.8, 1.4)],
    colours: r.chance(0.8) ? [skin, colour(), r.chance(0.5) ? colour() : skin] : [],
    shear: r.normal() * 0.08,
  };
}

/** Piecewise linear interpolation of four values over 0..1. */
const blend4 = (v: readonly number[], t: number): number => {
  const x = Math.max(0, Math.min(2.9999, t * 3));
  const i = x | 0;
  return v[i] + (v[i + 1] - v[i]) * (x - i);
};

/** Re-cuts one frame with the disguise: rows re-spaced, widths changed, regions recoloured. */
function recut(rgba: Uint8Array, width: number, box: Bounds, d: Disguise): Sprite {
  const h = box.bottom - box.top;
  const w = box.right - box.left;
  const total = d.rows.reduce((a, b) => a + b, 0) / 4;
  const outHeight = Math.round(h * total) + 2;
  const outWidth = Math.round(w * Math.max(...d.widths) + Math.abs(d.shear) * outHeight) + 4;
  const out = new Uint8Array(outWidth * outHeight * 4);
  const paints = d.colours.map(recolourer);
  let position = 0;
  for (let y = 1; y < outHeight - 1; y++) {
    const t = position / h;
    const sy = box.top + Math.min(h - 1, Math.floor(position));
    position += 1 / blend4(d.rows, t);
    if (position >= h) position = h - 1;
    const scale = blend4(d.widths, t);
    const shift = d.shear * (y - outHeight / 2);
    const paint = paints.length > 0 ? paints[t < 0.17 ? 0 : t < 0.5 ? 1 : 2] : undefined;
    for (let x = 1; x < outWidth - 1; x++) {
      const sx = box.left + w / 2 + (x + 0.5 - outWidth / 2 - shift) / scale;
      const x0 = Math.floor(sx);
      if (x0 < box.left || x0 >= box.right) continue;
      const i = (sy * width + x0) * 4;
      const a = rgba[i + 3];
      if (a === 0) continue;
      const o = (y * outWidth + x) * 4;
      out[o] = rgba[i];
      out[o + 1] = rgba[i + 1];
      out[o + 2] = rgba[i + 2];
      if (paint) paint(out, o);
      out[o] = (out[o] * a) / 255;
      out[o + 1] = (out[o + 1] * a) / 255;
      out[o + 2] = (out[o + 2] * a) / 255;
      out[o + 3] = a;
    }
  }
  return { width: outWidth, height: outHeight, rgba: out };
}

/** Builds a performer. Its middle is the middle of the filmed picture. RangeError where the assets have no such performer. */
export function performer(spec: PerformerSpec, sources: TextureSources): Actor {
  const film: KeyedFootage | undefined = sources.performers[spec.performer];
  if (!film) throw new RangeError(`performer: ${spec.performer} is not one of ${sources.performers.length} performers`);
  const r = random(spec.seed);
  const look = disguise(r, spec.plain ?? false);
  const speed = r.range(0.5, 2);
  const first = r.int(0, film.frames);
  const mirror = r.chance(0.5) ? -1 : 1;
  const start = boundsOf(film.read(first), film.width, film.height);
  const scale = spec.size / Math.max(40, start.bottom - start.top);
  let held: { frame: number; sprite: Pyramid<Sprite>; x: number; y: number } | undefined;
  const frameAt = (time: number): number => {
    // There and back again, so that a long clip never jumps.
    const period = 2 * (film.frames - 1);
    const at = (((Math.round(first + time * speed) % period) + period) % period) | 0;
    return at < film.frames ? at : period - at;
  };
  const parts = (time: number): Part[] => {
    const frame = frameAt(time);
    if (held?.frame !== frame) {
      const rgba = film.read(frame);
      const box = boundsOf(rgba, film.width, film.height);
      const sprite = spritePyramid(recut(rgba, film.width, box, look));
      const x = (box.left + box.right) / 2 - (start.left + start.right) / 2;
      const y = box.bottom - start.bottom;
      held = { frame, sprite, x, y };
    }
    const full = held.sprite.levels[0];
    const map = compose(
      scaling(mirror * scale, scale),
      translation(held.x - full.width / 2, held.y + (start.bottom - start.top) / 2 - full.height),
    );
    return [{ kind: 'sprite', sprite: held.sprite, map, depth: 0 }];
  };
  return { parts, foot: spec.size / 2 };
}

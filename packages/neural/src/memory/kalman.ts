import type { LogitBox } from './policy.js';

/** Standard deviations relative to the box's height, as ByteTrack and DeepSORT publish them. */
const POSITION = 1 / 20;
const VELOCITY = 1 / 160;
/** Of the aspect ratio: at the start and per step, its velocity, and when it is measured. */
const ASPECT = { step: 1e-2, velocity: 1e-5, measured: 1e-1 } as const;

/** One quantity and its velocity: means and the symmetric covariance [[p, c], [c, v]]. */
interface Axis {
  x: number;
  dx: number;
  p: number;
  c: number;
  v: number;
}

/** Centre x, centre y, width over height, height. */
export type BoxState = readonly [cx: number, cy: number, aspect: number, height: number];

/** A box as a state. A box without height has the aspect of one pixel. */
export function stateOf({ x0, y0, x1, y1 }: LogitBox): BoxState {
  const [w, h] = [x1 - x0, y1 - y0];
  return [(x0 + x1) / 2, (y0 + y1) / 2, w / (h || 1), h];
}

/** A state as a box. */
export function boxOfState([cx, cy, aspect, height]: BoxState): LogitBox {
  const [w, h] = [(aspect * height) / 2, height / 2];
  return { x0: cx - w, y0: cy - h, x1: cx + w, y1: cy + h };
}

/**
 * Constant velocity of a box, 8 states, one step a frame (Kalman 1960; the filter of DeepSORT, Wojke et al. 2017, and ByteTrack,
 * Zhang et al. 2022). All noise is independent and the start has no correlation, so the 8x8 filter falls apart into four of two
 * states each, and that is how it is computed.
 */
export class BoxFilter {
  readonly #axes: readonly [Axis, Axis, Axis, Axis];

  constructor(start: BoxState) {
    const h = start[3];
    const axis = (x: number, position: number, velocity: number): Axis => ({
      ...{ x, dx: 0, c: 0 },
      p: position ** 2,
      v: velocity ** 2,
    });
    const [place, speed] = [2 * POSITION * h, 10 * VELOCITY * h];
    this.#axes = [
      axis(start[0], place, speed),
      axis(start[1], place, speed),
      axis(start[2], ASPECT.step, ASPECT.velocity),
      axis(start[3], place, speed),
    ];
  }

  /** Where the box is believed to be. */
  get state(): BoxState {
    return this.#axes.map((a) => a.x) as unknown as BoxState;
  }

  /** Velocities of the same four, per frame. */
  get velocity(): BoxState {
    return this.#axes.map((a) => a.dx) as unknown as BoxState;
  }

  /** Variances of the same four. */
  get variance(): BoxState {
    return this.#axes.map((a) => a.p) as unknown as BoxState;
  }

  /** One frame passes. */
  predict(): void {
    const h = this.#axes[3].x;
    for (const [i, a] of this.#axes.entries()) {
      const [position, velocity] = i === 2 ? [ASPECT.step, ASPECT.velocity] : [POSITION * h, VELOCITY * h];
      a.x += a.dx;
      a.p += 2 * a.c + a.v + position ** 2;
      a.c += a.v;
      a.v += velocity ** 2;
    }
  }

  /** The box is seen. */
  update(seen: BoxState): void {
    const h = this.#axes[3].x;
    for (const [i, a] of this.#axes.entries()) {
      const noise = i === 2 ? ASPECT.measured : POSITION * h;
      const total = a.p + noise ** 2;
      const [gain, speed] = [a.p / total, a.c / total];
      const off = seen[i]! - a.x;
      a.x += gain * off;
      a.dx += speed * off;
      a.v -= speed * a.c;
      a.c -= gain * a.c;
      a.p -= gain * a.p;
    }
  }
}

/** Intersection over union of two boxes as continuous areas; 0 where neither has any. */
export function boxIou(a: LogitBox, b: LogitBox): number {
  const w = Math.max(0, Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0));
  const h = Math.max(0, Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0));
  const area = (r: LogitBox) => (r.x1 - r.x0) * (r.y1 - r.y0);
  const both = w * h;
  const either = area(a) + area(b) - both;
  return either > 0 ? both / either : 0;
}

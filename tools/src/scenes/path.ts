import { type Sway, swayAt } from './noise.js';
import { random } from './random.js';

/** Small random steps, one a frame: a shaking hand, a rough road. */
export interface Jitter {
  readonly seed: number;
  /** Deviation in pixels. */
  readonly amount: number;
}

/**
 * How a thing moves through the scene, as data. Positions are 480-line pixels relative to the middle of the picture, x to
 * the right, y down; times are frames.
 */
export interface Path {
  /** Where it is at time `at`. */
  readonly x: number;
  readonly y: number;
  readonly at: number;
  /** Pixels a frame. */
  readonly vx: number;
  readonly vy: number;
  readonly wanderX?: Sway;
  readonly wanderY?: Sway;
  readonly jitter?: Jitter;
  /** Size at `until` relative to time 0, as seen while it comes nearer (> 1) or goes away (< 1) at a steady speed. */
  readonly growth?: { readonly to: number; readonly until: number; readonly horizon: number };
  /** Heading: 0 faces right, pi/2 faces us; and its change a frame. */
  readonly yaw: number;
  readonly yawRate?: number;
  readonly yawSway?: Sway;
  /** Tilt in the picture plane, radians. */
  readonly tilt?: Sway;
  readonly tiltRate?: number;
}

/** Where a thing is at a time. */
export interface Pose {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly tilt: number;
  readonly yaw: number;
}

/** A random walk held near zero, linear between frames. */
export function jitterAt(jitter: Jitter | undefined, time: number, channel: number): number {
  if (!jitter || jitter.amount === 0) return 0;
  const frame = Math.floor(time);
  const step = (i: number) => random((jitter.seed ^ Math.imul(i + 4096, 0x9e3779b1) ^ (channel * 7919)) >>> 0).normal();
  // Half of the last step is kept, so that steps are correlated like a hand's.
  const value = (i: number) => step(i) + 0.5 * step(i - 1) + 0.25 * step(i - 2);
  return jitter.amount * (value(frame) + (value(frame + 1) - value(frame)) * (time - frame));
}

/** The pose of a path at a time. */
export function poseAt(path: Path, time: number): Pose {
  const g = path.growth;
  // Perspective: the size is 1 / distance, and the distance falls evenly.
  const scale = g ? 1 / Math.max(0.05, 1 - (1 - 1 / g.to) * Math.max(-1, Math.min(1.15, time / g.until))) : 1;
  const x = path.x + path.vx * (time - path.at) + swayAt(path.wanderX, time) + jitterAt(path.jitter, time, 0);
  const y = path.y + path.vy * (time - path.at) + swayAt(path.wanderY, time) + jitterAt(path.jitter, time, 1);
  return {
    x: x * (1 + (scale - 1) * 0.35),
    y: g ? g.horizon + (y - g.horizon) * scale : y,
    scale,
    tilt: swayAt(path.tilt, time) + (path.tiltRate ?? 0) * time,
    yaw: path.yaw + (path.yawRate ?? 0) * time + swayAt(path.yawSway, time),
  };
}

import { compose, type Matrix, rotation, scaling, translation } from './matrix.js';
import { type Sway, swayAt } from './noise.js';
import { type Jitter, jitterAt, type Path, poseAt } from './path.js';

/** How the camera moves, as data; units as in `Path`. */
export interface Camera {
  /** Pan in pixels a frame. */
  readonly vx: number;
  readonly vy: number;
  readonly wanderX?: Sway;
  readonly wanderY?: Sway;
  readonly shake?: Jitter;
  /** Natural logarithm of the zoom, change a frame. */
  readonly zoomRate?: number;
  readonly roll?: Sway;
  /** Keeps an actor in the picture: which one, how firmly (0..1) and how many frames late. */
  readonly follow?: { readonly actor: number; readonly strength: number; readonly lag: number };
}

/** Where the camera looks at a time. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly roll: number;
}

/** The view at a time. `paths` are the paths of the scene's actors. */
export function viewAt(camera: Camera, paths: readonly Path[], time: number, middle: number): View {
  let x = camera.vx * (time - middle) + swayAt(camera.wanderX, time) + jitterAt(camera.shake, time, 2);
  let y = camera.vy * (time - middle) + swayAt(camera.wanderY, time) + jitterAt(camera.shake, time, 3);
  const follow = camera.follow;
  const path = follow ? paths[follow.actor] : undefined;
  if (follow && path) {
    // Late and smoothed: the mean of the positions of the last few frames, jitter left out.
    const { jitter: _, wanderX: __, wanderY: ___, growth: ____, ...smooth } = path;
    for (let i = 0; i < 4; i++) {
      const pose = poseAt(smooth, time - (follow.lag * i) / 2);
      x += (follow.strength * (pose.x - path.x)) / 4;
      y += (follow.strength * (pose.y - path.y)) / 4;
    }
  }
  return {
    x,
    y,
    zoom: Math.exp((camera.zoomRate ?? 0) * (time - middle)),
    roll: swayAt(camera.roll, time) + 0.002 * jitterAt(camera.shake, time, 4),
  };
}

/** The map from scene coordinates at a parallax (1: the actors' plane, 0: infinitely far) to the screen. */
export function screenMap(view: View, parallax: number, width: number, height: number): Matrix {
  const scale = (height / 480) * view.zoom;
  return compose(
    translation(width / 2, height / 2),
    rotation(view.roll),
    scaling(scale),
    translation(-view.x * parallax, -view.y * parallax),
  );
}

import type { ActorSpec } from './actors/build.js';
import type { Backdrop } from './backdrop.js';
import type { Camera } from './camera.js';
import type { Colour } from './colour.js';
import type { Path } from './path.js';

/** One actor in a scene. */
export interface Role {
  readonly actor: ActorSpec;
  readonly path: Path;
  /** How much of the camera's motion it follows: 1 in the actors' plane, less behind it, more in front of it. */
  readonly parallax: number;
  /** The object whose mask it adds to (0, 1, ...); -1 for extras and occluders. */
  readonly object: number;
  /** Frames by which its own motion is ahead: two roles with one actor are then a thing and its look-alike. */
  readonly ahead?: number;
  /** 0..1: how dark its shadow on the ground is. */
  readonly shadow?: number;
}

/** Dust, smoke or spray thrown up at an actor's foot; drawn over it. */
export interface Spray {
  readonly role: number;
  readonly seed: number;
  readonly colour: Colour;
  /** Puffs a frame, pixels of a grown puff, opacity of a new one, frames one lasts, speed in pixels a frame. */
  readonly rate: number;
  readonly size: number;
  readonly opacity: number;
  readonly life: number;
  readonly speed: number;
}

/** What the lens, the sensor and the coder do to the picture. */
export interface Finish {
  /** Lens blur, pixels of deviation. */
  readonly blur: number;
  /** Grain: deviation in grey levels. */
  readonly grain: number;
  /** Quality 1..100 of the JPEG-like compression; 100 leaves it out. */
  readonly quality: number;
  readonly saturation: number;
  /** Change of exposure a frame (relative). */
  readonly gainDrift: number;
  /** Fall of light from the middle to the corners, 0..1. */
  readonly vignette: number;
  /** Patches of light and shade lying over the scene: strength 0..1 and size in pixels. */
  readonly dapple?: { readonly seed: number; readonly strength: number; readonly size: number };
}

/**
 * A whole clip as data: plain JSON, made from a seed (`inventScene`) or written by hand. Lengths are pixels of a 480-line
 * picture whatever size is rendered; times are frames.
 */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  /** Seeds grain. */
  readonly seed: number;
  readonly backdrop: Backdrop;
  /** How much of the camera's motion the backdrop follows. */
  readonly backdropParallax: number;
  readonly camera: Camera;
  /** Far to near. */
  readonly roles: readonly Role[];
  readonly sprays: readonly Spray[];
  /** Share of the frame time that the shutter is open, and in how many moments it is sampled. */
  readonly shutter: { readonly open: number; readonly samples: number };
  /** Direction towards the light (x right, y down, z to us) and its contrast 0..1. */
  readonly light: { readonly x: number; readonly y: number; readonly z: number; readonly contrast: number };
  readonly finish: Finish;
}

/** How many objects have masks. */
export function objectCount(scene: Scene): number {
  return scene.roles.reduce((most, role) => Math.max(most, role.object + 1), 0);
}

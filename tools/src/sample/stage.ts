import type { Tree } from './forest.js';
import type { ShadowMap } from './shadow-map.js';
import { type Soup, unit, type Vec } from './soup.js';
import type { Bark, Floor } from './terrain.js';

/** Towards the sun: low, from behind on the left. */
export const SUN: Vec = unit([-0.62, 0.5, 0.6]);
/** Light of the sun, and of the sky from everywhere. */
export const SUN_LIGHT: Vec = [7.4, 5.3, 3.1];
export const SKY_LIGHT: Vec = [0.62, 0.78, 0.98];

/** The shadow maps of one pass: a sharp and a wide one of the sun, one of a patch of sky, and those of the foxes. */
export interface Shadows {
  readonly near: ShadowMap;
  readonly wide: ShadowMap;
  readonly sky: ShadowMap;
  readonly skyFrom: Vec;
  /** A coarse one of the sun, for haze. */
  readonly haze: ShadowMap;
  readonly foxes: readonly FoxShadows[];
  /** What is known of each still triangle: 0 nothing yet, else 1 + 2 when the sun sees it + 4 when the sky does. */
  readonly known: Uint8Array;
}

/** The shadows of one fox, and where it stands: farther than 2.5 m it casts none. */
export interface FoxShadows {
  readonly sun: ShadowMap;
  readonly sky: ShadowMap;
  readonly x: number;
  readonly z: number;
}

/** What is shaded: triangles by number (still ones first, then others from `bases` on). */
export interface Stage {
  readonly soups: readonly Soup[];
  readonly bases: readonly number[];
  readonly trees: readonly Tree[];
  readonly floor: Floor;
  readonly bark: Bark;
}

/** A place that is seen: where, in which unit direction from the camera, and how far away. */
export interface Point {
  x: number;
  y: number;
  z: number;
  vx: number;
  vy: number;
  vz: number;
  distance: number;
}

/** Cosine of the angle between a view and the sun. */
export const towardsSun = (p: Point): number => p.vx * SUN[0] + p.vy * SUN[1] + p.vz * SUN[2];

import type { Stand } from './fox.js';
import type { Gait } from './fox-gait.js';
import { smooth } from './noise.js';
import type { Camera } from './raster.js';
import { heightAt } from './terrain.js';

/** The picture, how many frames there are and how fast they go by. */
export const SHOT = { width: 854, height: 480, frames: 76, rate: 24, shutter: 0.5, first: 1001 } as const;

/** The fox that is followed: left to right along the trail. */
export const HERO: Gait = { speed: 1.5, stride: 0.5, phase: 0.1 };
/** The look-alike: farther away, right to left. */
export const OTHER: Gait = { speed: 1.35, stride: 0.52, phase: 0.63 };

/** Where the hero stands at a time in seconds. */
export const heroStand = (t: number): Stand => {
  const [x, z] = [-2.15 + HERO.speed * t, 0.05 + 0.05 * Math.sin(0.9 * t)];
  return { at: [x, heightAt(x, z), z], facing: 1, scale: 1 };
};

/** Where the other fox stands. */
export const otherStand = (t: number): Stand => {
  const [x, z] = [4.75 - OTHER.speed * t, 2.75];
  return { at: [x, heightAt(x, z), z], facing: -1, scale: 0.98 };
};

/** The camera: a dolly that follows a little slower than the fox, held by hand. */
export function cameraAt(t: number): Camera {
  const sway = (k: number, s: number) => Math.sin(k * t + s) + 0.6 * Math.sin(1.73 * k * t + 2 * s + 1);
  const x = -1.25 + 1.12 * t - 0.16 * smooth(0, 0.9, t) + 0.012 * sway(2.3, 0.4);
  return {
    x,
    y: 0.62 + 0.012 * sway(2.9, 1.2),
    z: -4.75 + 0.05 * t,
    pan: 0.02 * smooth(0.5, 3, t) + 0.0022 * sway(3.1, 2),
    tilt: -0.012 + 0.002 * sway(3.7, 0.3),
    focal: 1150,
  };
}

import type { Camera } from './raster.js';
import { lit } from './shadow-map.js';
import { type Point, type Shadows, SKY_LIGHT, SUN_LIGHT, towardsSun } from './stage.js';

/** Light of the bare sky in a direction: pale, warm around the sun. */
export function skyColour(p: Point, out: Float64Array): void {
  const glow = Math.max(0, towardsSun(p)) ** 4;
  const up = Math.max(0, Math.min(1, p.vy * 2.2));
  out[0] = 1.9 - 0.9 * up + 3.4 * glow;
  out[1] = 1.95 - 0.65 * up + 2.5 * glow;
  out[2] = 1.9 - 0.25 * up + 1.4 * glow;
}

/** How much a metre of air dims. */
const THICKNESS = 0.012;
/** exp(-x), near enough for the depths of this scene and several times as fast. */
const fading = (x: number) => 1 / (1 + x * (1 + x * (0.5 + x * (1 / 6 + x / 24))));

const far: Point = { x: 0, y: 0, z: 0, vx: 0, vy: 0, vz: 0, distance: 0 };

/** Haze: dims what is far, and shines where the sun reaches it; one place along the view is asked in each pass. */
export function air(p: Point, shadows: Shadows, random: number, camera: Camera, out: Float64Array): void {
  const length = Math.min(p.distance, 34);
  const through = fading(THICKNESS * p.distance);
  const s = length * random; // one of as many equal parts of the way as there are passes
  far.x = camera.x + p.vx * s;
  far.y = camera.y + p.vy * s;
  far.z = camera.z + p.vz * s;
  const cosine = towardsSun(p);
  const lobe = 1.44 - 1.32 * cosine;
  const phase = 0.56 / (12.57 * lobe * Math.sqrt(lobe)) + 0.03; // Henyey-Greenstein, g = 0.66
  const sun = lit(shadows.haze, far.x, far.y, far.z, 0.05) * phase * THICKNESS * length * fading(THICKNESS * s) * 1.75;
  const sky = (1 - through) * 0.4;
  out[0] = out[0] * through + SUN_LIGHT[0] * sun + SKY_LIGHT[0] * sky;
  out[1] = out[1] * through + SUN_LIGHT[1] * sun + SKY_LIGHT[1] * sky;
  out[2] = out[2] * through + SUN_LIGHT[2] * sun + SKY_LIGHT[2] * sky;
}

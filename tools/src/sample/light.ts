import { air, skyColour } from './air.js';
import { type Lamp, lightFrom } from './lamp.js';
import type { Camera, Depths, Jitter } from './raster.js';
import { OWNER } from './soup.js';
import type { Point } from './stage.js';

/**
 * Adds the light of one pass to a picture of linear colours, and counts whose pixels they are. `part`, 0..1, says which part of
 * the way through the haze this pass asks about.
 */
export function shade(
  lamp: Lamp,
  seen: Depths,
  camera: Camera,
  jitter: Jitter,
  part: number,
  into: { readonly rgb: Float32Array; readonly hero: Uint8Array; readonly other: Uint8Array },
): void {
  const { width, height, w: W, id } = seen;
  const [cp, sp, ct, st] = [Math.cos(camera.pan), Math.sin(camera.pan), Math.cos(camera.tilt), Math.sin(camera.tilt)];
  const out = new Float64Array(3);
  const point: Point = { x: 0, y: 0, z: 0, vx: 0, vy: 0, vz: 0, distance: 0 };
  for (let v = 0, at = 0; v < height; v++) {
    for (let u = 0; u < width; u++, at++) {
      const w = W[at];
      const px = (u + 0.5 - jitter.x - jitter.lensX * (jitter.focus - w) - width / 2) / camera.focal;
      const py = -(v + 0.5 - jitter.y - jitter.lensY * (jitter.focus - w) - height / 2) / camera.focal;
      const y1 = ct * py + st;
      const z1 = -st * py + ct;
      const norm = 1 / Math.sqrt(px * px + py * py + 1);
      point.vx = (cp * px + sp * z1) * norm;
      point.vy = y1 * norm;
      point.vz = (-sp * px + cp * z1) * norm;
      point.distance = w > 0 ? 1 / (w * norm) : 90;
      point.x = camera.x + point.vx * point.distance;
      point.y = camera.y + point.vy * point.distance;
      point.z = camera.z + point.vz * point.distance;
      const number = id[at];
      if (number < 0) skyColour(point, out);
      else {
        const owner = lightFrom(lamp, number, point, out);
        if (owner === OWNER.hero) into.hero[at]++;
        else if (owner === OWNER.other) into.other[at]++;
      }
      air(point, lamp.shadows, (noise(u, v) + part) % 1, camera, out);
      into.rgb[3 * at] += Math.min(14, out[0]);
      into.rgb[3 * at + 1] += Math.min(14, out[1]);
      into.rgb[3 * at + 2] += Math.min(14, out[2]);
    }
  }
}

/** A number in [0, 1) for a pixel, without a pattern. */
function noise(x: number, y: number): number {
  let h = Math.imul(x + 1, 374761393) ^ Math.imul(y + 1, 668265263);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 8) / 2 ** 24;
}

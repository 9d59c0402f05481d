import type { Soup } from './soup.js';

/** Triangles on the screen: three x, three y and three inverse depths of each, and its number in the scene. */
export interface Projected {
  count: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly w: Float32Array;
  readonly id: Int32Array;
}

/** Room for a number of projected triangles. */
export const projected = (room: number): Projected => ({
  count: 0,
  x: new Float32Array(3 * room),
  y: new Float32Array(3 * room),
  w: new Float32Array(3 * room),
  id: new Int32Array(room),
});

/** A pinhole camera: where it is, where it looks (turned about y, then about x), and its focal length in pixels. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly pan: number;
  readonly tilt: number;
  readonly focal: number;
}

/**
 * Projects triangles and keeps those that may be seen. `base` is added to their numbers. Nothing is clipped: what reaches
 * closer than 0.2 m is left out.
 */
export function project(
  soup: Soup,
  camera: Camera,
  width: number,
  height: number,
  base: number,
  into: Projected,
): void {
  const { corners, count } = soup;
  const [cp, sp, ct, st] = [Math.cos(camera.pan), Math.sin(camera.pan), Math.cos(camera.tilt), Math.sin(camera.tilt)];
  const margin = 24; // for blur of lens and motion
  let n = into.count;
  const { x: X, y: Y, w: W } = into;
  for (let i = 0; i < count; i++) {
    const o = 3 * n;
    let left = Infinity;
    let right = -Infinity;
    let top = Infinity;
    let bottom = -Infinity;
    let near = Infinity;
    for (let k = 0; k < 3; k++) {
      const c = 9 * i + 3 * k;
      const dx = corners[c] - camera.x;
      const dy = corners[c + 1] - camera.y;
      const dz = corners[c + 2] - camera.z;
      const x = cp * dx - sp * dz;
      const z1 = sp * dx + cp * dz;
      const y = ct * dy - st * z1;
      const z = st * dy + ct * z1;
      if (z < near) near = z;
      const inverse = 1 / z;
      const u = width / 2 + camera.focal * x * inverse;
      const v = height / 2 - camera.focal * y * inverse;
      X[o + k] = u;
      Y[o + k] = v;
      W[o + k] = inverse;
      if (u < left) left = u;
      if (u > right) right = u;
      if (v < top) top = v;
      if (v > bottom) bottom = v;
    }
    if (near < 0.2 || right < -margin || left > width + margin || bottom < -margin || top > height + margin) continue;
    into.id[n++] = base + i;
  }
  into.count = n;
}

/** What each pixel sees: the inverse depth of the nearest triangle and its number (-1: the sky). */
export interface Depths {
  readonly width: number;
  readonly height: number;
  readonly w: Float32Array;
  readonly id: Int32Array;
}

/** An empty picture of depths. */
export const depths = (width: number, height: number): Depths => ({
  width,
  height,
  w: new Float32Array(width * height),
  id: new Int32Array(width * height).fill(-1),
});

/** Where in pixel and lens this pass looks: a shift for everybody, and one that grows with the distance to the focus. */
export interface Jitter {
  readonly x: number;
  readonly y: number;
  readonly lensX: number;
  readonly lensY: number;
  /** Inverse depth that is in focus. */
  readonly focus: number;
}

/** Draws triangles, nearest wins; a pixel belongs to a triangle when its centre lies inside. */
export function draw(list: Projected, jitter: Jitter, into: Depths): void {
  const { x: X, y: Y, w: W, id } = list;
  const { width, height } = into;
  const { lensX, lensY, focus } = jitter;
  const [jx, jy] = [jitter.x - 0.5, jitter.y - 0.5]; // pixel centres become whole numbers
  for (let i = 0; i < list.count; i++) {
    const o = 3 * i;
    const w0 = W[o];
    const w1 = W[o + 1];
    const w2 = W[o + 2];
    const x0 = X[o] + jx + lensX * (focus - w0);
    const y0 = Y[o] + jy + lensY * (focus - w0);
    const x1 = X[o + 1] + jx + lensX * (focus - w1);
    const y1 = Y[o + 1] + jy + lensY * (focus - w1);
    const x2 = X[o + 2] + jx + lensX * (focus - w2);
    const y2 = Y[o + 2] + jy + lensY * (focus - w2);
    const top = Math.max(0, Math.ceil(Math.min(y0, y1, y2)));
    const bottom = Math.min(height - 1, Math.floor(Math.max(y0, y1, y2)));
    if (top > bottom) continue;
    const left = Math.max(0, Math.ceil(Math.min(x0, x1, x2)));
    const right = Math.min(width - 1, Math.floor(Math.max(x0, x1, x2)));
    if (left > right) continue;
    const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
    if (area === 0) continue;
    const s = 1 / area;
    // Barycentric weights of corners 1 and 2 as planes over the screen; corner 0 has the rest.
    const ax = (y2 - y0) * s;
    const ay = -(x2 - x0) * s;
    const bx = -(y1 - y0) * s;
    const by = (x1 - x0) * s;
    for (let y = top; y <= bottom; y++) {
      let a = (left - x0) * ax + (y - y0) * ay;
      let b = (left - x0) * bx + (y - y0) * by;
      let at = y * width + left;
      for (let x = left; x <= right; x++, at++, a += ax, b += bx) {
        if (a < 0 || b < 0 || a + b > 1) continue;
        const w = w0 + a * (w1 - w0) + b * (w2 - w0);
        if (w <= into.w[at]) continue;
        into.w[at] = w;
        into.id[at] = id[i];
      }
    }
  }
}

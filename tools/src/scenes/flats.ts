import { type Canvas, lay, sample, sampleWrapped } from './canvas.js';
import { compose, inverse, type Matrix, mapX, mapY, meanScale, scaling } from './matrix.js';
import { levelFor, type Picture, type Pyramid, type Sprite } from './picture.js';
import type { Look } from './solids.js';

/** Draws a cut-out through an affine map from its pixels to the screen. */
export function drawSprite(canvas: Canvas, sprite: Pyramid<Sprite>, map: Matrix, look: Look): void {
  const level = levelFor(sprite, meanScale(map));
  const { width, height, rgba } = sprite.levels[level];
  const full = sprite.levels[0];
  const m = compose(map, scaling(full.width / width, full.height / height));
  const xs = [m.c, mapX(m, width, 0), mapX(m, 0, height), mapX(m, width, height)];
  const ys = [m.f, mapY(m, width, 0), mapY(m, 0, height), mapY(m, width, height)];
  const left = Math.max(0, Math.floor(Math.min(...xs)));
  const right = Math.min(canvas.width - 1, Math.ceil(Math.max(...xs)));
  const top = Math.max(0, Math.floor(Math.min(...ys)));
  const bottom = Math.min(canvas.height - 1, Math.ceil(Math.max(...ys)));
  const back = inverse(m);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const u = back.a * (x + 0.5) + back.b * (y + 0.5) + back.c - 0.5;
      const v = back.d * (x + 0.5) + back.e * (y + 0.5) + back.f - 0.5;
      if (u < 0 || v < 0 || u >= width - 1 || v >= height - 1) continue;
      const x0 = u | 0;
      const y0 = v | 0;
      const fx = u - x0;
      const fy = v - y0;
      const i = (y0 * width + x0) * 4;
      const j = i + width * 4;
      const wa = (1 - fx) * (1 - fy);
      const wb = fx * (1 - fy);
      const wc = (1 - fx) * fy;
      const wd = fx * fy;
      const a = rgba[i + 3] * wa + rgba[i + 7] * wb + rgba[j + 3] * wc + rgba[j + 7] * wd;
      if (a < 0.5) continue;
      const k = (255 * look.gain) / a;
      lay(
        canvas,
        y * canvas.width + x,
        (rgba[i] * wa + rgba[i + 4] * wb + rgba[j] * wc + rgba[j + 4] * wd) * k,
        (rgba[i + 1] * wa + rgba[i + 5] * wb + rgba[j + 1] * wc + rgba[j + 5] * wd) * k,
        (rgba[i + 2] * wa + rgba[i + 6] * wb + rgba[j + 2] * wc + rgba[j + 6] * wd) * k,
        (a / 255) * look.opacity,
        look.owner,
      );
    }
  }
}

/** Corners of a flat face on the screen: x0, y0 .. x3, y3, clockwise or anticlockwise. */
export type Corners = readonly number[];

/** The projective map from the screen to the unit square whose corners are given (Heckbert 1989, section 2.2.3). */
function unprojection(c: Corners): Float64Array {
  const dx1 = c[2] - c[4];
  const dx2 = c[6] - c[4];
  const dy1 = c[3] - c[5];
  const dy2 = c[7] - c[5];
  const sx = c[0] - c[2] + c[4] - c[6];
  const sy = c[1] - c[3] + c[5] - c[7];
  const k = dx1 * dy2 - dx2 * dy1 || 1e-9;
  const g = (sx * dy2 - dx2 * sy) / k;
  const h = (dx1 * sy - sx * dy1) / k;
  const m = [
    c[2] - c[0] + g * c[2],
    c[6] - c[0] + h * c[6],
    c[0],
    c[3] - c[1] + g * c[3],
    c[7] - c[1] + h * c[7],
    c[1],
  ];
  return Float64Array.of(
    m[4] - m[5] * h,
    m[2] * h - m[1],
    m[1] * m[5] - m[2] * m[4],
    m[5] * g - m[3],
    m[0] - m[2] * g,
    m[2] * m[3] - m[0] * m[5],
    m[3] * h - m[4] * g,
    m[1] * g - m[0] * h,
    m[0] * m[4] - m[1] * m[3],
  );
}

/** Draws a flat textured face in perspective; edges are anti-aliased and 0.3 px wide, so that faces meet without a seam. */
export function drawFace(canvas: Canvas, corners: Corners, skin: Pyramid<Picture>, look: Look): void {
  const xs = [corners[0], corners[2], corners[4], corners[6]];
  const ys = [corners[1], corners[3], corners[5], corners[7]];
  const signed = (xs[2] - xs[0]) * (ys[3] - ys[1]) - (xs[3] - xs[1]) * (ys[2] - ys[0]);
  if (Math.abs(signed) < 1) return;
  const area = Math.sqrt(Math.abs(signed) / 2);
  const picture = skin.levels[levelFor(skin, area / Math.sqrt(skin.levels[0].width * skin.levels[0].height))];
  const h = unprojection(corners);
  const edges = new Float64Array(12);
  for (let i = 0; i < 4; i++) {
    const j = (i + 1) % 4;
    const length = Math.hypot(xs[j] - xs[i], ys[j] - ys[i]) || 1e-6;
    const side = signed > 0 ? 1 : -1;
    edges[3 * i] = (-(ys[j] - ys[i]) / length) * side;
    edges[3 * i + 1] = ((xs[j] - xs[i]) / length) * side;
    edges[3 * i + 2] = -(edges[3 * i] * xs[i] + edges[3 * i + 1] * ys[i]);
  }
  const right = Math.min(canvas.width - 1, Math.ceil(Math.max(...xs)));
  const bottom = Math.min(canvas.height - 1, Math.ceil(Math.max(...ys)));
  for (let y = Math.max(0, Math.floor(Math.min(...ys)) - 1); y <= bottom; y++) {
    for (let x = Math.max(0, Math.floor(Math.min(...xs)) - 1); x <= right; x++) {
      const px = x + 0.5;
      const py = y + 0.5;
      let cover = 1;
      for (let i = 0; i < 12 && cover > 0; i += 3) {
        const inside = edges[i] * px + edges[i + 1] * py + edges[i + 2] + 0.8;
        if (inside < cover) cover = inside;
      }
      if (cover <= 0) continue;
      const w = 1 / (h[6] * px + h[7] * py + h[8]);
      const u = (h[0] * px + h[1] * py + h[2]) * w;
      const v = (h[3] * px + h[4] * py + h[5]) * w;
      const inU = u < 0 ? 0 : u > 0.9999 ? 0.9999 : u;
      sampleWrapped(picture, inU * (picture.width - 1), v * (picture.height - 1));
      const g = look.gain;
      lay(
        canvas,
        y * canvas.width + x,
        sample.red * g,
        sample.green * g,
        sample.blue * g,
        cover * look.opacity,
        look.owner,
      );
    }
  }
}

/** A ring seen at an angle: a wheel's tyre, a hoop. Half axes and band width in pixels. */
export interface Ring {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly angle: number;
  readonly band: number;
}

/** Draws a ring in one colour taken from the skin. */
export function drawRing(canvas: Canvas, ring: Ring, skin: Pyramid<Picture>, look: Look): void {
  const cos = Math.cos(ring.angle);
  const sin = Math.sin(ring.angle);
  const reach = Math.max(ring.rx, ring.ry) + ring.band + 1;
  const picture = skin.levels[skin.levels.length - 1];
  sampleWrapped(picture, 0, 0);
  const { red, green, blue } = sample;
  const bottom = Math.min(canvas.height - 1, Math.ceil(ring.y + reach));
  const right = Math.min(canvas.width - 1, Math.ceil(ring.x + reach));
  for (let y = Math.max(0, Math.floor(ring.y - reach)); y <= bottom; y++) {
    for (let x = Math.max(0, Math.floor(ring.x - reach)); x <= right; x++) {
      const dx = x + 0.5 - ring.x;
      const dy = y + 0.5 - ring.y;
      const px = (dx * cos + dy * sin) / ring.rx;
      const py = (dy * cos - dx * sin) / ring.ry;
      const rho = Math.sqrt(px * px + py * py) + 1e-9;
      const scale = rho / Math.sqrt((px / ring.rx) ** 2 + (py / ring.ry) ** 2 + 1e-12);
      const cover = ring.band / 2 - Math.abs(rho - 1) * scale + 0.5;
      if (cover <= 0) continue;
      const alpha = (cover > 1 ? 1 : cover) * Math.min(1, ring.band) * look.opacity;
      lay(canvas, y * canvas.width + x, red * look.gain, green * look.gain, blue * look.gain, alpha, look.owner);
    }
  }
}

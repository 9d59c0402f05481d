import type { Canvas } from './canvas.js';
import { anyColour, hsv, type Recolour, recolourer } from './colour.js';
import { inverse, type Matrix } from './matrix.js';
import { type Sway, swayAt } from './noise.js';
import { blankPicture, type Picture, picturePyramid, resize } from './picture.js';
import { type Random, random } from './random.js';
import { box, ellipse, fillOutline } from './shapes.js';
import { anyPalette, paintTexture, type Texture, type TextureSources } from './textures.js';

/** What lies behind everything, as data. */
export interface Backdrop {
  /** A texture, a painted landscape, or filmed footage that goes on moving. */
  readonly content:
    | { readonly kind: 'texture'; readonly texture: Texture }
    | { readonly kind: 'landscape'; readonly seed: number }
    | {
        readonly kind: 'footage';
        readonly footage: number;
        readonly first: number;
        readonly mirror: boolean;
        readonly recolour?: Recolour;
      };
  /** Out of focus by this many pixels. */
  readonly blur?: number;
  /** Height of the horizon on the screen, share of the picture, and how much faster the ground below it moves. */
  readonly ground?: { readonly horizon: number; readonly depth: number };
  /** Moving water, leaves, heat: displacement in pixels and speed. */
  readonly ripple?: { readonly amount: number; readonly x: Sway; readonly y: Sway; readonly cell: number };
}

/** The size a backdrop is painted at, in 480-line pixels: wider than the picture, so that the camera can move. */
export const backdropSize = { width: 1500, height: 880 } as const;

/** Sky, ground and things standing on the horizon. */
function landscape(width: number, height: number, sources: TextureSources, r: Random): Picture {
  const horizon = Math.floor(height * r.range(0.35, 0.6));
  const sky = paintTexture(
    {
      kind: 'noise',
      seed: r.seed(),
      slope: 1.6,
      stretch: 3,
      colours: [
        hsv(r.range(0.5, 0.65), r.range(0.1, 0.5), r.range(0.5, 1)),
        hsv(0.1, r.range(0, 0.2), r.range(0.7, 1)),
      ],
    },
    width,
    horizon,
    sources,
  );
  const groundTexture: Texture = r.chance(0.5)
    ? { kind: 'strokes', seed: r.seed(), angle: 1.5 }
    : { kind: 'noise', seed: r.seed(), slope: r.range(0.5, 0.9), stretch: 3, colours: anyPalette(r, 3) };
  const ground = paintTexture(groundTexture, width, height - horizon, sources);
  const out = blankPicture(width, height);
  out.rgb.set(sky.rgb, 0);
  out.rgb.set(ground.rgb, horizon * width * 3);
  for (let i = r.int(0, 45); i > 0; i--) standing(out, horizon, r, sources);
  return out;
}

/** One house, trunk, bush or pole that stands near the horizon. */
function standing(out: Picture, horizon: number, r: Random, sources: TextureSources): void {
  const x = r.range(0, out.width);
  const foot = horizon + r.range(-5, 60);
  const h = r.range(20, 260);
  const colour = anyColour(r);
  const dark = {
    colour: [colour[0] * 0.6, colour[1] * 0.6, colour[2] * 0.6] as const,
    slopeX: r.range(-0.004, 0.004),
    slopeY: 0,
  };
  const form = r.next();
  if (form < 0.3) {
    const w = Math.round(r.range(30, 150));
    const front = paintTexture({ kind: 'grid', seed: r.seed() }, w, Math.round(h), sources);
    paste(out, front, Math.round(x), Math.round(foot - h));
  } else if (form < 0.55) {
    fillOutline(out, box(x, foot - h / 2, r.range(2, 12), h / 2, r.normal() * 0.03), dark);
  } else {
    for (let k = r.int(5, 30); k > 0; k--) {
      const size = r.range(5, 40);
      const at = ellipse(x + r.normal() * 35, foot - h * 0.5 + r.normal() * h * 0.2, size, size * 0.7, r.range(0, 3));
      fillOutline(out, at, { ...dark, slopeY: -0.01 });
    }
  }
}

function paste(out: Picture, part: Picture, left: number, top: number): void {
  for (let y = Math.max(0, -top); y < part.height && top + y < out.height; y++) {
    for (let x = Math.max(0, -left); x < part.width && left + x < out.width; x++) {
      const i = (y * part.width + x) * 3;
      const o = ((top + y) * out.width + left + x) * 3;
      for (let c = 0; c < 3; c++) out.rgb[o + c] = part.rgb[i + c];
    }
  }
}

/** Softens a picture by averaging neighbours; `radius` in pixels is approximate. */
function soften(picture: Picture, radius: number): Picture {
  const levels = picturePyramid(picture).levels;
  const level = Math.max(0, Math.min(levels.length - 1, Math.round(Math.log2(radius + 0.5))));
  return level === 0 ? picture : resize(levels[level], picture.width, picture.height);
}

/** A painted backdrop: gives the picture to show at a frame. */
export interface PaintedBackdrop {
  at(frame: number): Picture;
}

/** Paints a backdrop at `scale` (1 = 480 lines). RangeError where it quotes footage that is not there. */
export function paintBackdrop(backdrop: Backdrop, scale: number, sources: TextureSources): PaintedBackdrop {
  const content = backdrop.content;
  if (content.kind !== 'footage') {
    const width = Math.round(backdropSize.width * scale);
    const height = Math.round(backdropSize.height * scale);
    const painted =
      content.kind === 'texture'
        ? paintTexture(content.texture, width, height, sources)
        : landscape(width, height, sources, random(content.seed));
    const still = soften(painted, (backdrop.blur ?? 0) * scale);
    return { at: () => still };
  }
  const film = sources.footage[content.footage];
  if (!film) throw new RangeError(`backdrop.footage: ${content.footage} is not one of ${sources.footage.length}`);
  let held: { frame: number; picture: Picture } | undefined;
  return {
    at(frame) {
      const period = Math.max(1, 2 * (film.frames - 1));
      const turn = (content.first + frame) % period;
      const index = turn < film.frames ? turn : period - turn;
      if (held?.frame !== index) {
        const picture = film.read(index);
        if (content.mirror) mirrorRows(picture);
        if (content.recolour) recolourAll(picture, content.recolour);
        held = { frame: index, picture: soften(picture, (backdrop.blur ?? 0) * scale) };
      }
      return held.picture;
    },
  };
}

function mirrorRows({ width, height, rgb }: Picture): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width >> 1; x++) {
      const i = (y * width + x) * 3;
      const j = (y * width + width - 1 - x) * 3;
      for (let c = 0; c < 3; c++) [rgb[i + c], rgb[j + c]] = [rgb[j + c], rgb[i + c]];
    }
  }
}

function recolourAll(picture: Picture, change: Recolour): void {
  const apply = recolourer(change);
  for (let o = 0; o < picture.rgb.length; o += 3) apply(picture.rgb, o);
}

/** Horizontal and vertical displacement of the backdrop on a coarse grid, in backdrop pixels. */
function rippleField(backdrop: Backdrop, width: number, height: number, scale: number, time: number, reach: number) {
  const ripple = backdrop.ripple;
  if (!ripple) return undefined;
  const cell = 16;
  const columns = Math.ceil(width / cell) + 2;
  const rows = Math.ceil(height / cell) + 2;
  const dx = new Float32Array(columns * rows);
  const dy = new Float32Array(columns * rows);
  for (let j = 0, i = 0; j < rows; j++) {
    for (let k = 0; k < columns; k++, i++) {
      const u = (k * cell) / (ripple.cell * scale);
      const v = (j * cell) / (ripple.cell * scale);
      dx[i] =
        ripple.amount * reach * Math.sin(u * 1.3 + v * 0.7 + swayAt(ripple.x, time) + Math.sin(v * 1.9 + time * 0.21));
      dy[i] =
        ripple.amount * reach * Math.sin(v * 1.1 - u * 0.9 + swayAt(ripple.y, time) + Math.sin(u * 2.3 - time * 0.17));
    }
  }
  return { dx, dy, columns, cell };
}

/** Mirrors a coordinate back into 0 .. size - 2. */
function reflect(value: number, size: number): number {
  const period = 2 * (size - 1);
  let v = value % period;
  if (v < 0) v += period;
  return v > size - 1 ? period - v : v;
}

/**
 * Fills the canvas with the backdrop. `map` takes scene coordinates at the backdrop's parallax to the screen; `pan` is the
 * camera's position, which shifts the ground rows further.
 */
export function drawBackdrop(
  canvas: Canvas,
  picture: Picture,
  backdrop: Backdrop,
  map: Matrix,
  pan: { readonly x: number; readonly y: number },
  time: number,
): void {
  for (const mask of canvas.masks) mask.fill(0);
  const back = inverse(map);
  const { width, height } = picture;
  // Picture pixels per 480-line pixel; footage is stretched to the backdrop's size.
  const kx = width / backdropSize.width;
  const ky = height / backdropSize.height;
  const field = rippleField(backdrop, canvas.width, canvas.height, canvas.height / 480, time, kx);
  const ground = backdrop.ground;
  for (let y = 0; y < canvas.height; y++) {
    const below = ground ? Math.max(0, y / canvas.height - ground.horizon) * ground.depth : 0;
    const u = (below * pan.x + back.b * (y + 0.5) + back.c + 0.5 * back.a) * kx + width / 2 - 0.5;
    const v = (below * 0.4 * pan.y + back.e * (y + 0.5) + back.f + 0.5 * back.d) * ky + height / 2 - 0.5;
    const du = back.a * kx;
    const dv = back.d * ky;
    const row = y * canvas.width;
    if (!field) {
      drawRun(canvas.rgb, row, canvas.width, picture, u, v, du, dv);
      continue;
    }
    // Between two columns of the ripple's grid the displacement is linear: one run each.
    const { dx, dy, columns, cell } = field;
    const at = ((y / cell) | 0) * columns;
    const f = (y % cell) / cell;
    const mix = (a: Float32Array, k: number) => a[at + k] + (a[at + columns + k] - a[at + k]) * f;
    for (let k = 0, x = 0; x < canvas.width; k++, x += cell) {
      const left = mix(dx, k);
      const top = mix(dy, k);
      const slopeU = du + (mix(dx, k + 1) - left) / cell;
      const slopeV = dv + (mix(dy, k + 1) - top) / cell;
      const count = Math.min(cell, canvas.width - x);
      drawRun(canvas.rgb, row + x, count, picture, u + du * x + left, v + dv * x + top, slopeU, slopeV);
    }
  }
}

/** Samples `count` pixels along a straight line of the picture into the canvas, mirroring where the line leaves it. */
function drawRun(
  out: Uint8Array,
  first: number,
  count: number,
  picture: Picture,
  u: number,
  v: number,
  du: number,
  dv: number,
): void {
  const u1 = u + du * count;
  const v1 = v + dv * count;
  const { width, height } = picture;
  const inside =
    Math.min(u, u1) > 0 && Math.max(u, u1) < width - 2 && Math.min(v, v1) > 0 && Math.max(v, v1) < height - 2;
  if (inside) {
    straightRun(out, first, count, picture, u, v, du, dv);
    return;
  }
  for (let k = 0; k < count; k++) reflectedPixel(out, (first + k) * 3, picture, u + du * k, v + dv * k);
}

/** A run inside the picture: fixed-point bilinear samples, 16 bits of fraction for places, 8 for weights. */
function straightRun(
  out: Uint8Array,
  first: number,
  count: number,
  picture: Picture,
  u0: number,
  v0: number,
  du: number,
  dv: number,
): void {
  const { width, rgb } = picture;
  const down = width * 3;
  let u = Math.round(u0 * 65536);
  let v = Math.round(v0 * 65536);
  const stepU = Math.round(du * 65536);
  const stepV = Math.round(dv * 65536);
  let o = first * 3;
  const end = o + count * 3;
  for (; o < end; o += 3, u += stepU, v += stepV) {
    const fx = (u >> 8) & 255;
    const fy = (v >> 8) & 255;
    const i = ((v >> 16) * width + (u >> 16)) * 3;
    const j = i + down;
    const wd = fx * fy;
    const wb = (fx << 8) - wd;
    const wc = (fy << 8) - wd;
    const wa = 65536 - wb - wc - wd;
    out[o] = (rgb[i] * wa + rgb[i + 3] * wb + rgb[j] * wc + rgb[j + 3] * wd + 32768) >> 16;
    out[o + 1] = (rgb[i + 1] * wa + rgb[i + 4] * wb + rgb[j + 1] * wc + rgb[j + 4] * wd + 32768) >> 16;
    out[o + 2] = (rgb[i + 2] * wa + rgb[i + 5] * wb + rgb[j + 2] * wc + rgb[j + 5] * wd + 32768) >> 16;
  }
}

/** One bilinear sample into the canvas, with places outside mirrored back into the picture. */
function reflectedPixel(out: Uint8Array, o: number, picture: Picture, u: number, v: number): void {
  const { width, height, rgb } = picture;
  const x = u < 0 || u > width - 1.01 ? Math.min(width - 1.01, reflect(u, width)) : u;
  const y = v < 0 || v > height - 1.01 ? Math.min(height - 1.01, reflect(v, height)) : v;
  const x0 = x | 0;
  const y0 = y | 0;
  const fx = x - x0;
  const fy = y - y0;
  const i = (y0 * width + x0) * 3;
  const j = i + width * 3;
  for (let c = 0; c < 3; c++) {
    const top = rgb[i + c] + (rgb[i + 3 + c] - rgb[i + c]) * fx;
    const low = rgb[j + c] + (rgb[j + 3 + c] - rgb[j + c]) * fx;
    out[o + c] = top + (low - top) * fy + 0.5;
  }
}

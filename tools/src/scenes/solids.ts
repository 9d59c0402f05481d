import { type Canvas, lay, sample, sampleWrapped } from './canvas.js';
import { levelFor, type Picture, type Pyramid } from './picture.js';

/** How a thing is drawn: the object it belongs to (-1: none), its opacity and the direction light comes from. */
export interface Look {
  readonly owner: number;
  readonly opacity: number;
  /** Unit vector towards the light: x right, y down, z to the viewer. */
  readonly light: readonly [number, number, number];
  /** Contrast between lit and shaded sides: 0 flat, 1 strong. */
  readonly contrast: number;
  /** Brightness of everything: 1 normal. */
  readonly gain: number;
}

/** asin(x) / 2pi for x = -1 .. 1 in 512 steps: the texture's turn under a point of a round surface. */
const turnTable = Float32Array.from({ length: 513 }, (_, i) => Math.asin(i / 256 - 1) / (2 * Math.PI));
const turnAt = (x: number): number => turnTable[x <= -1 ? 0 : x >= 1 ? 512 : ((x + 1) * 256) | 0];

/** A tapered capsule in screen pixels: limbs, trunks, posts, ropes. `bulge` thickens (or thins) its middle, pixels. */
export interface Capsule {
  readonly x0: number;
  readonly y0: number;
  readonly r0: number;
  readonly x1: number;
  readonly y1: number;
  readonly r1: number;
  readonly bulge: number;
  /** Texture turned around the axis, in whole turns. */
  readonly spin: number;
}

/** Draws a capsule with its texture wrapped round it and cylinder shading; coverage is anti-aliased. */
export function drawCapsule(canvas: Canvas, c: Capsule, skin: Pyramid<Picture>, look: Look): void {
  const length = Math.hypot(c.x1 - c.x0, c.y1 - c.y0) || 1e-3;
  const ux = (c.x1 - c.x0) / length;
  const uy = (c.y1 - c.y0) / length;
  const reach = Math.max(c.r0, c.r1) + Math.max(0, c.bulge) + 1;
  const round = 2 * Math.PI * Math.max(1, (c.r0 + c.r1) / 2);
  const picture = skin.levels[levelFor(skin, round / skin.levels[0].width)];
  const along = picture.height / (length + c.r0 + c.r1);
  const [lx, ly, lz] = look.light;
  const across = (-uy * lx + ux * ly) * look.contrast;
  const ambient = (1 - 0.6 * look.contrast) * look.gain;
  const front = lz * look.contrast;
  const bottom = Math.min(canvas.height - 1, Math.ceil(Math.max(c.y0 + c.r0, c.y1 + c.r1) + Math.max(0, c.bulge)));
  const top = Math.max(0, Math.floor(Math.min(c.y0 - c.r0, c.y1 - c.r1) - Math.max(0, c.bulge)));
  for (let y = top; y <= bottom; y++) {
    let left = Math.min(c.x0, c.x1) - reach;
    let right = Math.max(c.x0, c.x1) + reach;
    const dy = y + 0.5 - c.y0;
    if (Math.abs(uy) > 0.05) {
      const middle = c.x0 + (dy * ux) / uy;
      left = Math.max(left, middle - reach / Math.abs(uy));
      right = Math.min(right, middle + reach / Math.abs(uy));
    }
    const to = Math.min(canvas.width - 1, Math.ceil(right));
    for (let x = Math.max(0, Math.floor(left)); x <= to; x++) {
      const dx = x + 0.5 - c.x0;
      const t = (dx * ux + dy * uy) / length;
      const s = dy * ux - dx * uy;
      const inside = t < 0 ? 0 : t > 1 ? 1 : t;
      const r = c.r0 + (c.r1 - c.r0) * inside + c.bulge * 4 * inside * (1 - inside);
      const beyond = (t - inside) * length;
      const distance = beyond === 0 ? Math.abs(s) : Math.sqrt(beyond * beyond + s * s);
      const cover = r - distance + 0.5;
      if (cover <= 0) continue;
      // Thinner than a pixel: the coverage is the width.
      const alpha = (cover > 1 ? 1 : cover) * (r < 0.5 ? 2 * r : 1) * look.opacity;
      const q = s / (r + 0.5);
      sampleWrapped(picture, (turnAt(q) + c.spin) * picture.width, (t * length + c.r0) * along);
      const light = ambient + look.gain * (across * q + front * Math.sqrt(Math.max(0, 1 - q * q)));
      lay(
        canvas,
        y * canvas.width + x,
        sample.red * light,
        sample.green * light,
        sample.blue * light,
        alpha,
        look.owner,
      );
    }
  }
}

/** A round thing in screen pixels: an ellipsoid, or any closed outline given as radii around the centre. */
export interface Round {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  readonly angle: number;
  /** Texture turned around the upright axis, in whole turns. */
  readonly spin: number;
  /** Relative radius at equal steps of angle; absent: 1 everywhere. */
  readonly outline?: Float32Array;
}

/** Draws a ball or blob with its texture on its surface. */
export function drawRound(canvas: Canvas, b: Round, skin: Pyramid<Picture>, look: Look): void {
  const cos = Math.cos(b.angle);
  const sin = Math.sin(b.angle);
  const outline = b.outline;
  const reach = Math.max(b.rx, b.ry) * (outline ? outline.reduce((m, v) => Math.max(m, v), 0) : 1) + 1;
  const picture = skin.levels[levelFor(skin, (b.ry * 3.2) / skin.levels[0].height)];
  const [lx, ly, lz] = look.light;
  const ambient = (1 - 0.6 * look.contrast) * look.gain;
  const step = outline ? outline.length / (2 * Math.PI) : 0;
  const small = Math.min(b.rx, b.ry);
  const bottom = Math.min(canvas.height - 1, Math.ceil(b.y + reach));
  const last = Math.min(canvas.width - 1, Math.ceil(b.x + reach));
  for (let y = Math.max(0, Math.floor(b.y - reach)); y <= bottom; y++) {
    const dy = y + 0.5 - b.y;
    for (let x = Math.max(0, Math.floor(b.x - reach)); x <= last; x++) {
      const dx = x + 0.5 - b.x;
      let px = (dx * cos + dy * sin) / b.rx;
      let py = (dy * cos - dx * sin) / b.ry;
      const rho = Math.sqrt(px * px + py * py);
      let edge = 1;
      if (outline) {
        if (rho > 2.5) continue;
        const at = (Math.atan2(py, px) + 2 * Math.PI) * step;
        const i = at | 0;
        const a = outline[i % outline.length];
        edge = a + (outline[(i + 1) % outline.length] - a) * (at - i);
        px /= edge;
        py /= edge;
      }
      const cover = (edge - rho) * (outline ? small : ellipseScale(b, px, py)) + 0.5;
      if (cover <= 0) continue;
      const q2 = Math.min(1, px * px + py * py);
      const flat = Math.sqrt(Math.max(0.02, 1 - py * py));
      const u = (turnAt(px / flat) + b.spin) * picture.width;
      const v = (0.5 + 2 * turnAt(py)) * picture.height;
      sampleWrapped(picture, u, v);
      const nx = px * cos - py * sin;
      const ny = px * sin + py * cos;
      const light = ambient + look.gain * look.contrast * (nx * lx + ny * ly + Math.sqrt(1 - q2) * lz);
      const alpha = (cover > 1 ? 1 : cover) * (small < 0.5 ? 2 * small : 1) * look.opacity;
      lay(
        canvas,
        y * canvas.width + x,
        sample.red * light,
        sample.green * light,
        sample.blue * light,
        alpha,
        look.owner,
      );
    }
  }
}

/** Pixels per unit of relative radius near the edge of an ellipse, towards (px, py): first-order distance. */
function ellipseScale(b: Round, px: number, py: number): number {
  const rho = Math.sqrt(px * px + py * py) || 1;
  return rho / Math.sqrt((px / b.rx) ** 2 + (py / b.ry) ** 2 + 1e-12);
}

/** A soft puff of dust, smoke or spray: opacity falls from the middle to the edge. */
export function drawPuff(
  canvas: Canvas,
  x: number,
  y: number,
  radius: number,
  colour: readonly [number, number, number],
  opacity: number,
): void {
  const r = Math.max(0.7, radius);
  for (let j = Math.max(0, Math.floor(y - r)); j <= Math.min(canvas.height - 1, Math.ceil(y + r)); j++) {
    for (let i = Math.max(0, Math.floor(x - r)); i <= Math.min(canvas.width - 1, Math.ceil(x + r)); i++) {
      const q = 1 - ((i + 0.5 - x) ** 2 + (j + 0.5 - y) ** 2) / (r * r);
      if (q <= 0) continue;
      const alpha = opacity * q * q * (3 - 2 * q);
      lay(canvas, j * canvas.width + i, colour[0] * 255, colour[1] * 255, colour[2] * 255, alpha, -1);
    }
  }
}

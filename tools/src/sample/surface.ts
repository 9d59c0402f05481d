import { type Material, paintBark, paintGround } from './material.js';
import { lit } from './shadow-map.js';
import { KIND, type Soup, type Vec } from './soup.js';
import { type Point, type Shadows, SKY_LIGHT, type Stage, SUN, SUN_LIGHT, towardsSun } from './stage.js';

/** Whether still things leave sun (2) and sky (4) to a point. */
function stillShares(p: Point, shadows: Shadows, bias: number): number {
  const inNear = Math.abs(p.x - 1) < 5.5 && p.z < 4.2;
  const sun = lit(inNear ? shadows.near : shadows.wide, p.x, p.y, p.z, inNear ? bias : bias + 0.06);
  return 2 * sun + 4 * lit(shadows.sky, p.x, p.y, p.z, bias + 0.05);
}

const middle: Point = { x: 0, y: 0, z: 0, vx: 0, vy: 0, vz: 0, distance: 0 };

/** As `stillShares`, for small still triangles: their middle is asked, once, wherever they are seen from later. */
function knownShares(soup: Soup, i: number, shadows: Shadows, bias: number): number {
  const known = shadows.known[i];
  if (known !== 0) return known;
  const { corners } = soup;
  middle.x = (corners[9 * i] + corners[9 * i + 3] + corners[9 * i + 6]) / 3;
  middle.y = (corners[9 * i + 1] + corners[9 * i + 4] + corners[9 * i + 7]) / 3;
  middle.z = (corners[9 * i + 2] + corners[9 * i + 5] + corners[9 * i + 8]) / 3;
  shadows.known[i] = 1 + stillShares(middle, shadows, bias);
  return shadows.known[i];
}

const material: Material = { r: 0, g: 0, b: 0, nx: 0, ny: 0, nz: 0 };

/** Whether triangles of a kind are so small that one answer does for all their pixels. */
export const isSmall = (kind: number): boolean => kind !== KIND.ground && kind !== KIND.bark;

/** Light that a surface sends to the camera: sun, sky, light from the ground, and what shines through. */
export function surface(stage: Stage, soup: Soup, i: number, p: Point, shadows: Shadows, out: Float64Array): void {
  const kind = soup.kinds[i];
  material.nx = soup.normals[3 * i];
  material.ny = soup.normals[3 * i + 1];
  material.nz = soup.normals[3 * i + 2];
  material.r = soup.colours[3 * i];
  material.g = soup.colours[3 * i + 1];
  material.b = soup.colours[3 * i + 2];
  if (kind === KIND.ground) paintGround(stage, p, material);
  else if (kind === KIND.bark) paintBark(stage, soup, i, p, material);
  const soft = kind === KIND.leaf || kind === KIND.grass;
  const facing = material.nx * p.vx + material.ny * p.vy + material.nz * p.vz;
  if (soft && facing > 0) {
    material.nx = -material.nx;
    material.ny = -material.ny;
    material.nz = -material.nz;
  }
  const bias = kind === KIND.skin || kind === KIND.fur ? 0.022 : soft ? 0.03 : 0.045;
  let shares = soft && soup === stage.soups[0] ? knownShares(soup, i, shadows, bias) : stillShares(p, shadows, bias);
  for (const fox of shadows.foxes) {
    if (Math.abs(p.x - fox.x) > 2.5 || Math.abs(p.z - fox.z) > 2.5) continue;
    if (shares & 2 && !lit(fox.sun, p.x, p.y, p.z, bias)) shares &= ~2;
    if (shares & 4 && !lit(fox.sky, p.x, p.y, p.z, bias)) shares &= ~4;
  }
  reflect(kind, soup.aux[i], facing, p, shares & 2 ? 1 : 0, shares & 4 ? shadows.skyFrom : undefined, out);
}

/** What a material does with sun (0 or 1) and the sky's light from a direction, seen at an angle with cosine `facing`. */
function reflect(
  kind: number,
  translucent: number,
  facing: number,
  p: Point,
  sun: number,
  skyFrom: Vec | undefined,
  out: Float64Array,
): void {
  const { nx, ny, nz } = material;
  let { r, g, b } = material;
  const soft = kind === KIND.leaf || kind === KIND.grass;
  const nl = nx * SUN[0] + ny * SUN[1] + nz * SUN[2];
  const fromSky = skyFrom
    ? 0.2 + 1.2 * Math.max(0, nx * skyFrom[0] + ny * skyFrom[1] + nz * skyFrom[2]) + 0.085
    : 0.085;
  const fromGround = 0.24 * (0.55 - 0.45 * ny);
  let direct = Math.max(0, nl) * 0.8;
  let tr = 0;
  let tg = 0;
  let tb = 0;
  if (soft) {
    const through = translucent * Math.max(0, -nl) * sun * 0.75;
    tr = 1.5 * through;
    tg = 1.35 * through;
    tb = 0.55 * through;
    direct = Math.max(0, nl) * 0.55;
  } else if (kind === KIND.fur || kind === KIND.skin) {
    direct = Math.max(0, (nl + 0.25) / 1.25) * 0.75;
    const against = Math.max(0, towardsSun(p)) ** 2;
    const rim =
      kind === KIND.fur ? 1.25 * against * Math.max(0, 1 - Math.abs(facing)) ** 1.5 * Math.max(0, nl + 0.55) * sun : 0;
    tr = rim;
    tg = rim;
    tb = rim;
    r += 0.1 * rim;
    g += 0.085 * rim;
    b += 0.06 * rim;
  }
  direct *= sun;
  const ground = sun * 0.35 + 0.5;
  out[0] = r * (SUN_LIGHT[0] * (direct + tr) + SKY_LIGHT[0] * fromSky + fromGround * ground * 1.1);
  out[1] = g * (SUN_LIGHT[1] * (direct + tg) + SKY_LIGHT[1] * fromSky + fromGround * ground * 0.85);
  out[2] = b * (SUN_LIGHT[2] * (direct + tb) + SKY_LIGHT[2] * fromSky + fromGround * ground * 0.5);
  if (sun && (soft || kind === KIND.skin)) {
    const half = unitHalf(p);
    const cosine = Math.max(0, nx * half[0] + ny * half[1] + nz * half[2]);
    const cubed = cosine * cosine * cosine;
    const shine = cubed ** 8 * sun * (soft ? 0.05 : 0.03);
    out[0] += shine * SUN_LIGHT[0];
    out[1] += shine * SUN_LIGHT[1];
    out[2] += shine * SUN_LIGHT[2];
  }
}

const half = new Float64Array(3);
/** Half-way between the sun and the camera, as highlights need it. */
function unitHalf(p: Point): Float64Array {
  half[0] = SUN[0] - p.vx;
  half[1] = SUN[1] - p.vy;
  half[2] = SUN[2] - p.vz;
  const n = 1 / Math.sqrt(half[0] ** 2 + half[1] ** 2 + half[2] ** 2);
  half[0] *= n;
  half[1] *= n;
  half[2] *= n;
  return half;
}

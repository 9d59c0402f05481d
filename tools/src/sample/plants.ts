import { blend, cross, dim, KIND, plus, type Rgb, type Soup, unit, type Vec } from './soup.js';
import { heightAt } from './terrain.js';

type Random = () => number;

/** A blade of grass: a strip of `parts` triangles that bends over, dark at the root and light at the tip. */
export function addGrass(
  soup: Soup,
  x: number,
  z: number,
  height: number,
  random: Random,
  parts: number,
  wide = 1,
): void {
  const turn = 2 * Math.PI * random();
  const bend = height * (0.15 + 0.75 * random());
  const lean: Vec = [Math.cos(turn), 0, Math.sin(turn)];
  const side = turn + 1.2 + 0.7 * random();
  const across: Vec = [Math.cos(side), 0, Math.sin(side)];
  const width = (0.0016 + 0.0016 * random()) * wide;
  const root: Vec = [x, heightAt(x, z) - 0.01, z];
  const dry = random() ** 3;
  const tip: Rgb = blend([0.14 + 0.08 * random(), 0.235, 0.045], [0.42, 0.33, 0.14], dry);
  const point = (t: number): Vec =>
    plus([root[0], root[1] + height * t * (1 - 0.25 * t * (bend / height)), root[2]], lean, bend * t * t);
  let [left, right] = [plus(root, across, -width), plus(root, across, width)];
  for (let i = 1; i <= parts; i++) {
    const t = i / parts;
    const middle = point(t);
    const colour = dim(tip, 0.28 + 0.72 * (t - 0.5 / parts));
    const look = { kind: KIND.grass, aux: 0.65 };
    if (i === parts) {
      soup.add(left, right, middle, colour, look);
      return;
    }
    const w = width * (1 - 0.55 * t);
    const [nextLeft, nextRight] = [plus(middle, across, -w), plus(middle, across, w)];
    if (parts > 2 && i === 1) soup.quad(left, right, nextRight, nextLeft, colour, look);
    else soup.add(left, right, nextRight, colour, look);
    [left, right] = [nextLeft, nextRight];
  }
}

/** A single leaf: two triangles folded along the middle. `tilt` 0 lies flat, 1 hangs anyhow. */
export function addLeaf(
  soup: Soup,
  at: Vec,
  size: number,
  colour: Rgb,
  random: Random,
  tilt: number,
  through = 0.55,
): void {
  const turn = 2 * Math.PI * random();
  const up = unit([tilt * (2 * random() - 1) * 1.6, 1 - tilt * 0.7 * random(), tilt * (2 * random() - 1) * 1.6]);
  const along = unit(cross(up, [Math.cos(turn), 0, Math.sin(turn)]));
  const across = cross(up, along);
  const [tip, stem] = [plus(at, along, size), plus(at, along, -size)];
  const fold = plus(at, up, 0.2 * size);
  const [left, right] = [plus(fold, across, 0.52 * size), plus(fold, across, -0.52 * size)];
  const look = { kind: KIND.leaf, aux: through };
  const shade = dim(colour, 0.7 + 0.6 * random());
  soup.add(stem, tip, left, shade, look);
  soup.add(stem, right, tip, dim(shade, 0.93), look);
}

/** Leaves filling an ellipsoid, more of them towards its outside. */
export function addLeafCloud(
  soup: Soup,
  at: Vec,
  radii: Vec,
  count: number,
  size: number,
  colour: Rgb,
  random: Random,
): void {
  for (let i = 0; i < count; i++) {
    const direction = unit([random() - 0.5, random() - 0.5, random() - 0.5]);
    const r = 0.35 + 0.65 * random() ** 0.6;
    const p: Vec = [
      at[0] + direction[0] * radii[0] * r,
      at[1] + direction[1] * radii[1] * r,
      at[2] + direction[2] * radii[2] * r,
    ];
    if (p[1] < heightAt(p[0], p[2])) continue;
    const hue: Rgb = [colour[0] * (0.7 + 0.8 * random()), colour[1] * (0.85 + 0.35 * random()), colour[2]];
    addLeaf(soup, p, size * (0.7 + 0.6 * random()), hue, random, 1, 0.7);
  }
}

/** A fern: arching fronds with pairs of leaflets that get smaller towards the tip. */
export function addFern(soup: Soup, x: number, z: number, size: number, random: Random): void {
  const fronds = 8 + Math.floor(4 * random());
  const ground = heightAt(x, z);
  const tint = random();
  for (let f = 0; f < fronds; f++) {
    const turn = (2 * Math.PI * (f + 0.7 * random())) / fronds;
    const out: Vec = [Math.cos(turn), 0, Math.sin(turn)];
    const side: Vec = [-Math.sin(turn), 0, Math.cos(turn)];
    const length = size * (0.75 + 0.4 * random());
    const rise = 0.75 + 0.4 * random();
    const point = (t: number): Vec => {
      const reach = length * (0.25 * t + 0.75 * t * t);
      return [x + out[0] * reach, ground + length * rise * (1.5 * t - 0.95 * t * t), z + out[2] * reach];
    };
    const pairs = 16;
    for (let i = 2; i < pairs; i++) {
      const t = i / pairs;
      const [a, b] = [point(t), point(t + 0.9 / pairs)];
      const leaf = length * 0.34 * Math.sin(Math.PI * Math.min(1, 0.18 + 0.86 * t)) ** 0.8;
      const green: Rgb = [0.115 + 0.12 * tint + 0.03 * random(), 0.175 + 0.04 * random(), 0.04];
      for (const s of [-1, 1]) {
        const tip = plus(plus(plus(a, side, s * leaf), out, leaf * 0.35), [0, -0.18 * leaf, 0]);
        soup.add(a, b, tip, dim(green, 0.55 + 0.6 * t), { kind: KIND.leaf, aux: 0.7 });
      }
    }
  }
}

import { fbm, smooth, stream } from './noise.js';
import { addFern, addGrass, addLeaf, addLeafCloud } from './plants.js';
import { KIND, type Rgb, Soup, type Vec } from './soup.js';
import { heightAt, trailAt } from './terrain.js';

/** A tree: where it stands, how thick, how it leans, which bark. */
export interface Tree {
  readonly x: number;
  readonly z: number;
  readonly radius: number;
  readonly lean: number;
  readonly birch: boolean;
}

/** The tree that hides the fox for a moment, between it and the camera. */
export const OCCLUDER: Tree = { x: 0.36, z: -1.75, radius: 0.2, lean: 0.02, birch: false };

/** Everything that stands still. */
export interface Forest {
  readonly soup: Soup;
  readonly trees: readonly Tree[];
}

/** Plants a forest; the same one every time. */
export function plantForest(): Forest {
  const soup = new Soup();
  const trees = placeTrees();
  addGround(soup);
  for (let i = 0; i < trees.length; i++) addTrunk(soup, trees[i], i);
  addFloorCover(soup, trees);
  addShrubs(soup);
  addBackdrop(soup);
  addCanopy(soup, trees);
  return { soup, trees };
}

function addGround(soup: Soup): void {
  const strip = (x0: number, x1: number, z0: number, z1: number, step: number) => {
    for (let z = z0; z < z1 - 1e-6; z += step)
      for (let x = x0; x < x1 - 1e-6; x += step) {
        const corner = (a: number, b: number): Vec => [a, heightAt(a, b), b];
        const [p, q, r, s] = [corner(x, z), corner(x, z + step), corner(x + step, z + step), corner(x + step, z)];
        soup.quad(p, q, r, s, [0.1, 0.08, 0.05], { kind: KIND.ground });
      }
  };
  strip(-6, 8, -5, 3, 0.1);
  strip(-12, 14, 3, 9, 0.25);
  strip(-30, 32, 9, 50, 1);
}

function placeTrees(): Tree[] {
  const random = stream(21);
  const trees: Tree[] = [
    OCCLUDER,
    { x: -2.2, z: 2.3, radius: 0.13, lean: -0.05, birch: true },
    { x: -1.75, z: 2.9, radius: 0.1, lean: 0.06, birch: true },
    { x: 2.7, z: 3.4, radius: 0.16, lean: 0.03, birch: true },
    { x: 4.6, z: 2.2, radius: 0.12, lean: -0.04, birch: true },
    { x: -4.6, z: 4.2, radius: 0.26, lean: 0.01, birch: false },
    { x: 0.9, z: 6.2, radius: 0.2, lean: -0.02, birch: false },
  ];
  for (let tries = 0; tries < 900 && trees.length < 84; tries++) {
    const z = 4.5 + 42 * random() ** 1.5;
    const x = (random() - 0.5) * (14 + 1.15 * z) + 0.6;
    const radius = 0.07 + 0.17 * random() ** 1.5;
    if (trees.some((t) => Math.hypot(t.x - x, t.z - z) < 0.9 + 0.035 * z)) continue;
    trees.push({ x, z, radius, lean: 0.14 * (random() - 0.5), birch: random() < 0.55 });
  }
  return trees;
}

function addTrunk(soup: Soup, tree: Tree, number: number): void {
  const near = tree.z < 8;
  const [sides, rings, top] = [near ? 28 : 9, near ? 40 : 12, 11];
  const base = heightAt(tree.x, tree.z) - 0.1;
  const point = (i: number, j: number): Vec => {
    const y = top * (j / rings) ** 1.8;
    const turn = (2 * Math.PI * i) / sides;
    const flare = 1 + 0.7 * Math.exp(-y / (0.9 * tree.radius)) * (0.8 + 0.5 * Math.sin(3 * turn + number));
    const rough =
      1 + (tree.birch ? 0.03 : 0.07) * (fbm(3 + i * 0.9, y * 3 + number * 7, 2, sides === 28 ? 25 : 8) - 0.5);
    const r = tree.radius * flare * rough * (1 - 0.045 * y);
    const bow = tree.lean * y + 0.02 * Math.sin(0.8 * y + number);
    return [tree.x + bow + r * Math.cos(turn), base + y, tree.z + 0.4 * bow + r * Math.sin(turn)];
  };
  const colour: Rgb = tree.birch ? [0.62, 0.57, 0.5] : [0.14, 0.105, 0.075];
  for (let j = 0; j < rings; j++)
    for (let i = 0; i < sides; i++)
      soup.quad(point(i, j), point(i, j + 1), point(i + 1, j + 1), point(i + 1, j), colour, {
        kind: KIND.bark,
        aux: number,
      });
}

function addFloorCover(soup: Soup, trees: readonly Tree[]): void {
  const random = stream(33);
  const free = (x: number, z: number) => trees.every((t) => Math.hypot(t.x - x, t.z - z) > t.radius * 1.15);
  const scatter = (
    count: number,
    x0: number,
    x1: number,
    z0: number,
    z1: number,
    put: (x: number, z: number) => void,
  ) => {
    for (let i = 0; i < count; i++) {
      const [x, z] = [x0 + (x1 - x0) * random(), z0 + (z1 - z0) * random()];
      if (free(x, z)) put(x, z);
    }
  };
  const patch = (x: number, z: number) => smooth(0.36, 0.62, fbm(x * 0.9 + 40, z * 0.9 + 40, 3));
  scatter(60_000, -5, 7, -4.4, 3, (x, z) => {
    const thick = patch(x, z) * (1 - 0.96 * trailAt(x, z));
    if (random() < thick) addGrass(soup, x, z, (0.07 + 0.17 * random()) * (0.5 + 0.7 * thick), random, 3);
  });
  scatter(22_000, -9, 11, 3, 10, (x, z) => {
    if (random() < patch(x, z)) addGrass(soup, x, z, 0.16 + 0.24 * random(), random, 2, 1.8);
  });
  scatter(15_000, -5, 7, -4.2, 3.5, (x, z) => {
    const size = 0.016 + 0.022 * random();
    addLeaf(soup, [x, heightAt(x, z) + 0.006 + 0.02 * random(), z], size, litterColour(random), random, 0.35);
  });
  scatter(5000, -9, 11, 3.5, 12, (x, z) =>
    addLeaf(soup, [x, heightAt(x, z) + 0.03, z], 0.04 + 0.03 * random(), litterColour(random), random, 0.4),
  );
}

const LITTER: Rgb[] = [
  [0.2, 0.11, 0.045],
  [0.14, 0.085, 0.045],
  [0.32, 0.2, 0.06],
  [0.26, 0.12, 0.035],
  [0.36, 0.29, 0.1],
  [0.1, 0.07, 0.05],
];
const litterColour = (random: () => number): Rgb => LITTER[Math.floor(random() * LITTER.length)];

function addShrubs(soup: Soup): void {
  const random = stream(55);
  const ferns: [number, number, number][] = [
    [-3.1, -2.7, 0.5],
    [-2.5, -3.1, 0.42],
    [-0.9, -3.0, 0.34],
    [1.75, -2.9, 0.42],
    [2.5, -2.6, 0.5],
    [3.6, -2.9, 0.55],
    [4.4, -2.4, 0.5],
    [-3.6, 1.3, 0.6],
    [-2.7, 1.5, 0.5],
    [-0.7, 1.9, 0.5],
    [0.1, 1.6, 0.42],
    [1.6, 1.8, 0.55],
    [3.4, 1.5, 0.6],
    [4.3, 1.4, 0.5],
  ]; // prettier-ignore
  for (let i = 0; i < 46; i++) ferns.push([-6 + 14 * random(), 2.3 + 5.5 * random(), 0.5 + 0.3 * random()]);
  for (const [x, z, size] of ferns) addFern(soup, x, z, size, random);
  for (let i = 0; i < 64; i++) {
    const z = 4.2 + 26 * random() ** 1.4;
    const x = 0.8 + (random() - 0.5) * (13 + 1.1 * z);
    const size = 0.45 + 0.5 * random() + 0.025 * z;
    const at: Vec = [x, heightAt(x, z) + size * 0.62, z];
    addLeafCloud(
      soup,
      at,
      [size * 1.25, size, size],
      z < 12 ? 620 : 300,
      z < 12 ? 0.034 : 0.075,
      shrubColour(random),
      random,
    );
  }
}

/** Crowns in the distance, so that the ground does not end in a line against the sky. */
function addBackdrop(soup: Soup): void {
  const random = stream(88);
  for (let i = 0; i < 70; i++) {
    const z = 30 + 19 * random();
    const x = (random() - 0.5) * 1.25 * z + 1;
    const size = 1 + 1.6 * random();
    const at: Vec = [x, heightAt(x, z) + size * 0.5, z];
    addLeafCloud(soup, at, [1.5 * size, size, size], 150, 0.2, shrubColour(random), random);
  }
}

const shrubColour = (random: () => number): Rgb =>
  [
    [0.1, 0.16, 0.035],
    [0.15, 0.18, 0.04],
    [0.07, 0.13, 0.045],
    [0.24, 0.2, 0.04],
  ][Math.floor(random() * 4)] as unknown as Rgb;

function addCanopy(soup: Soup, trees: readonly Tree[]): void {
  const random = stream(77);
  for (const tree of trees) {
    const crown: Rgb = tree.birch ? [0.26, 0.24, 0.04] : [0.13, 0.17, 0.04];
    const clouds = tree.z < 2 ? 4 : tree.z < 9 ? 8 : tree.z < 16 ? 11 : 7;
    for (let i = 0; i < clouds; i++) {
      const low = tree.z > 7 ? 2.6 : 3.6;
      const y = low + 5.5 * random() ** 0.8;
      const reach = 0.5 + 1.9 * random();
      const turn = 2 * Math.PI * random();
      const size = 0.45 + 0.6 * random();
      const at: Vec = [tree.x + reach * Math.cos(turn), heightAt(tree.x, tree.z) + y, tree.z + reach * Math.sin(turn)];
      addLeafCloud(
        soup,
        at,
        [size * 1.3, size * 0.7, size * 1.3],
        tree.z < 16 ? 85 : 70,
        tree.z < 16 ? 0.06 : 0.1,
        crown,
        random,
      );
    }
  }
}

import { cameraAt, HERO, heroStand, OTHER, otherStand, SHOT } from './action.js';
import { fallingLeaves } from './drift.js';
import { plantForest } from './forest.js';
import { buildFox, type FoxModel, poseFox, type Stand } from './fox.js';
import { type Gait, trot } from './fox-gait.js';
import { lampFor, turnOn } from './lamp.js';
import { shade } from './light.js';
import { type Camera, depths, draw, type Jitter, project, projected } from './raster.js';
import { cast, shadowMap } from './shadow-map.js';
import { OWNER, plus, type Soup, unit, type Vec } from './soup.js';
import { type FoxShadows, type Shadows, type Stage, SUN } from './stage.js';
import { heightAt, makeBark, makeFloor } from './terrain.js';

/** One frame: linear light, and how much of each pixel either fox fills, 0..255. */
export interface Rendered {
  readonly width: number;
  readonly height: number;
  readonly rgb: Float32Array;
  readonly hero: Uint8Array;
  readonly other: Uint8Array;
}

/** How well to render: passes a frame (an even number), and a fraction of the full size. Two passes share one light. */
export interface Quality {
  readonly passes: number;
  readonly scale: number;
}

/** Fractions of the n-th point of a low-discrepancy sequence (Roberts' R4): pixel, lens and time are spread evenly. */
const spread = (n: number, k: number) => (0.5 + n * [0.85667488, 0.73389185, 0.62870672, 0.53859725][k]) % 1;

/**
 * A renderer of the shot. Every frame is the mean of many passes that differ in where in the pixel, in the lens, in the
 * shutter and in the sun and sky they look: edges, focus, motion blur and soft shadows all come from that, and a matte is
 * the share of passes in which the fox is seen.
 */
export function makeRenderer(quality: Quality): (frame: number) => Rendered {
  const { passes, scale } = quality;
  const [width, height] = [Math.round(SHOT.width * scale), Math.round(SHOT.height * scale)];
  const forest = plantForest();
  const hero = buildFox(0.0085, 42_000, OWNER.hero, 1);
  const other = buildFox(0.013, 18_000, OWNER.other, 0.92);
  const leaves = fallingLeaves();
  const soups = [forest.soup, hero.soup, other.soup, leaves.soup];
  const bases = soups.map((_, i) => soups.slice(0, i).reduce((n, s) => n + s.count, 0));
  const stage: Stage = { soups, bases, trees: forest.trees, floor: makeFloor(), bark: makeBark() };
  const still = Array.from({ length: Math.ceil(passes / 2) }, (_, i) => stillShadows(forest.soup, i));
  const lamp = lampFor(stage);
  const [seenStill, seenMoving] = [projected(forest.soup.count), projected(soups.reduce((n, s) => n + s.count, 0))];
  const seen = depths(width, height);

  return (frame) => {
    const rgb = new Float32Array(3 * width * height);
    const [heroCount, otherCount] = [new Uint8Array(width * height), new Uint8Array(width * height)];
    const camera = scaled(cameraAt((frame + SHOT.shutter / 2) / SHOT.rate), scale);
    seenStill.count = 0;
    project(forest.soup, camera, width, height, 0, seenStill);
    for (let i = 0; i < passes; i++) {
      const time = (frame + (SHOT.shutter * (i + 0.5)) / passes) / SHOT.rate;
      act(hero, HERO, heroStand, time);
      act(other, OTHER, otherStand, time);
      leaves.moveTo(time);
      seenMoving.count = 0;
      for (let s = 1; s < soups.length; s++) project(soups[s], camera, width, height, bases[s], seenMoving);
      const jitter = jitterOf((i * 7 + 3) % passes, camera, scaled(cameraAt(time), scale));
      seen.w.fill(0);
      seen.id.fill(-1);
      draw(seenMoving, jitter, seen);
      draw(seenStill, jitter, seen);
      const light = still[i >> 1];
      if (i % 2 === 0) turnOn(lamp, { ...light, foxes: [hero, other].map((fox) => foxShadows(fox, light)) });
      shade(lamp, seen, camera, jitter, i / passes, { rgb, hero: heroCount, other: otherCount });
    }
    for (let i = 0; i < rgb.length; i++) rgb[i] /= passes;
    const share = (counts: Uint8Array) => counts.map((n) => Math.round((255 * n) / passes));
    return { width, height, rgb, hero: share(heroCount), other: share(otherCount) };
  };
}

const scaled = (c: Camera, scale: number): Camera => ({ ...c, focal: c.focal * scale });

function act(fox: FoxModel, gait: Gait, standAt: (t: number) => Stand, time: number): void {
  const stand = standAt(time);
  const [x, y, z] = stand.at;
  const ground = (ahead: number) => (heightAt(x + stand.facing * ahead * stand.scale, z) - y) / stand.scale;
  poseFox(fox, trot(gait, time, ground), stand);
}

/**
 * Where pass `n` looks. The hero is in focus; the aperture is about that of a 50 mm lens at f/2.8. What the camera does within
 * the shutter moves the picture as jitter does: turning shifts everybody, travelling shifts by inverse depth.
 */
function jitterOf(n: number, camera: Camera, now: Camera): Jitter {
  const turn = 2 * Math.PI * spread(n, 3);
  const lens = 0.0105 * Math.sqrt(spread(n, 2)) * camera.focal;
  const [x, y] = [camera.focal * (now.x - camera.x), -camera.focal * (now.y - camera.y)];
  const focus = 1 / 4.75;
  return {
    x: spread(n, 0) - 0.5 - camera.focal * (now.pan - camera.pan) - focus * x,
    y: spread(n, 1) - 0.5 + camera.focal * (now.tilt - camera.tilt) - focus * y,
    lensX: lens * Math.cos(turn) + x,
    lensY: lens * Math.sin(turn) + y,
    focus,
  };
}

/** A direction near the sun: it is half a degree wide, and haze makes it wider. */
function sunDirection(n: number): Vec {
  const turn = 2 * Math.PI * spread(n, 0);
  const off = 0.011 * Math.sqrt(spread(n, 1));
  const side = unit([SUN[2], 0, -SUN[0]]);
  const up: Vec = [0, 1, 0];
  return unit(plus(plus(SUN, side, off * Math.cos(turn)), up, off * Math.sin(turn)));
}

/** A direction of the sky, most often high (cosine-weighted). */
function skyDirection(n: number): Vec {
  const turn = 2 * Math.PI * spread(n, 2);
  const r = 0.97 * Math.sqrt(spread(n, 3));
  return [r * Math.cos(turn), Math.sqrt(1 - r * r), r * Math.sin(turn)];
}

type StillShadows = Omit<Shadows, 'foxes'> & { readonly sunFrom: Vec };

function stillShadows(soup: Soup, n: number): StillShadows {
  const [sunFrom, skyFrom] = [sunDirection(n), skyDirection(n)];
  const near = shadowMap(sunFrom, [1, 0.4, 0], 13, 1024);
  const wide = shadowMap(sunFrom, [1, 2, 12], 46, 1024);
  const sky = shadowMap(skyFrom, [1, 0.5, 3], 26, 1024);
  const haze = shadowMap(sunFrom, [1, 2, 12], 46, 384);
  for (const map of [near, wide, sky, haze]) cast(map, soup);
  return { near, wide, sky, haze, sunFrom, skyFrom, known: new Uint8Array(soup.count) };
}

function foxShadows(fox: FoxModel, { sunFrom, skyFrom }: StillShadows): FoxShadows {
  const c = fox.soup.corners;
  const centre: Vec = [c[0], c[1], c[2]];
  const made = (from: Vec) => {
    const map = shadowMap(from, centre, 2.6, 256);
    cast(map, fox.soup, 0, 2);
    return map;
  };
  return { sun: made(sunFrom), sky: made(skyFrom), x: centre[0], z: centre[2] };
}

import { halfAsinh } from '../evidence/asinh.js';
import { squaredDistance } from '../primitives/index.js';
import { appearanceOf } from './appearance.js';
import { clamp, logit, type PromptArithmetic } from './arithmetic.js';
import { clickColourDistance } from './click-colour.js';
import { geodesicDistance } from './geodesic.js';
import { type HardLabels, labelMask, seedsOf } from './labels.js';
import { boxNovelty, seedsInBox } from './novelty.js';
import { randomWalker } from './random-walker.js';
import { insideOf } from './refine.js';
import type { PromptMotion, PromptScene } from './scene.js';

/**
 * The evidence maps of the click network, planes of the quarter grid, in the order it was trained with. Distances are in
 * half-grid pixels. clamp(x, a) limits to [-a, a].
 */
export const CLICK_MAP = {
  /** Log-odds / 2 of the random walk by colour, and by colour and motion. */
  walk: 0,
  motionWalk: 1,
  /** clamp(ln((way to background + 1) / (way to object + 1)), 3). */
  way: 2,
  /** Way to the object / 60, at most 3. */
  wayToObject: 3,
  /** Log ratio / 2 of the estimate's colours against the rest's. */
  colour: 4,
  /** Moves like the estimate rather than like the camera, -3..3. */
  motion: 5,
  /** Speed against the camera, at most 3. */
  speed: 6,
  /** clamp(speed of the estimate / 2, 2); one value. */
  objectSpeed: 7,
  /** Distance / 60 to the nearest positive and negative label, at most 3. */
  toPositive: 8,
  toNegative: 9,
  /** 1 = said to be the object, -1 = said not to be. */
  said: 10,
  /** 4 * smallest relative distance to a side of the box - 0.5; 0 without a box. */
  boxDepth: 11,
  /** 1 with a box; one value. */
  hasBox: 12,
  /** Lab distance / 30 to the nearest colour under a positive click, at most 3; 1 without one. */
  clickColour: 13,
  /** How new the colour is against the outside of the box or the frame's border, -2..2. */
  novelty: 14,
  /** Statements / 3, at most 5 / 3; one value. */
  count: 15,
  /** The estimate so far, -1..1; 0 before the first. */
  estimate: 16,
  /** 1 when the estimate is an answer that the prompts correct; one value. */
  correcting: 17,
  /** Motion against the camera, asinh / 2, x and y. */
  residualU: 18,
  residualV: 19,
  /** (L - 50) / 30, clamp(a / 20, 3), clamp(b / 20, 3). */
  L: 20,
  a: 21,
  b: 22,
  /** Distance to the frame's border / 60, at most 2. */
  border: 23,
  /** 1 when motion is known; one value. */
  hasMotion: 24,
} as const;

/** How many maps there are. */
export const CLICK_MAP_COUNT = 25;

/** What the rounds of one call share: everything but what depends on the estimate. */
export interface PromptEvidence {
  readonly maps: Float32Array;
  /** Probability of the walk with motion: the estimate before there is a better one. */
  readonly walk: Float32Array;
}

/** Distance / 60 in half-grid pixels, at most `limit`, to the set pixels of a mask of the quarter grid. */
function distanceMap(mask: Uint8Array, width: number, height: number, limit: number, out: Float32Array): void {
  if (!mask.includes(1)) {
    out.fill(limit);
    return;
  }
  squaredDistance(mask, width, height, true, out);
  for (let k = 0; k < out.length; k++) out[k] = Math.min(limit, (2 * Math.sqrt(out[k])) / 60);
}

/** What a picture shows whatever was said: its colours, how near its border is. */
function pictureMaps({ width, height, lab }: PromptScene, plane: (map: number) => Float32Array): void {
  const [L, a, b, border] = [CLICK_MAP.L, CLICK_MAP.a, CLICK_MAP.b, CLICK_MAP.border].map(plane);
  for (let y = 0, k = 0; y < height; y++)
    for (let x = 0; x < width; x++, k++) {
      L[k] = (lab[k * 3] - 50) / 30;
      a[k] = clamp(lab[k * 3 + 1] / 20, 3);
      b[k] = clamp(lab[k * 3 + 2] / 20, 3);
      border[k] = Math.min(2, Math.min(x, y, width - 1 - x, height - 1 - y) / 30);
    }
}

/** How everything moves against the camera. */
function motionMaps(motion: PromptMotion, plane: (map: number) => Float32Array): void {
  const [u, v, speed] = [CLICK_MAP.residualU, CLICK_MAP.residualV, CLICK_MAP.speed].map(plane);
  for (let k = 0; k < u.length; k++) {
    u[k] = halfAsinh(motion.ru[k]);
    v[k] = halfAsinh(motion.rv[k]);
    speed[k] = Math.min(3, Math.sqrt(motion.ru[k] ** 2 + motion.rv[k] ** 2));
  }
  plane(CLICK_MAP.hasMotion).fill(1);
}

/** What the prompts say about places. */
function labelMaps(labels: HardLabels, plane: (map: number) => Float32Array): void {
  const { width, height, said, box } = labels;
  distanceMap(labelMask(said, 1), width, height, 3, plane(CLICK_MAP.toPositive));
  distanceMap(labelMask(said, -1), width, height, 3, plane(CLICK_MAP.toNegative));
  plane(CLICK_MAP.said).set(said);
  plane(CLICK_MAP.count).fill(Math.min(5, labels.count) / 3);
  if (!box) return;
  plane(CLICK_MAP.hasBox).fill(1);
  const depth = plane(CLICK_MAP.boxDepth);
  const [wide, high] = [box.to.x - box.from.x + 1, box.to.y - box.from.y + 1];
  for (let y = 0, k = 0; y < height; y++) {
    const dy = Math.min(y - box.from.y, box.to.y - y) / high;
    for (let x = 0; x < width; x++, k++)
      depth[k] = clamp(4 * Math.min(dy, Math.min(x - box.from.x, box.to.x - x) / wide) - 0.5, 3);
  }
}

/** Log-odds / 2 of a walk, which mostly is as good as certain. */
const CERTAIN = logit(0.99, 0.01) / 2;
const walkLogit = (p: number): number => (p >= 0.99 ? CERTAIN : p <= 0.01 ? -CERTAIN : Math.log(p / (1 - p)) / 2);

/** The walks and ways from the labels. */
function reachMaps(
  scene: PromptScene,
  seeds: Int8Array,
  plane: (map: number) => Float32Array,
  a: PromptArithmetic,
): Float32Array {
  const byMotion = randomWalker(scene.motionLinks, seeds, a);
  const byColour = scene.motion ? randomWalker(scene.links, seeds, a) : byMotion;
  const toObject = geodesicDistance(scene.steps, seeds, 1);
  const toRest = geodesicDistance(scene.steps, seeds, -1);
  const names = [CLICK_MAP.walk, CLICK_MAP.motionWalk, CLICK_MAP.way, CLICK_MAP.wayToObject];
  const [walk, motionWalk, way, near] = names.map(plane);
  for (let k = 0; k < walk.length; k++) {
    walk[k] = walkLogit(byColour[k]);
    motionWalk[k] = walkLogit(byMotion[k]);
    way[k] = clamp(Math.log((toRest[k] + 1) / (toObject[k] + 1)), 3);
    near[k] = Math.min(3, toObject[k] / 60);
  }
  return byMotion;
}

/** The maps that no prompt changes: colours, motion, the frame's border and what is new against it; the others are 0. */
export function sceneEvidence(scene: PromptScene): Float32Array {
  const n = scene.width * scene.height;
  const maps = new Float32Array(CLICK_MAP_COUNT * n);
  const plane = (map: number) => maps.subarray(map * n, (map + 1) * n);
  pictureMaps(scene, plane);
  if (scene.motion) motionMaps(scene.motion, plane);
  plane(CLICK_MAP.novelty).set(scene.novelty);
  return maps;
}

/** All maps that do not depend on the estimate; the others are 0. */
export function promptEvidence(scene: PromptScene, labels: HardLabels, a: PromptArithmetic): PromptEvidence {
  const n = scene.width * scene.height;
  const maps = scene.evidence?.slice() ?? sceneEvidence(scene);
  const plane = (map: number) => maps.subarray(map * n, (map + 1) * n);
  labelMaps(labels, plane);
  if (labels.outside) boxNovelty(scene, labels.outside, plane(CLICK_MAP.novelty), a);
  clickColourDistance(scene, labels, plane(CLICK_MAP.clickColour));
  const seeds = seedsOf(labels);
  if (labels.box && !labels.hasPositive) seedsInBox(scene, labels, plane(CLICK_MAP.novelty), seeds);
  return { maps, walk: reachMaps(scene, seeds, plane, a) };
}

/** Fills in what depends on the estimate: a probability per pixel, or null before there is one. In place. */
export function addEstimate(
  evidence: PromptEvidence,
  scene: PromptScene,
  estimate: Float32Array | null,
  correcting: boolean,
  a: PromptArithmetic,
): void {
  const n = scene.width * scene.height;
  const plane = (map: number) => evidence.maps.subarray(map * n, (map + 1) * n);
  const seen = appearanceOf(scene, insideOf(estimate ?? evidence.walk), a);
  const colour = plane(CLICK_MAP.colour);
  const soft = plane(CLICK_MAP.estimate);
  for (let k = 0; k < n; k++) {
    colour[k] = seen.colour[k] / 2;
    soft[k] = estimate ? 2 * estimate[k] - 1 : 0;
  }
  plane(CLICK_MAP.motion).set(seen.motion);
  plane(CLICK_MAP.objectSpeed).fill(clamp(seen.speed / 2, 2));
  plane(CLICK_MAP.correcting).fill(correcting ? 1 : 0);
}

import { type Box, boxHeight, boxIsEmpty, boxWidth, type Size } from '@rotokit/core/values';
import type { Bench } from '../evidence/bench.js';
import { colourEvidence } from '../evidence/colour.js';
import { cropLab } from '../evidence/gather.js';
import { clamp, logistic } from '../evidence/maps.js';
import type { FlowField } from '../flow/types.js';
import type { MotionPrior } from '../memory/motion-prior.js';
import type { ObjectMemory } from '../memory/object-memory.js';
import type { Affine } from '../primitives/affine.js';
import { labelComponents } from '../primitives/components.js';
import type { Decision } from './decide.js';

/** Log odds that a pixel is not the object before anything is known. */
const PRIOR = -0.7;
const LAMBDA = 3;
const CLIP = 0.01;
/** A find has between these parts of the usual area, and at least this mean log odds. */
const LEAST_AREA = 0.2;
const MOST_AREA = 2.2;
/** How much wider these become with every frame that it is gone, and at most. */
const AREA_UNKNOWN = 0.04;
const AREA_UNKNOWN_MOST = 2;
const LEAST_ODDS = 0.8;
/** In another shot nothing but colour speaks for a find: then nearly every pixel must look like the object. */
const LEAST_ODDS_ELSEWHERE = 1;
/** The rest of an object that is partly seen: nearly where it should be, clearly like it, not more than makes it whole. */
const REST_RADIUS = 1.6;
const LEAST_ODDS_REST = 0.8;
const LEAST_REST = 0.05;
const WHOLE_AT_MOST = 1.3;
/** A side shorter than this holds no object. */
const LEAST_SIDE = 10;

/** Where to search: a centre, and the radius within which distance costs nothing. */
export interface SearchPlan {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Mean log odds a find must have at least. */
  readonly leastOdds: number;
  /** Pixels a find must have at least and at most. */
  readonly leastArea: number;
  readonly mostArea: number;
}

/** Around the place the prior predicts, wider with every frame that the object is gone. */
export function searchAround({ x, y, scale, area }: MotionPrior, framesLost: number): SearchPlan {
  const radius = (1.6 + 0.12 * framesLost) * scale;
  const unknown = 1 + Math.min(AREA_UNKNOWN_MOST, AREA_UNKNOWN * framesLost);
  const [leastArea, mostArea] = [(LEAST_AREA * area) / unknown, MOST_AREA * area * unknown];
  return { x, y, radius, leastOdds: LEAST_ODDS, leastArea, mostArea };
}

/** For the other end of an object of which a remnant of some area is seen, within the place the whole should take. */
export function searchRest({ x, y, scale, area }: MotionPrior, remnant: number): SearchPlan {
  const mostArea = WHOLE_AT_MOST * area - remnant;
  return { x, y, radius: REST_RADIUS * scale, leastOdds: LEAST_ODDS_REST, leastArea: LEAST_REST * area, mostArea };
}

/** Anywhere in the picture: after a cut nobody knows where the object is. */
export function searchEverywhere({ width, height }: Size, { area }: MotionPrior): SearchPlan {
  return {
    ...{ x: width / 2, y: height / 2, radius: Math.hypot(width, height), leastOdds: LEAST_ODDS_ELSEWHERE },
    ...{ leastArea: LEAST_AREA * area, mostArea: MOST_AREA * area },
  };
}

/**
 * Looks for a lost object by its first colours and by motion like its own around the predicted place. `null` when
 * nothing there is like it in size and evidence. Pixels where `taken` is set (half grid) belong to others.
 */
export function searchObject(
  bench: Bench,
  memory: ObjectMemory,
  lab: Float32Array,
  flow: FlowField,
  camera: Affine | null,
  plan: SearchPlan,
  taken: Uint8Array | null,
): Decision | null {
  const { half } = bench.grids;
  const reach = plan.radius + memory.prior.scale;
  const region: Box = {
    x0: Math.max(0, Math.floor(plan.x - reach)),
    y0: Math.max(0, Math.floor(plan.y - reach)),
    x1: Math.min(half.width, Math.ceil(plan.x + reach)),
    y1: Math.min(half.height, Math.ceil(plan.y + reach)),
  };
  if (boxIsEmpty(region) || boxWidth(region) < LEAST_SIDE || boxHeight(region) < LEAST_SIDE) return null;
  const [width, height] = [boxWidth(region), boxHeight(region)];
  const n = width * height;
  const crop = cropLab(bench, lab, region);
  const odds = logOdds(bench, memory, crop, region, flow, camera, plan);
  const probability = new Float32Array(n);
  for (let k = 0; k < n; k++) probability[k] = logistic(odds[k]);
  const band = new Uint8Array(n).fill(1);
  const fixed = bench.planes.bytes('search.fixed', n).fill(0);
  if (taken) {
    for (let y = 0, k = 0; y < height; y++) {
      for (let x = 0; x < width; x++, k++) if (taken[(region.y0 + y) * half.width + region.x0 + x]) band[k] = 0;
    }
  }
  const cut = bench.kernels.bandCut({
    ...{ lab: crop, width, height, probability, band, fixed, lambda: LAMBDA, clip: CLIP },
  });
  const inside = bestComponent(cut, odds, region, memory, plan);
  if (!inside) return null;
  for (let k = 0; k < n; k++) if (!inside[k]) probability[k] = Math.min(probability[k], 0.45);
  return { region, width, height, inside, probability, band };
}

/** Per pixel of the region: colour, motion like the object's rather than the camera's, nearness to the prediction. */
function logOdds(
  bench: Bench,
  memory: ObjectMemory,
  lab: Float32Array,
  region: Box,
  flow: FlowField,
  camera: Affine | null,
  plan: SearchPlan,
): Float32Array {
  const { half } = bench.grids;
  const n = boxWidth(region) * boxHeight(region);
  const odds = bench.planes.floats('search.odds', n);
  colourEvidence(bench, memory.first, lab, odds);
  const { vx, vy } = memory.prior;
  const noise = 0.4 + 0.05 * (vx * vx + vy * vy);
  for (let y = region.y0, q = 0; y < region.y1; y++) {
    const ny = y / half.height - 0.5;
    for (let x = region.x0; x < region.x1; x++, q++) {
      let motion = 0;
      if (camera) {
        const k = y * half.width + x;
        const nx = x / half.width - 0.5;
        const ru = flow.u[k] - (camera.u[0] + camera.u[1] * nx + camera.u[2] * ny);
        const rv = flow.v[k] - (camera.v[0] + camera.v[1] * nx + camera.v[2] * ny);
        // Backward flow: an object that moves by v shows the residual -v.
        motion = clamp((0.5 * (ru * ru + rv * rv - ((ru + vx) ** 2 + (rv + vy) ** 2))) / noise, 2.5);
      }
      const far = Math.sqrt((x - plan.x) ** 2 + (y - plan.y) ** 2) / plan.radius - 1;
      odds[q] += motion + PRIOR - 4 * Math.max(0, far);
    }
  }
  return odds;
}

/** The component most like the object: by mean log odds, by area, by nearness; as a mask. */
function bestComponent(
  cut: Uint8Array,
  odds: Float32Array,
  region: Box,
  memory: ObjectMemory,
  plan: SearchPlan,
): Uint8Array | null {
  const [width, height] = [boxWidth(region), boxHeight(region)];
  const { labels, areas } = labelComponents(cut, width, height);
  const sums = new Float64Array(areas.length * 3);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k++) {
      const s = labels[k] * 3;
      sums[s] += odds[k];
      sums[s + 1] += x;
      sums[s + 2] += y;
    }
  }
  const usual = memory.prior.area;
  let best = 0;
  let most = -Infinity;
  for (let id = 1; id < areas.length; id++) {
    const area = areas[id];
    const mean = sums[id * 3] / area;
    if (area <= plan.leastArea || area >= plan.mostArea || mean <= plan.leastOdds) continue;
    const dx = sums[id * 3 + 1] / area + region.x0 - plan.x;
    const dy = sums[id * 3 + 2] / area + region.y0 - plan.y;
    const worth = mean * Math.min(1, area / usual) - (0.5 * Math.sqrt(dx * dx + dy * dy)) / plan.radius;
    if (worth > most) {
      most = worth;
      best = id;
    }
  }
  return best > 0 ? cut.map((_, k) => (labels[k] === best ? 1 : 0)) : null;
}

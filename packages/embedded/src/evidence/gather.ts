import { type Box, boxHeight, boxWidth } from '@rotokit/core/values';
import type { FlowPair } from '../flow/types.js';
import { copyBox, type ObjectMemory } from '../memory/object-memory.js';
import type { Bench } from './bench.js';
import { colourEvidence, colourSeparation } from './colour.js';
import type { FrameView } from './frame-view.js';
import { fitWindows, localColourEvidence, moveWindows } from './local-colour.js';
import { clamp, MAP, MAP_COUNT, plane } from './maps.js';
import { regionMotion } from './motion.js';
import { BAND } from './region-maps.js';
import { type Warped, warpMemory } from './warp.js';

/** The scale of an object of which nothing is left. */
const LEAST_SCALE = 2;

/** All that is known of one object on one frame before deciding. Planes of the region; valid until the next gathering. */
export interface Evidence {
  readonly warped: Warped;
  /** Lab of the region, interleaved. */
  readonly lab: Float32Array;
  /** 1 within `BAND` of the warped outline. */
  readonly band: Uint8Array;
  /** `MAP_COUNT` planes, one after the other. */
  readonly maps: Float32Array;
  /** Factor by which the area should have grown since the last frame, by the object's own motion. */
  readonly growth: number;
}

/** Gathers the evidence of one object around its moved mask. Updates its windows and its expected area. */
export function gatherEvidence(
  bench: Bench,
  memory: ObjectMemory,
  view: FrameView,
  flow: FlowPair,
  region: Box,
): Evidence {
  const { planes, grids } = bench;
  const warped = warpMemory(bench, memory, flow, region);
  const [width, height] = [boxWidth(region), boxHeight(region)];
  const n = width * height;
  const maps = planes.floats('maps', n * MAP_COUNT);
  const { camera, growth } = regionMotion(bench, warped, flow.backward);
  const lab = cropLab(bench, view.lab, region);
  const u = copyBox(flow.backward.u, grids.half, region, planes.floats('flow.u', n));
  const v = copyBox(flow.backward.v, grids.half, region, planes.floats('flow.v', n));
  bench.kernels.regionMaps({ ...warped, u, v, lab, camera, scale: warped.shape?.scale ?? LEAST_SCALE }, maps);
  const band = planes.bytes('band', n);
  for (let k = 0; k < n; k++) band[k] = Math.abs(warped.distance[k]) <= BAND ? 1 : 0;

  colourEvidence(bench, memory.first, lab, plane(maps, MAP.firstColour, n));
  colourEvidence(bench, memory.recent, lab, plane(maps, MAP.recentColour, n));

  moveWindows(memory.windows, memory.pixels.inside, flow.forward, grids.half.width, grids.half.height);
  const scene = { region, width, height, lab, mask: warped.mask, distance: warped.distance };
  memory.windows = fitWindows(bench, scene, memory.windows);
  localColourEvidence(bench, scene, memory.windows, maps);

  memory.areaReference *= growth;
  writeRegionMaps(warped, band, maps, memory.areaReference);
  return { warped, lab, band, maps, growth };
}

/** The part of an interleaved half-grid Lab picture that a region covers. */
export function cropLab(bench: Bench, lab: Float32Array, region: Box): Float32Array {
  const { half } = bench.grids;
  const across = { width: half.width * 3, height: half.height };
  const box = { x0: region.x0 * 3, x1: region.x1 * 3, y0: region.y0, y1: region.y1 };
  return copyBox(lab, across, box, bench.planes.floats('lab', boxWidth(box) * boxHeight(box)));
}

/** Maps with one value for the whole region. */
function writeRegionMaps(w: Warped, band: Uint8Array, maps: Float32Array, areaReference: number): void {
  const n = w.width * w.height;
  const area = w.shape?.area ?? 0;
  plane(maps, MAP.area, n).fill(clamp(Math.log(area / areaReference), 1));
  plane(maps, MAP.size, n).fill(Math.sqrt(area) / 100);
  plane(maps, MAP.colourSeparation, n).fill(2 * colourSeparation(w, maps, band) - 1);
}

import type { FlowField } from '../flow/types.js';
import type { ColourPair } from '../memory/colours.js';
import { type LocalWindow, placeWindows, WINDOW_RADIUS } from '../memory/windows.js';
import { evenSamples } from '../primitives/colour-model.js';
import type { Bench } from './bench.js';
import { clamp, logistic, MAP, plane } from './maps.js';

/** Samples nearer to the outline are left out: a new window takes what it can, a window with models can wait. */
const GAP_NEW = 1.5;
const GAP = 2.5;
const FEWEST = 20;
const MOST = 300;
const COMPONENTS = 3;
const ITERATIONS = 5;

/** A region with a mask on it: what windows are fitted to. `lab` covers the region. */
export interface WindowScene {
  readonly region: { readonly x0: number; readonly y0: number };
  readonly width: number;
  readonly height: number;
  readonly lab: Float32Array;
  readonly mask: Uint8Array;
  readonly distance: Float32Array;
}

/** Moves each window by the mean motion of the object's pixels in it (every 2nd), in whole pixels, within the picture. */
export function moveWindows(
  windows: readonly LocalWindow[],
  inside: Uint8Array,
  flow: FlowField,
  width: number,
  height: number,
): void {
  for (const w of windows) {
    let [u, v, count] = [0, 0, 0];
    for (let y = Math.max(0, w.y - WINDOW_RADIUS); y <= Math.min(height - 1, w.y + WINDOW_RADIUS); y += 2) {
      for (let x = Math.max(0, w.x - WINDOW_RADIUS); x <= Math.min(width - 1, w.x + WINDOW_RADIUS); x += 2) {
        const k = y * width + x;
        if (!inside[k]) continue;
        u += flow.u[k];
        v += flow.v[k];
        count++;
      }
    }
    if (count > 0) {
      w.x = Math.round(w.x + u / count);
      w.y = Math.round(w.y + v / count);
    }
    w.x = Math.max(0, Math.min(width - 1, w.x));
    w.y = Math.max(0, Math.min(height - 1, w.y));
  }
}

/** Puts windows along the outline of the scene's mask and fits each anew. */
export function fitWindows(bench: Bench, scene: WindowScene, old: readonly LocalWindow[]): LocalWindow[] {
  const { region, width, height, mask } = scene;
  const windows = placeWindows(mask, width, height, region.x0, region.y0, old);
  for (const w of windows) refit(bench, scene, w);
  return windows;
}

/** Lists the region pixels of a window that pass, by rows and columns of the given step; returns a view of the list. */
function windowPixels(
  bench: Bench,
  scene: WindowScene,
  w: LocalWindow,
  step: number,
  passes: (k: number) => boolean,
): Int32Array {
  const list = bench.planes.indices('windows.list', (2 * WINDOW_RADIUS + 1) ** 2);
  const cx = w.x - scene.region.x0;
  const cy = w.y - scene.region.y0;
  let count = 0;
  for (let y = Math.max(0, cy - WINDOW_RADIUS); y <= Math.min(scene.height - 1, cy + WINDOW_RADIUS); y += step) {
    for (let x = Math.max(0, cx - WINDOW_RADIUS); x <= Math.min(scene.width - 1, cx + WINDOW_RADIUS); x += step) {
      const k = y * scene.width + x;
      if (passes(k)) list[count++] = k;
    }
  }
  return list.subarray(0, count);
}

/** Models from the window's two sides of the outline; `null` when one side has too few pixels. */
function fit(bench: Bench, scene: WindowScene, w: LocalWindow, gap: number): ColourPair | null {
  const { lab, distance } = scene;
  const model = (passes: (k: number) => boolean) => {
    const pixels = windowPixels(bench, scene, w, 1, passes);
    if (pixels.length < FEWEST) return null;
    return bench.kernels.fitColourModel(evenSamples(lab, pixels, pixels.length, MOST), COMPONENTS, ITERATIONS);
  };
  const object = model((k) => distance[k] > gap);
  const surround = object && model((k) => distance[k] < -gap);
  return surround && { object, surround };
}

/**
 * Gives a window new models, unless the old ones call fewer pixels the object (a model that grows has usually leaked), and
 * finds how well they agree with the mask. Every second pixel is asked.
 */
function refit(bench: Bench, scene: WindowScene, w: LocalWindow): void {
  const { planes, kernels } = bench;
  const fitted = fit(bench, scene, w, w.colours ? GAP : GAP_NEW);
  const pixels = windowPixels(bench, scene, w, 2, () => true);
  let ratios = planes.floats('windows.ratios', pixels.length);
  if (w.colours) kernels.logRatios(w.colours.object, w.colours.surround, scene.lab, pixels, ratios);
  if (fitted) {
    const fresh = planes.floats('windows.fresh', pixels.length);
    kernels.logRatios(fitted.object, fitted.surround, scene.lab, pixels, fresh);
    if (!w.colours || claims(fresh) < claims(ratios)) {
      w.colours = fitted;
      ratios = fresh;
    }
  }
  if (w.colours) w.confidence = confidenceOf(scene, pixels, ratios);
}

function claims(ratios: Float32Array): number {
  let count = 0;
  for (let i = 0; i < ratios.length; i++) if (ratios[i] > 0) count++;
  return count;
}

/** 1 less the mean error of log ratios at some pixels against the mask near the outline. */
function confidenceOf(scene: WindowScene, pixels: Int32Array, ratios: Float32Array): number {
  let wrong = 0;
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) {
    const k = pixels[i];
    const d = scene.distance[k];
    const weight = Math.exp((-d * d) / (WINDOW_RADIUS * WINDOW_RADIUS));
    wrong += weight * Math.abs(scene.mask[k] - logistic(ratios[i]));
    sum += weight;
  }
  return sum > 0 ? 1 - wrong / sum : 0;
}

/**
 * Writes local colour and its confidence where `wanted` is set: the mean over the windows that cover a pixel, each
 * weighing 1 / (distance to its centre + 1). Nothing covers it: colour 0, confidence -1.
 */
export function localColourEvidence(
  bench: Bench,
  scene: WindowScene,
  windows: readonly LocalWindow[],
  wanted: Uint8Array,
  maps: Float32Array,
): void {
  const { planes, kernels } = bench;
  const n = scene.width * scene.height;
  const colour = plane(maps, MAP.localColour, n).fill(0);
  const confidence = plane(maps, MAP.localConfidence, n).fill(0);
  const weights = planes.floats('windows.weights', n).fill(0);
  for (const w of windows) {
    if (!w.colours) continue;
    const pixels = windowPixels(bench, scene, w, 1, (k) => wanted[k] > 0);
    const ratios = planes.floats('windows.ratios', pixels.length);
    kernels.logRatios(w.colours.object, w.colours.surround, scene.lab, pixels, ratios);
    const cx = w.x - scene.region.x0;
    const cy = w.y - scene.region.y0;
    for (let i = 0; i < pixels.length; i++) {
      const k = pixels[i];
      const y = (k / scene.width) | 0;
      const x = k - y * scene.width;
      const weight = 1 / (Math.sqrt((x - cx) ** 2 + (y - cy) ** 2) + 1);
      colour[k] += weight * clamp(ratios[i], 4);
      confidence[k] += weight * w.confidence;
      weights[k] += weight;
    }
  }
  for (let k = 0; k < n; k++) {
    const over = weights[k] > 0 ? 1 / weights[k] : 0;
    colour[k] *= 0.5 * over;
    confidence[k] = 2 * confidence[k] * over - 1;
  }
}

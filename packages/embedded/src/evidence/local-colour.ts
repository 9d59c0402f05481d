import type { FlowField } from '../flow/types.js';
import type { ColourPair } from '../memory/colours.js';
import { type LocalWindow, placeWindows, WINDOW_RADIUS } from '../memory/windows.js';
import { evenSamples } from '../primitives/colour-model.js';
import type { Bench } from './bench.js';
import { logistic, MAP, plane } from './maps.js';

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

/** Lists the region pixels of a window on one side of the outline, farther from it than `gap`; a view of the list. */
function sidePixels(bench: Bench, scene: WindowScene, w: LocalWindow, side: 1 | -1, gap: number): Int32Array {
  const { region, width, height, distance } = scene;
  const list = bench.planes.indices('windows.list', (2 * WINDOW_RADIUS + 1) ** 2);
  const [cx, cy] = [w.x - region.x0, w.y - region.y0];
  const x1 = Math.min(width - 1, cx + WINDOW_RADIUS);
  const y1 = Math.min(height - 1, cy + WINDOW_RADIUS);
  let count = 0;
  for (let y = Math.max(0, cy - WINDOW_RADIUS); y <= y1; y++) {
    for (let x = Math.max(0, cx - WINDOW_RADIUS), k = y * width + x; x <= x1; x++, k++) {
      if (side * distance[k] > gap) list[count++] = k;
    }
  }
  return list.subarray(0, count);
}

/** Every second pixel of a window in both directions: its Lab, its distance to the outline and its side of it. */
function sampleWindow(bench: Bench, { region, width, height, lab, mask, distance }: WindowScene, w: LocalWindow) {
  const most = (WINDOW_RADIUS + 1) ** 2;
  const colours = bench.planes.floats('windows.lab', most * 3);
  const away = bench.planes.floats('windows.away', most);
  const inside = bench.planes.bytes('windows.inside', most);
  const [cx, cy] = [w.x - region.x0, w.y - region.y0];
  const x1 = Math.min(width - 1, cx + WINDOW_RADIUS);
  const y1 = Math.min(height - 1, cy + WINDOW_RADIUS);
  let n = 0;
  for (let y = Math.max(0, cy - WINDOW_RADIUS); y <= y1; y += 2) {
    for (let x = Math.max(0, cx - WINDOW_RADIUS); x <= x1; x += 2, n++) {
      const k = y * width + x;
      colours[n * 3] = lab[k * 3];
      colours[n * 3 + 1] = lab[k * 3 + 1];
      colours[n * 3 + 2] = lab[k * 3 + 2];
      away[n] = distance[k];
      inside[n] = mask[k];
    }
  }
  return { n, colours, away, inside };
}

/** Models from the window's two sides of the outline; `null` when one side has too few pixels. */
function fit(bench: Bench, scene: WindowScene, w: LocalWindow, gap: number): ColourPair | null {
  const model = (side: 1 | -1) => {
    const pixels = sidePixels(bench, scene, w, side, gap);
    if (pixels.length < FEWEST) return null;
    return bench.kernels.fitColourModel(evenSamples(scene.lab, pixels, pixels.length, MOST), COMPONENTS, ITERATIONS);
  };
  const object = model(1);
  const surround = object && model(-1);
  return surround && { object, surround };
}

/**
 * Gives a window new models, unless the old ones call fewer pixels the object (a model that grows has usually leaked), and
 * finds how well they agree with the mask. Every second pixel is asked.
 */
function refit(bench: Bench, scene: WindowScene, w: LocalWindow): void {
  const { planes, kernels } = bench;
  const fitted = fit(bench, scene, w, w.colours ? GAP : GAP_NEW);
  const samples = sampleWindow(bench, scene, w);
  const ratiosOf = (name: string, { object, surround }: ColourPair): Float32Array => {
    const out = planes.floats(name, samples.n);
    kernels.logRatios(object, surround, samples.colours, out);
    return out;
  };
  let ratios = w.colours && ratiosOf('windows.ratios', w.colours);
  if (fitted) {
    const fresh = ratiosOf('windows.fresh', fitted);
    if (!ratios || claims(fresh) < claims(ratios)) {
      w.colours = fitted;
      ratios = fresh;
    }
  }
  if (ratios) w.confidence = confidenceOf(samples, ratios);
}

function claims(ratios: Float32Array): number {
  let count = 0;
  for (let i = 0; i < ratios.length; i++) if (ratios[i] > 0) count++;
  return count;
}

/** 1 less the mean error of log ratios at some pixels against the mask near the outline. */
function confidenceOf({ away, inside }: ReturnType<typeof sampleWindow>, ratios: Float32Array): number {
  let wrong = 0;
  let sum = 0;
  for (let i = 0; i < ratios.length; i++) {
    const weight = Math.exp((-away[i] * away[i]) / (WINDOW_RADIUS * WINDOW_RADIUS));
    wrong += weight * Math.abs(inside[i] - logistic(ratios[i]));
    sum += weight;
  }
  return sum > 0 ? 1 - wrong / sum : 0;
}

/** Writes local colour and its confidence: what the windows that cover a pixel say on average. */
export function localColourEvidence(
  bench: Bench,
  { region, width, height, lab }: WindowScene,
  windows: readonly LocalWindow[],
  maps: Float32Array,
): void {
  const n = width * height;
  const placed = windows.flatMap(({ x, y, colours, confidence }) =>
    colours ? [{ x: x - region.x0, y: y - region.y0, ...colours, confidence }] : [],
  );
  const [colour, confidence] = [plane(maps, MAP.localColour, n), plane(maps, MAP.localConfidence, n)];
  bench.kernels.windowColours(lab, width, height, placed, WINDOW_RADIUS, colour, confidence);
}

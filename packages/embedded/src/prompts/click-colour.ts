import type { HardLabels } from './labels.js';
import type { PromptScene } from './scene.js';

/** Colours kept of long strokes, at even steps. */
const MOST = 24;

/** The mean colours of the 3x3 blocks around some positive labels (a click covers about two pixels of this grid). */
function coloursSaid(scene: PromptScene, labels: HardLabels): number[][] {
  const { width, height, lab } = scene;
  const at: number[] = [];
  for (let k = 0; k < labels.said.length; k++) if (labels.said[k] === 1) at.push(k);
  const step = Math.max(1, at.length / MOST);
  const colours: number[][] = [];
  for (let i = 0; i < at.length; i += step) {
    const k = at[Math.floor(i)];
    const [x0, y0] = [k % width, Math.floor(k / width)];
    const sum = [0, 0, 0];
    let n = 0;
    for (let y = Math.max(0, y0 - 1); y <= Math.min(height - 1, y0 + 1); y++)
      for (let x = Math.max(0, x0 - 1); x <= Math.min(width - 1, x0 + 1); x++, n++)
        for (let c = 0; c < 3; c++) sum[c] += lab[(y * width + x) * 3 + c];
    colours.push(sum.map((v) => v / n));
  }
  return colours;
}

/** Lab distance / 30 from each pixel to the nearest colour said to be the object, at most 3; 1 without any. */
export function clickColourDistance(scene: PromptScene, labels: HardLabels, out: Float32Array): void {
  const colours = coloursSaid(scene, labels);
  out.fill(colours.length ? 90 ** 2 : 30 ** 2);
  for (const [L, a, b] of colours)
    for (let k = 0, q = 0; k < out.length; k++, q += 3) {
      const square = (scene.lab[q] - L) ** 2 + (scene.lab[q + 1] - a) ** 2 + (scene.lab[q + 2] - b) ** 2;
      if (square < out[k]) out[k] = square;
    }
  for (let k = 0; k < out.length; k++) out[k] = Math.sqrt(out[k]) / 30;
}

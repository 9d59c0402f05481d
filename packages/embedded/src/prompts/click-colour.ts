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
  const { lab } = scene;
  const colours = Float64Array.from(coloursSaid(scene, labels).flat());
  if (colours.length === 0) {
    out.fill(1);
    return;
  }
  for (let k = 0, q = 0; k < out.length; k++, q += 3) {
    let least = 90 ** 2;
    for (let c = 0; c < colours.length; c += 3) {
      const L = lab[q] - colours[c];
      if (L * L >= least) continue;
      const a = lab[q + 1] - colours[c + 1];
      const b = lab[q + 2] - colours[c + 2];
      least = Math.min(least, L * L + a * a + b * b);
    }
    out[k] = Math.sqrt(least) / 30;
  }
}

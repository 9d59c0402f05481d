import { createFlowService, createPrompter, type GridPrompt, loadFusionNetwork } from '@rotokit/embedded/training';
import { type Assets, random } from '../scenes/index.js';
import { type ClickCase, clickCase, HALF } from './click-case.js';
import { looseBox, nextPrompt } from './simulated-user.js';

/** Mean overlap with the truth (IoU on the half grid) on held-out scenes. */
export interface ClickScores {
  readonly scenes: number;
  /** After one, two and three ideal clicks. */
  readonly clicks: readonly number[];
  /** From a tight box. */
  readonly box: number;
  /** After one click without motion. */
  readonly still: number;
}

function overlap(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0];
  for (let k = 0; k < a.length; k++) {
    both += a[k] & b[k];
    either += a[k] | b[k];
  }
  return either ? both / either : 1;
}

type Prompter = ReturnType<typeof createPrompter>;

/** Overlaps after each of `count` ideal prompts, the first a box or a click. */
function work(prompter: Prompter, seen: ClickCase, moving: boolean, box: boolean, count: number): number[] {
  const scene = prompter.scene(prompter.still({ ...HALF, lab: seen.lab }), moving ? seen.flow : null);
  const r = random(1);
  const prompts: GridPrompt[] = [];
  const scores: number[] = [];
  let answer = { mask: new Uint8Array(seen.truth.values.length), probability: undefined as Float32Array | undefined };
  while (scores.length < count) {
    const first = box && prompts.length === 0;
    const prompt = first
      ? looseBox(seen.truth, 0, r)
      : nextPrompt(answer.mask, seen.truth, { share: 1, strokes: 0 }, r);
    if (prompt) prompts.push(prompt);
    if (prompt) {
      const next = prompter.segment(scene, prompts, answer.probability);
      answer = { mask: next.mask.slice(), probability: next.probability };
    }
    scores.push(overlap(answer.mask, seen.truth.values));
  }
  return scores;
}

/** Scores a network, or the untrained way, on `count` held-out scenes from a seed on. */
export async function judgeClicks(
  assets: Assets,
  seed: number,
  count: number,
  weights?: Uint8Array,
): Promise<ClickScores> {
  const prompter = createPrompter(weights ? { network: loadFusionNetwork(weights) } : {});
  const flow = createFlowService({ threads: 0, profile: 'full', cacheBytes: 1 });
  const rows: number[][] = [];
  try {
    for (let s = seed; rows.length < count && s < seed + 3 * count; s++) {
      const seen = await clickCase(s, assets, flow, random(s * 31 + 7));
      if (!seen) continue;
      rows.push([
        ...work(prompter, seen, true, false, 3),
        ...work(prompter, seen, true, true, 1),
        ...work(prompter, seen, false, false, 1),
      ]);
    }
  } finally {
    await flow.close();
  }
  const mean = (i: number): number => Number((rows.reduce((sum, r) => sum + r[i], 0) / rows.length).toFixed(4));
  return { scenes: rows.length, clicks: [mean(0), mean(1), mean(2)], box: mean(3), still: mean(4) };
}

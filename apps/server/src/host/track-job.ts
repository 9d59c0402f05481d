import type { Roto } from 'rotokit';
import type { Job, ServerEvent, TrackedMasks, TrackRequest } from '../api/index.js';
import type { JobPen } from './jobs.js';
import type { EngineLane } from './lane.js';
import { maskVersion } from './project-state.js';

/** How long masks may wait to be told together. */
const TELL_MS = 120;

/** Tracks everything that is missing or stale, stepping aside for edits, until nothing is. */
export async function trackJob(
  roto: Roto,
  lane: EngineLane,
  request: TrackRequest,
  pen: JobPen,
  tell: (event: ServerEvent) => void,
): Promise<Partial<Job>> {
  let done = 0;
  let masks: TrackedMasks = [];
  let told = 0;
  const flush = () => {
    if (!masks.length) return;
    tell({ type: 'tracked', masks });
    pen.set({ done });
    masks = [];
    told = performance.now();
  };
  const { first, last, objects, overlap } = request;
  const walk = async (signal: AbortSignal) => {
    const choices = { first, last, signal, ...(objects ? { objects } : {}), ...(overlap ? { overlap } : {}) };
    pen.set({ state: 'running' });
    try {
      for await (const mask of roto.track({
        ...choices,
        onPlan: (plan) => pen.set({ total: done + plan.frames, notes: notesOf(roto, plan.unanchored) }),
      })) {
        done++;
        const { id } = roto.project.object(mask.object);
        const version = maskVersion(roto.project, id, roto.numbers.index(mask.frame));
        if (version !== undefined) masks.push([id, mask.frame, mask.confidence, version]);
        if (performance.now() - told > TELL_MS) flush();
      }
    } finally {
      flush();
    }
  };
  await lane.background(walk, pen.signal, () => pen.set({ state: 'waiting' }));
  return { done };
}

const notesOf = (roto: Roto, unanchored: readonly string[]): string[] =>
  unanchored.map((id) => `${roto.project.object(id).name} has no prompt yet and is left out`);

import type { Pack } from '../pictures/reel.js';
import { pictures } from './desk.js';
import { type StudioState, studio } from './studio-state.js';

/** Frames fetched together. */
const PACK = 16;
/** How long nothing must have changed before pictures are fetched that nobody asked for yet, in milliseconds. */
const REST_MS = 150;

/** Keeps pictures for playing at hand around the frame that is shown, of those that the server has ready. */
export function watchReel(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told: readonly unknown[] = [];
  studio.listen(() => {
    const { project, proxies, frame, playing, work, pending } = studio.get();
    if (!project || !proxies || pending) return;
    const now = [project.id, proxies, Math.floor(frame / PACK), playing, ...work];
    if (now.every((v, i) => v === told[i])) return;
    told = now;
    clearTimeout(timer);
    timer = setTimeout(() => pictures()?.reel.fill(packs(studio.get())), playing ? 0 : REST_MS);
  });
}

/** The frames that are ready, in packs: the one at the playhead, then those where playing goes (forward while nothing plays), the nearest first. */
function packs({ project, proxies, frame, playing }: StudioState): readonly Pack[] {
  if (!project || !proxies) return [];
  const { first, frames } = project.clip;
  const all = new Map<number, number[]>();
  for (const [a, b] of proxies.ready)
    for (let f = a; f <= b; f++) {
      const at = Math.floor((f - first) / PACK);
      const pack = all.get(at);
      if (pack) pack.push(f);
      else all.set(at, [f]);
    }
  const here = Math.floor((frame - first) / PACK);
  const count = Math.ceil(frames / PACK);
  // Round the end of the clip, as playing goes; back costs three times as much as on.
  const far = (at: number) => {
    const on = (at - here + count) % count;
    return playing < 0 ? (count - on) % count : playing > 0 ? on : Math.min(on, 3 * (count - on));
  };
  return [...all].sort(([a], [b]) => far(a) - far(b)).map(([, pack]) => pack);
}

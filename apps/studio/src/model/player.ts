import { pictures, shownObjects } from './desk.js';
import { studio } from './studio-state.js';

/** Frames fetched ahead while playing. */
const AHEAD = 16;
/** Lines of the picture while playing: enough for a window, quick to send. */
export const PROXY_LINES = 540;

/** The key of the playing picture of a frame. */
export const proxyKey = (frame: number): string => `${frame}/${PROXY_LINES}`;

/** Fetches what will be drawn on a frame: for playing, or exactly. */
export function fetchFrame(frame: number, kind: 'raw' | 'proxy'): void {
  const all = pictures();
  const { project } = studio.get();
  if (!all || !project) return;
  if (kind === 'raw') void all.raw.load(String(frame));
  else void all.proxy.load(proxyKey(frame));
  for (const o of shownObjects()) {
    const version = o.versions[frame - project.clip.first];
    if (version !== undefined) void all.masks.load(all.maskKey(o.id, frame, version));
  }
}

/**
 * Plays in real time by the clock of the page: a frame that has not come yet is waited for, and when it took long, frames are left out
 * rather than the film slowed down. Stays within the work area, over and over.
 */
export function startPlayer(): void {
  let [shown, since] = [0, 0];
  let [from, began] = [0, 0];
  const tick = (now: number) => {
    requestAnimationFrame(tick);
    const { playing, speed, frame, project, work } = studio.get();
    if (!playing || !project) {
      [began, shown, since] = [0, 0, 0];
      return;
    }
    if (!began) [began, from, since, shown] = [now, frame, now, 0];
    const rate = (project.clip.rate.num / project.clip.rate.den) * speed;
    const length = work[1] - work[0] + 1;
    const wrap = (f: number) => work[0] + ((((f - work[0]) % length) + length) % length);
    const target = wrap(from + playing * Math.floor(((now - began) * rate) / 1000));
    for (let k = 0; k < AHEAD; k++) fetchFrame(wrap(target + playing * k), 'proxy');
    if (target === frame || !pictures()?.proxy.now(proxyKey(target))) return;
    shown++;
    const shownRate = now - since > 500 ? (1000 * shown) / (now - since) : studio.get().shownRate;
    if (now - since > 500) [shown, since] = [0, now];
    studio.set({ frame: target, shownRate });
  };
  requestAnimationFrame(tick);
}

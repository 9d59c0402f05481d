import { pictures, shownObjects } from './desk.js';
import { studio } from './studio-state.js';

/** Frames fetched ahead while playing. */
const AHEAD = 16;
/** Lines of the picture while playing: enough for a window, quick to send. */
export const PROXY_LINES = 540;
/** How often it is looked at whether drawing keeps up, in milliseconds. */
const LOOK_MS = 500;
/** How finely the picture is drawn while playing: the next one where drawing falls behind. */
const DETAILS = [1, 0.7, 0.5];

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

/** A stretch of playing at one speed: where and when it began, what was shown since it was looked at last. */
interface Run {
  readonly speed: number;
  readonly playing: number;
  readonly from: number;
  readonly began: number;
  shown: number;
  /** Frames that were due while their picture was not here. */
  waited: number;
  since: number;
}

/**
 * Plays in real time by the clock of the page: a frame that has not come yet is waited for, and when it took long, frames are left out
 * rather than the film slowed down. Stays within the work area, over and over.
 */
export function startPlayer(): void {
  let run: Run | undefined;
  const tick = (now: number) => {
    requestAnimationFrame(tick);
    const { playing, speed, frame, project, work } = studio.get();
    if (!playing || !project) {
      run = undefined;
      return;
    }
    if (run?.speed !== speed || run.playing !== playing)
      run = { speed, playing, from: frame, began: now, shown: 0, waited: 0, since: now };
    const rate = (project.clip.rate.num / project.clip.rate.den) * speed;
    const length = work[1] - work[0] + 1;
    const wrap = (f: number) => work[0] + ((((f - work[0]) % length) + length) % length);
    const target = wrap(run.from + playing * Math.floor(((now - run.began) * rate) / 1000));
    if (target === frame) return;
    for (let k = 0; k < Math.min(AHEAD, length); k++) fetchFrame(wrap(target + playing * k), 'proxy');
    if (!pictures()?.proxy.now(proxyKey(target))) {
      run.waited++;
      return;
    }
    run.shown++;
    studio.set({ frame: target, ...(now - run.since > LOOK_MS ? look(run, now, Math.min(rate, 60)) : {}) });
  };
  requestAnimationFrame(tick);
}

/** How many frames a second were shown; where that was too few for want of drawing, the picture becomes coarser. */
function look(run: Run, now: number, rate: number): { readonly shownRate: number; readonly detail: number } {
  const shownRate = (1000 * run.shown) / (now - run.since);
  const { detail } = studio.get();
  const behind = shownRate < 0.92 * rate && run.waited < run.shown;
  const next = behind ? (DETAILS[DETAILS.indexOf(detail) + 1] ?? detail) : detail;
  Object.assign(run, { shown: 0, waited: 0, since: now });
  return { shownRate, detail: next };
}

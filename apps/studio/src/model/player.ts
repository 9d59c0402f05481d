import { pictures, shownObjects } from './desk.js';
import { studio } from './studio-state.js';

/** Frames fetched ahead while playing. */
const AHEAD = 16;
/** How often it is looked at whether pictures and drawing keep up, and how long the first pictures may take, in milliseconds. */
const LOOK_MS = 500;
const START_MS = 500;
/** Looks without a miss after which shorter steps are tried again; one is enough where the pictures are here. */
const CONFIDENT = 6;
/** How finely the picture is drawn while it moves: the next one where drawing falls behind. */
const DETAILS = [1, 0.7, 0.5];

/** The detail after one that was too fine; the same where there is none. */
export const coarser = (detail: number): number => DETAILS[DETAILS.indexOf(detail) + 1] ?? detail;

/** The key of the playing picture of a frame. */
export const proxyKey = (frame: number): string => String(frame);

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

/** Every how many frames one is shown at most: the next one where pictures do not come in time. */
const MOST_STRIDE = 8;

/** A stretch of playing at one speed: where and when it began, what was shown since it was looked at last. */
interface Run {
  readonly speed: number;
  readonly playing: number;
  readonly from: number;
  readonly began: number;
  /** Every how many frames one is shown. */
  stride: number;
  /** The frame that is due now, and whether it was shown. */
  due: number;
  met: boolean;
  shown: number;
  /** Frames that were due and whose picture did not come while they were. */
  missed: number;
  /** Looks in a row without a miss. */
  inTime: number;
  since: number;
}

/**
 * Plays in real time by the clock of the page. A film that comes too slowly is not slowed down: fewer of its frames are asked for, at even steps, so
 * that each has the time it takes. Stays within the work area, over and over.
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
    if (run?.speed !== speed || run.playing !== playing) {
      const begun = { speed, playing, from: frame, began: now, since: now + START_MS };
      run = { ...begun, stride: 1, due: frame, met: true, shown: 0, missed: 0, inTime: 0 };
    }
    const rate = (project.clip.rate.num / project.clip.rate.den) * speed;
    const length = work[1] - work[0] + 1;
    const wrap = (f: number) => work[0] + ((((f - work[0]) % length) + length) % length);
    const steps = Math.floor(((now - run.began) * rate) / 1000);
    const { from, stride } = run;
    const at = (k: number) => wrap(from + playing * (steps - (steps % stride) + k * stride));
    const due = at(0);
    if (due !== run.due) {
      if (!run.met) run.missed++;
      Object.assign(run, { due, met: false });
      fetchAhead(Array.from({ length: Math.min(AHEAD, Math.ceil(length / stride)) }, (_, k) => at(k)));
    }
    if (now - run.since > LOOK_MS) studio.set(look(run, now, Math.min(rate, 60)));
    if (run.met || !pictures()?.proxy.now(proxyKey(due))) return;
    run.met = true;
    run.shown++;
    studio.set({ frame: due });
  };
  requestAnimationFrame(tick);
}

/** Asks for what comes next, and no longer for what is past. */
function fetchAhead(frames: readonly number[]): void {
  pictures()?.proxy.keepOnly(new Set(frames.map(proxyKey)));
  for (const f of frames) fetchFrame(f, 'proxy');
}

/** How many frames a second were shown. Where that was too few for want of drawing, the picture becomes coarser; for want of pictures, the steps longer. */
function look(run: Run, now: number, rate: number): { readonly shownRate: number; readonly detail: number } {
  const shownRate = (1000 * run.shown) / (now - run.since);
  const { detail } = studio.get();
  const late = run.missed > 0.2 * (run.shown + run.missed);
  const behind = !late && shownRate < (0.92 * rate) / run.stride;
  const next = behind ? coarser(detail) : detail;
  const inTime = run.missed ? 0 : run.inTime + 1;
  const confident = inTime >= (here(run) ? 1 : CONFIDENT);
  const stride = late ? Math.min(MOST_STRIDE, run.stride * 2) : confident ? Math.max(1, run.stride / 2) : run.stride;
  Object.assign(run, { stride, inTime: confident ? 0 : inTime, shown: 0, missed: 0, since: now });
  return { shownRate, detail: next };
}

/** Whether the next frames lie in the page as JPEG, those between the steps included. */
function here(run: Run): boolean {
  const reel = pictures()?.reel;
  return Array.from({ length: AHEAD }, (_, k) => run.due + run.playing * k).every((f) => reel?.has(f) ?? false);
}

import type { Proxies } from '@rotokit/server/api';
import { NO_CONFIDENCE, type ObjectModel } from '../model/project-model.js';

/** Height of a strip's picture; the sheet of styles stretches it. */
export const STRIP_LINES = 20;

/** Sure, middling, doubtful: told apart by height as well as by colour. */
const TEAL = [74, 140, 146];
const AMBER = [206, 160, 58];
const RED = [214, 84, 60];
const ANCHORED = [150, 160, 170];

/**
 * An object's confidence over the clip as RGBA, one column a frame: a bar as high as the confidence, pale where the mask is older than
 * an edit, full and grey on anchors, nothing where there is no mask.
 */
export function confidenceStrip(o: ObjectModel, first: number): ImageData {
  const frames = o.versions.length;
  const image = new ImageData(frames, STRIP_LINES);
  const anchors = new Set(o.anchors.map((a) => a - first));
  for (let i = 0; i < frames; i++) {
    if (o.versions[i] === undefined) continue;
    const anchor = anchors.has(i);
    const sure = o.sure[i] === NO_CONFIDENCE ? 200 : (o.sure[i] as number);
    const value = anchor ? 1 : sure / 200;
    const [r, g, b] = anchor ? ANCHORED : value >= 0.75 ? TEAL : value >= 0.5 ? AMBER : RED;
    const top = STRIP_LINES - Math.max(3, Math.round(value * STRIP_LINES));
    const alpha = !anchor && o.old[i] ? 90 : 235;
    for (let y = top; y < STRIP_LINES; y++) image.data.set([r, g, b, alpha] as number[], 4 * (y * frames + i));
  }
  return image;
}

/** Frames to write a number at, so that numbers stay `room` pixels apart: steps of 1, 2, 5, 10, 20, ... */
export function ticks(first: number, frames: number, width: number, room = 64): readonly number[] {
  const least = (frames * room) / Math.max(1, width);
  let step = 1;
  for (let n = 0; step < least; n++) step = [1, 2, 5][n % 3]! * 10 ** Math.floor(n / 3);
  const out: number[] = [];
  for (let f = Math.ceil(first / step) * step; f < first + frames; f += step) out.push(f);
  return out;
}

/** What the line of frames that are ready for playing says, in words. */
export function readyText({ ready, state, note }: Proxies, frames: number): string {
  const count = ready.reduce((n, [a, b]) => n + b - a + 1, 0);
  const said =
    count === frames ? 'All frames are ready for playing' : `${count} of ${frames} frames are ready for playing`;
  if (state === 'stopped') return `${said}; no more are made: ${note}`;
  return state === 'waiting' && count < frames ? `${said}; the others wait until the machine is free` : said;
}

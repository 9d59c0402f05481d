import { type Box, EMPTY_BOX } from '@rotokit/core/values';
import { heldStore } from '../model/compare.js';
import { shownObjects } from '../model/desk.js';
import { proxyKey } from '../model/player.js';
import type { StudioState } from '../model/studio-state.js';
import type { Pictures, Plate } from '../pictures/pictures.js';
import { type AtWork, handStore } from './hand.js';
import { Painting } from './painting.js';
import type { DrawnMask, Scene } from './renderer.js';
import type { View } from './view.js';

/** `#rrggbb` as red, green, blue, 0 to 1. */
export const rgbOf = (colour: string): readonly [number, number, number] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as [number, number, number];

/** The colour of an object that the first stroke is about to make. */
export const NEW_COLOUR = '#e69f00';

/** What is to be drawn now, and whether it is what the state asks for or the best that has come so far. */
export interface Gathered {
  readonly scene: Scene;
  readonly complete: boolean;
}

/** Collects what has come of the frame that the state shows. `last` is the plate that was drawn before, shown until the new one is here. */
export function gather(s: StudioState, all: Pictures, view: View, last: Plate | undefined): Gathered | undefined {
  if (!s.project) return undefined;
  const exact = all.raw.now(String(s.frame));
  const proxy = all.proxy.now(proxyKey(s.frame));
  const quick = s.playing !== 0 || s.scrubbing;
  const plate = quick ? (proxy ?? exact) : (exact ?? proxy);
  const { masks, missing } = masksOf(s, all);
  const { mode, backdrop, gain, gamma, tint } = s;
  const { compare, wipe } = s;
  const looks = { mode, backdrop, gain, gamma, tint, compare, wipe, surround: surround() };
  const then = compare === 'off' ? NO_MASKS : masksThen(s);
  return {
    scene: { size: s.project.clip, view, plate: plate ?? last, masks, then, ...looks },
    complete: !missing && plate !== undefined && (quick || exact !== undefined),
  };
}

function masksOf(s: StudioState, all: Pictures): { readonly masks: readonly DrawnMask[]; readonly missing: boolean } {
  const { held } = heldStore.get();
  const { atWork } = handStore.get();
  const painted = atWork?.frame === s.frame ? atWork : undefined;
  const masks: DrawnMask[] = [];
  let missing = false;
  for (const o of shownObjects()) {
    const look = { ink: rgbOf(o.colour), strong: o.id === s.selected };
    const version = o.versions[s.frame - (s.project?.clip.first ?? 0)];
    if (painted?.object === o.id) masks.push({ ...drawn(painted), ...look });
    else if (version !== undefined) {
      const key = all.maskKey(o.id, s.frame, version);
      const mask = all.masks.now(key);
      const other = held?.frame === s.frame ? held.masks.get(o.id) : undefined;
      if (mask) masks.push({ key, matte: mask, reach: mask.window, ...look, other });
      else missing = true;
    }
  }
  if (painted && painted.object === undefined) masks.push({ ...drawn(painted), ink: rgbOf(NEW_COLOUR), strong: true });
  return { masks: masks.sort((a, b) => Number(a.strong) - Number(b.strong)), missing };
}

const NO_MASKS: readonly DrawnMask[] = [];

/** The masks of the version that is compared with, where it is one of this frame. */
function masksThen(s: StudioState): readonly DrawnMask[] {
  const { held } = heldStore.get();
  if (held?.frame !== s.frame) return NO_MASKS;
  return shownObjects().flatMap((o) => {
    const mask = held.masks.get(o.id);
    if (!mask) return [];
    const look = { ink: rgbOf(o.colour), strong: o.id === s.selected, other: undefined };
    return [{ key: `then ${o.id}`, matte: mask, reach: mask.window, ...look }];
  });
}

const drawn = ({ painting }: AtWork) => ({ key: 'at work', matte: painting, reach: painting.reach, other: undefined });

let known: readonly [number, number, number] = [0.08, 0.08, 0.08];
let read = 0;

/** The colour around the picture, which the sheet of styles says. */
function surround(): readonly [number, number, number] {
  const now = performance.now();
  if (now - read < 500 && read) return known;
  read = now;
  const parts = getComputedStyle(document.getElementById('stage') ?? document.body).backgroundColor.match(/[\d.]+/g);
  const next = parts?.slice(0, 3).map((v) => Number(v) / 255) as [number, number, number] | undefined;
  if (next && next.join() !== known.join()) known = next;
  return known;
}

/** What must be drawn anew: everything, or a box of the picture where a brush painted; an empty one where nothing changed. */
export function changeOf(a: Scene | undefined, b: Scene): 'everything' | Box {
  if (!a || b.compare !== 'off' || a.masks.length !== b.masks.length) return 'everything';
  const keys = ['size', 'view', 'plate', 'mode', 'backdrop', 'gain', 'gamma', 'tint', 'compare', 'surround'] as const;
  if (keys.some((k) => a[k] !== b[k])) return 'everything';
  let painted: Box = EMPTY_BOX;
  for (const [i, m] of b.masks.entries()) {
    const n = a.masks[i] as DrawnMask;
    const same = m.matte === n.matte && m.strong === n.strong && m.other === n.other && m.ink.join() === n.ink.join();
    if (!same) return 'everything';
    if (m.matte instanceof Painting) painted = m.matte.dirty;
  }
  return painted;
}

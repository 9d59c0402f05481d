import { shownObjects } from '../model/desk.js';
import { proxyKey } from '../model/player.js';
import type { StudioState } from '../model/studio-state.js';
import type { Pictures, Plate } from '../pictures/pictures.js';
import type { Scene } from './renderer.js';
import type { View } from './view.js';

/** `#rrggbb` as red, green, blue, 0 to 1. */
export const rgbOf = (colour: string): readonly [number, number, number] =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as [number, number, number];

/** What is to be drawn now, and whether it is what the state asks for or the best that has come so far. */
export interface Gathered {
  readonly scene: Scene;
  readonly complete: boolean;
}

/** Collects what has come of the frame that the state shows. `last` is the plate that was drawn before, shown until the new one is here. */
export function gather(s: StudioState, all: Pictures, view: View, last: Plate | undefined): Gathered | undefined {
  if (!s.project) return undefined;
  const { clip } = s.project;
  const exact = all.raw.now(String(s.frame));
  const proxy = all.proxy.now(proxyKey(s.frame));
  const plate = s.playing ? (proxy ?? exact) : (exact ?? proxy);
  let complete = plate !== undefined && (s.playing !== 0 || exact !== undefined);
  const masks: Scene['masks'][number][] = [];
  for (const o of shownObjects()) {
    const version = o.versions[s.frame - clip.first];
    if (version === undefined) continue;
    const key = all.maskKey(o.id, s.frame, version);
    const mask = all.masks.now(key);
    if (mask) masks.push({ key, mask, ink: rgbOf(o.colour), strong: o.id === s.selected });
    else complete = false;
  }
  masks.sort((a, b) => Number(a.strong) - Number(b.strong));
  const { mode, backdrop, gain, gamma, tint } = s;
  const scene = {
    size: clip,
    view,
    plate: plate ?? last,
    masks,
    mode,
    backdrop,
    gain,
    gamma,
    tint,
    surround: surround(),
  };
  return { scene, complete };
}

let known: readonly [number, number, number] = [0.08, 0.08, 0.08];
let read = 0;

/** The colour around the picture, which the sheet of styles says. */
function surround(): readonly [number, number, number] {
  const now = performance.now();
  if (now - read < 500 && read) return known;
  read = now;
  const parts = getComputedStyle(document.getElementById('stage') ?? document.body).backgroundColor.match(/[\d.]+/g);
  if (parts) known = parts.slice(0, 3).map((v) => Number(v) / 255) as [number, number, number];
  return known;
}

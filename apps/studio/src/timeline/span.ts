import { createStore } from '../model/store.js';

/** How many times wider than its window the timeline is drawn; 1 shows the whole clip. */
export const spanStore = createStore<{ readonly zoom: number }>({ zoom: 1 });

/** Pixels of a frame at the largest zoom. */
const WIDEST = 24;

/** Zooms the timeline by a factor, from the whole clip to frames that are easily hit. */
export function zoomTimeline(factor: number, frames = Number.POSITIVE_INFINITY, width = 1): void {
  const most = Math.max(1, (frames * WIDEST) / width);
  spanStore.set({ zoom: Math.min(most, 512, Math.max(1, spanStore.get().zoom * factor)) });
}

/** Where a frame begins, as a length of CSS. */
export const percent = (frame: number, first: number, frames: number): string => `${(100 * (frame - first)) / frames}%`;

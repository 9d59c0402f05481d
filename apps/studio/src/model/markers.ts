import { showFrame } from './frames.js';
import { createStore } from './store.js';
import { note, studio } from './studio-state.js';

/** Frames that the user marked, by project. They belong to the person who looks, so they are kept in this browser and not in the project. */
export const markerStore = createStore<{ readonly markers: readonly number[] }>({ markers: [] });

const place = () => `rotokit.markers.${studio.get().project?.id}`;

/** Brings back the markers of the project on the desk. */
export function recallMarkers(): void {
  const kept = JSON.parse(localStorage.getItem(place()) ?? '[]') as unknown;
  markerStore.set({ markers: Array.isArray(kept) ? kept.filter((f) => Number.isInteger(f)) : [] });
}

/** Marks a frame, or takes its marker away. */
export function toggleMarker(frame: number): void {
  const { markers } = markerStore.get();
  const next = markers.includes(frame) ? markers.filter((f) => f !== frame) : [...markers, frame].sort((a, b) => a - b);
  markerStore.set({ markers: next });
  localStorage.setItem(place(), JSON.stringify(next));
}

/** Goes to the next (1) or previous (-1) marker. */
export function stepMarker(by: 1 | -1): void {
  const { frame } = studio.get();
  const { markers } = markerStore.get();
  const next = by > 0 ? markers.find((f) => f > frame) : markers.findLast((f) => f < frame);
  if (next === undefined) note(markers.length ? 'No more markers that way' : 'No markers yet: Shift+M sets one');
  else showFrame(next);
}

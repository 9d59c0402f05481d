import type { Marker, MarkerFacts } from '@rotokit/server/api';
import { desk, refresh } from './desk.js';
import { editing } from './edits.js';
import { showFrame } from './frames.js';
import { note, studio } from './studio-state.js';

/** Colours to choose from, told apart in timelines of other programs too. */
export const MARKER_COLOURS = ['#d9a94a', '#d64545', '#2fa34a', '#3f6fd6', '#3fbcc4', '#b34fc4'] as const;

/** The marker of a frame. */
export const markerOn = (frame: number): Marker | undefined =>
  studio.get().project?.markers.find((m) => m.frame === frame);

/** Marks a frame, or changes its marker. */
export const setMarker = (frame: number, facts: MarkerFacts = {}): Promise<void> =>
  editing(async () => {
    await desk().client.setMarker(frame, facts);
    await refresh();
  });

/** Takes the marker of a frame away; undo brings it back. */
export const removeMarker = (frame: number): Promise<void> =>
  editing(async () => {
    await desk().client.removeMarker(frame);
    await refresh();
  });

/** Marks a frame, or takes its marker away. */
export const toggleMarker = (frame: number): Promise<void> =>
  markerOn(frame) ? removeMarker(frame) : setMarker(frame);

/** Goes to the next (1) or previous (-1) marker. */
export function stepMarker(by: 1 | -1): void {
  const { frame, project } = studio.get();
  const markers = project?.markers ?? [];
  const next = by > 0 ? markers.find((m) => m.frame > frame) : markers.findLast((m) => m.frame < frame);
  if (!next) note(markers.length ? 'No more markers that way' : 'No markers yet: Shift+M sets one');
  else {
    showFrame(next.frame);
    if (next.name) note(next.name);
  }
}

import { selectedObject } from './desk.js';
import { studio } from './studio-state.js';

/** Shows a frame, the nearest one where the clip has none of that number. Stops playing. */
export function showFrame(frame: number, playing: -1 | 0 | 1 = 0): void {
  const { project } = studio.get();
  if (!project) return;
  const { first, frames } = project.clip;
  studio.set({ frame: Math.min(first + frames - 1, Math.max(first, frame)), playing });
}

/** Goes some frames on or back. */
export const step = (by: number): void => showFrame(studio.get().frame + by);

/** Goes to the selected object's next (1) or previous (-1) anchor. */
export function stepAnchor(by: 1 | -1): void {
  const { frame } = studio.get();
  const anchors = selectedObject()?.anchors ?? [];
  const next = by > 0 ? anchors.find((a) => a > frame) : anchors.findLast((a) => a < frame);
  if (next !== undefined) showFrame(next);
}

/** Sets the first or the last frame of the work area to the frame that is shown. */
export function setWork(end: 'in' | 'out'): void {
  const { frame, work } = studio.get();
  studio.set({ work: end === 'in' ? [frame, Math.max(frame, work[1])] : [Math.min(frame, work[0]), frame] });
}

/** The whole clip is the work area again. */
export function clearWork(): void {
  const { project } = studio.get();
  if (project) studio.set({ work: [project.clip.first, project.clip.first + project.clip.frames - 1] });
}

/** J and L: plays back or on; again: twice as fast. K (0) stops. */
export function shuttle(direction: -1 | 0 | 1): void {
  const { playing, speed } = studio.get();
  if (direction === 0) studio.set({ playing: 0, speed: 1 });
  else if (playing === direction) studio.set({ speed: Math.min(8, speed * 2) });
  else studio.set({ playing: direction, speed: 1 });
}

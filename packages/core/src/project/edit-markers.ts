import type { FrameIndex } from '../values/index.js';
import { type Change, NOTHING_CHANGED, put, remove } from './change.js';
import { inClip } from './in-clip.js';
import type { Project } from './project.js';
import { type MarkerRecord, markerId } from './record-types.js';

/** What a new marker looks like unless told. */
const COLOUR = '#d9a94a';

/** Marks a frame, or changes the marker that is there. @throws RangeError for a frame outside the clip. */
export function setMarker(
  p: Project,
  frame: FrameIndex,
  facts: Partial<Pick<MarkerRecord, 'name' | 'colour'>> = {},
): Change {
  inClip(p, frame);
  const before = p.record(markerId(frame)) as MarkerRecord | undefined;
  const { name = before?.name ?? '', colour = before?.colour ?? COLOUR } = facts;
  return put(p, [{ ...before, id: markerId(frame), type: 'marker', frame, name, colour }]);
}

/** Takes the marker of a frame away; without one nothing changes. */
export function removeMarker(p: Project, frame: FrameIndex): Change {
  const there = p.record(markerId(frame));
  return there ? remove([there]) : NOTHING_CHANGED;
}

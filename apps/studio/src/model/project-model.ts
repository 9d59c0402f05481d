import type { ObjectState, ProjectState, TrackedMasks } from '@rotokit/server/api';

/** The byte of a frame that the tracker said nothing of. */
export const NO_CONFIDENCE = 255;

/** An object as the page works with it: facts by frame, counted from 0, unpacked. */
export interface ObjectModel extends ObjectState {
  /** The version of the mask of each frame; undefined where there is none. */
  readonly versions: readonly (string | undefined)[];
  /** Confidence of each frame times 200, or {@link NO_CONFIDENCE}. */
  readonly sure: Uint8Array;
  /** 1 where tracking would make a mask: none there, or one older than an edit. */
  readonly old: Uint8Array;
}

/** A project as the page works with it. */
export interface ProjectModel extends Omit<ProjectState, 'objects'> {
  readonly objects: readonly ObjectModel[];
}

/** Unpacks a state of the server. */
export function projectModel(state: ProjectState): ProjectModel {
  const { first, frames } = state.clip;
  return { ...state, objects: state.objects.map((o) => objectModel(o, first, frames)) };
}

function objectModel(o: ObjectState, first: number, frames: number): ObjectModel {
  const versions = new Array<string | undefined>(frames).fill(undefined);
  for (const [a, b, version] of o.masks) versions.fill(version, a - first, b - first + 1);
  const old = new Uint8Array(frames);
  for (const [a, b] of o.stale) old.fill(1, a - first, b - first + 1);
  return { ...o, versions, sure: Uint8Array.from(atob(o.confidence), (c) => c.charCodeAt(0)), old };
}

/** The project after masks have arrived from the tracker. */
export function withTracked(p: ProjectModel, masks: TrackedMasks): ProjectModel {
  const objects = p.objects.map((o) => {
    const mine = masks.filter(([id]) => id === o.id);
    if (!mine.length) return o;
    const [versions, sure, old] = [[...o.versions], o.sure.slice(), o.old.slice()];
    for (const [, frame, confidence, version] of mine) {
      const i = frame - p.clip.first;
      if (!o.anchors.includes(frame)) versions[i] = version;
      sure[i] = Math.round(200 * confidence);
      old[i] = 0;
    }
    return { ...o, versions, sure, old };
  });
  return { ...p, objects };
}

/** The project after an edit made a mask, before the server's whole state is here. */
export function withAnchor(p: ProjectModel, object: string, frame: number, version: string): ProjectModel {
  const objects = p.objects.map((o) => {
    if (o.id !== object) return o;
    const anchors = o.anchors.includes(frame) ? o.anchors : [...o.anchors, frame].sort((a, b) => a - b);
    return { ...o, anchors, versions: o.versions.with(frame - p.clip.first, version) };
  });
  return { ...p, objects };
}

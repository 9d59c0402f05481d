import type { SoftMask } from '@rotokit/core/values';
import { pictures } from './desk.js';
import { createStore } from './store.js';
import { note, studio } from './studio-state.js';

/** A version of a frame to compare with: the masks of the objects that had one, by the object's identity. */
export interface HeldVersion {
  readonly frame: number;
  readonly masks: ReadonlyMap<string, SoftMask>;
  /** Held by the user; one that is not gives way to what was there before the next edit. */
  readonly kept: boolean;
}

/** The version that the difference view compares with. */
export const heldStore = createStore<{ readonly held: HeldVersion | undefined }>({ held: undefined });

/** Holds what the frame shows before an edit changes it, unless the user keeps another version. */
export function holdBefore(): void {
  if (!heldStore.get().held?.kept) hold(false);
}

/** Keeps what the frame shows now until told otherwise; again: no longer. */
export function keepVersion(): void {
  if (heldStore.get().held?.kept) {
    heldStore.set({ held: undefined });
    note('Compares with what was there before the last edit');
  } else {
    hold(true);
    note(`Keeps this version of frame ${studio.get().frame}: 6 shows the difference, 7 a wipe, 8 both side by side`);
  }
}

/** Shows two versions of the frame in a way, or no longer where they are shown so. */
export function toggleCompare(how: 'wipe' | 'side'): void {
  const { compare, mode } = studio.get();
  if (compare === how) {
    studio.set({ compare: 'off' });
    return;
  }
  if (!heldStore.get().held) note('Nothing to compare with yet: an edit leaves what was before, V keeps a version');
  // The view of changes has both versions in one already.
  studio.set({ compare: how, ...(mode === 'difference' || mode === 'plate' ? { mode: 'overlay' } : {}) });
}

function hold(kept: boolean): void {
  const { project, frame } = studio.get();
  const all = pictures();
  if (!project || !all) return;
  const masks = new Map<string, SoftMask>();
  for (const o of project.objects) {
    const version = o.versions[frame - project.clip.first];
    const mask = version === undefined ? undefined : all.masks.now(all.maskKey(o.id, frame, version));
    if (mask) masks.set(o.id, mask);
  }
  heldStore.set({ held: { frame, masks, kept } });
}

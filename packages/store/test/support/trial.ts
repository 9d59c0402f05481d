import { blobMask } from '@rotokit/core/contracts/store';
import { addObject, clipRecord, RotoDocument, type TrackedResult } from '@rotokit/core/project';
import { frameIndex, type ObjectId } from '@rotokit/core/values';
import { createRoto } from '@rotokit/store';

/** The clip of a trial project. */
export const CLIP = clipRecord({
  path: 'plate.mov',
  size: { width: 64, height: 48 },
  frames: 2000,
  rate: { num: 24, den: 1 },
  first: 1001,
});

/** A new project with an object `hero`. */
export async function trialProject(file: string): Promise<{ doc: RotoDocument; hero: ObjectId }> {
  const doc = await RotoDocument.open(await createRoto(file, [CLIP]));
  await doc.edit('add hero', (p) => addObject(p, { name: 'hero' }));
  return { doc, hero: doc.project.object('hero').id };
}

/** A tracked result whose mask follows from its frame. */
export const trialResult = (object: ObjectId, frame: number): TrackedResult => ({
  object,
  frame: frameIndex(frame),
  mask: blobMask(frame),
  basis: 'b',
  signals: { score: 1, state: 'tracked' },
  confidence: 1,
  reasons: [],
});

/** What a run of a trial is told. */
export const TRIAL_RUN = { engine: 'trial', provenance: { version: 1 }, parameters: {} };

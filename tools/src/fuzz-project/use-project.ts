import { addObject, changeObject, RotoDocument, setAnchor } from '@rotokit/core/project';
import { frameIndex, isRotokitError } from '@rotokit/core/values';
import { openRoto } from '@rotokit/store';
import { trialMask } from '../kill/seeded.js';

/** How the use of a damaged project ended: it worked, or which code refused it. */
export type Outcome = 'worked' | `refused ${string}`;

async function use(file: string, access: 'read' | 'write'): Promise<void> {
  await using doc = await RotoDocument.open(await openRoto(file, { access }));
  const { project } = doc;
  const frames = project.clip.frames;
  for (const object of project.objects()) {
    for (const t of project.trackedFrames(object.id)) await doc.mask(object.id, t.frame);
    for (const a of project.anchors(object.id)) await doc.mask(object.id, a.frame);
    for (const p of project.prompts(object.id)) await doc.prompts(object.id, p.frame);
  }
  if (access === 'read') return;
  while (await doc.undo());
  while (await doc.redo());
  const name = 'added by the trial';
  if (!doc.project.hasObject(name)) await doc.edit('add', (p) => addObject(p, { name }));
  const id = doc.project.object(name).id;
  const { width, height } = doc.project.clip.size;
  if (frames > 0 && width === 320 && height === 180)
    await doc.edit('anchor', (p) => setAnchor(p, id, frameIndex(0), trialMask(1, 1), { made: 'painted' }));
  await doc.edit('rename', (p) => changeObject(p, id, { name: 'renamed by the trial' }));
}

/** Opens a file as a viewer and as a writer and does with it what a user might. @throws whatever is not a coded refusal. */
export async function useProject(file: string): Promise<Outcome> {
  let outcome: Outcome = 'worked';
  for (const access of ['read', 'write'] as const) {
    try {
      await use(file, access);
    } catch (error) {
      if (!isRotokitError(error)) throw error;
      outcome = `refused ${error.code}`;
    }
  }
  return outcome;
}

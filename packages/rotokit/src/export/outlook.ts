import { isRotokitError, type RotokitError, rangeLength } from '@rotokit/core/values';
import type { DeliverableName, PlannedFile } from './deliverable.js';
import { earlierRuns } from './earlier.js';
import { chosenObjects, type ExportChoices, type ExportContext, jobOf, plan, refuseMissing } from './job.js';
import { checkNames } from './naming.js';

/** What an export would leave and what stands against it, found without writing anything. */
export interface ExportPlan {
  readonly frames: number;
  /** Files by format, relative to the folder, each with the frames in it. */
  readonly files: Readonly<Partial<Record<DeliverableName, readonly PlannedFile[]>>>;
  /** Frames of each format that an earlier run of the same export left, and that are not written again. */
  readonly kept: Readonly<Partial<Record<DeliverableName, number>>>;
  /** Why it would be refused; empty where it would not. */
  readonly problems: readonly RotokitError[];
}

/**
 * Looks at an export before it is started: the names come from the code that writes them, the problems from the checks that would refuse it.
 * @throws RotokitError FRAME_OUTSIDE, OBJECT_UNKNOWN.
 */
export async function planExport(
  context: ExportContext,
  formats: readonly DeliverableName[],
  folder: string,
  choices: ExportChoices,
): Promise<ExportPlan> {
  const problems: RotokitError[] = [];
  const told = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isRotokitError(error)) throw error;
      problems.push(error);
      return undefined;
    }
  };
  const range = context.numbers.range(choices);
  const objects = chosenObjects(context, choices.objects);
  await told(() => refuseMissing(context, range, objects));
  const made = await told(() => plan(jobOf(context, range, objects, folder, choices), formats, choices));
  const { job, planned = [] } = made ?? {};
  await told(() => checkNames(planned.flatMap((p) => p.deliverable.files.map((f) => f.path))));
  const earlier = job && (await told(() => earlierRuns(job, planned, false)));
  return {
    frames: rangeLength(range),
    files: Object.fromEntries(planned.map((p) => [p.name, p.deliverable.files])),
    kept: Object.fromEntries(planned.map((p) => [p.name, earlier?.get(p.name)?.frames.size ?? 0])),
    problems,
  };
}

import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { idealClick } from '@rotokit/core/evaluation';
import { openSample } from 'rotokit/sample';

const sample = await openSample();

/** The clip that ships with the package. */
export const sampleClip = sample.clip;
/** Its exact matte on a frame, counted from 0. */
export const sampleTruth = async (frame: number) => sample.truth(frame);

/** Where a user would click on the fox in the first frame. */
export async function sampleClick(): Promise<{ x: number; y: number }> {
  const click = idealClick(sample.truth(0));
  if (!click) throw new Error('the first frame of the sample is empty');
  return { x: click.at.x, y: click.at.y };
}

/** An empty folder for an example's files. */
export function output(name: string): string {
  const folder = resolve(import.meta.dirname, '../out/examples', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

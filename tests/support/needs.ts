import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe } from 'vitest';

/** Debian's package for each optional program that tests compare us with. */
const PACKAGES = { ffmpeg: 'ffmpeg', ffprobe: 'ffmpeg', oiiotool: 'openimageio-tools', exrheader: 'openexr' } as const;

const found = new Map<string, boolean>();
const installed = (program: string) => {
  if (!found.has(program)) found.set(program, !spawnSync(program, ['-h'], { stdio: 'ignore' }).error);
  return found.get(program) as boolean;
};

/** Tests that need a program: skipped, with its name and how to get it in the title, where it is not installed. */
export function describeWith(program: keyof typeof PACKAGES, title: string, body: () => void): void {
  if (installed(program)) describe(title, body);
  else describe.skip(`${title} [needs ${program}: apt-get install ${PACKAGES[program]}]`, body);
}

/** The folder of evaluation footage beside the repository; it is not part of the repository and may be absent. */
export const DATA = resolve(import.meta.dirname, '../../../shared/data');

/** Tests that need evaluation footage: skipped where it is absent. */
export function describeWithData(folder: string, title: string, body: (path: string) => void): void {
  const path = resolve(DATA, folder);
  if (existsSync(path)) describe(title, () => body(path));
  else describe.skip(`${title} [needs the evaluation footage ${folder} in ../shared/data]`, () => body(path));
}

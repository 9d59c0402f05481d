import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { describe, it } from 'vitest';

/** Debian's package for each optional program that tests compare us with. */
const PACKAGES = {
  ffmpeg: 'ffmpeg',
  ffprobe: 'ffmpeg',
  oiiotool: 'openimageio-tools',
  exrheader: 'openexr',
  convert: 'imagemagick',
  blender: 'blender',
  melt: 'melt',
} as const;

type Program = keyof typeof PACKAGES;

/** Where the first of some programs that is installed lies. */
export const onPath = (...names: readonly string[]): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path));

const titled = (program: Program, title: string) =>
  onPath(program) ? title : `${title} [needs ${program}: apt-get install ${PACKAGES[program]}]`;

/** Tests that need a program: skipped, with its name and how to get it in the title, where it is not installed. */
export const describeWith = (program: Program, title: string, body: () => void): void =>
  describe.skipIf(!onPath(program))(titled(program, title), body);

/** One test that needs a program, as {@link describeWith}. */
export const itWith = (program: Program, title: string, body: () => unknown): void =>
  it.skipIf(!onPath(program))(titled(program, title), async () => void (await body()));

/** The folder of evaluation footage beside the repository; it is not part of the repository and may be absent. */
export const DATA = resolve(import.meta.dirname, '../../../shared/data');

/** What tests on a part of the evaluation footage lack; undefined when it is there. */
export const dataMissing = (part: string): string | undefined =>
  existsSync(resolve(DATA, part)) ? undefined : `the evaluation footage ${part} in ../shared/data`;

/** Tests that need evaluation footage: skipped where it is absent. */
export function describeWithData(part: string, title: string, body: (path: string) => void): void {
  const lacking = dataMissing(part);
  describe.skipIf(lacking)(lacking ? `${title} [needs ${lacking}]` : title, () => body(resolve(DATA, part)));
}

import { execFileSync } from 'node:child_process';

const PACKAGES: Record<string, string> = {
  oiiotool: 'openimageio-tools',
  exrheader: 'openexr',
  ffmpeg: 'ffmpeg',
  convert: 'imagemagick',
  ffprobe: 'ffmpeg',
  blender: 'blender',
};

/** Whether a program of other people is installed. */
export function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Says in a test's name which program it needs and how to get it, where it is not installed. */
export const needs = (program: string): string =>
  has(program) ? '' : `(skipped: ${program} is missing, apt-get install ${PACKAGES[program]})`;

import { execFileSync } from 'node:child_process';

/** What tests with a program lack, and how to get it; undefined when it is installed. */
export function programMissing(program: string, howToGet = `apt-get install ${program}`): string | undefined {
  try {
    execFileSync(program, ['-version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${program}: ${howToGet}`;
  }
}

/** What ffprobe says of the first video stream of a file, by name. */
export function probe(path: string): Record<string, string> {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_streams', '-of', 'json', path];
  const { streams } = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' }));
  return { ...streams[0], ...streams[0].tags };
}

/** The pictures of a clip as ffmpeg decodes them, `rgb24`, one after the other. */
export const ffmpegRgb = (path: string, ...filters: string[]): Buffer =>
  execFileSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      path,
      ...(filters.length ? ['-vf', filters.join(',')] : []),
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-',
    ],
    { maxBuffer: 2 ** 30 },
  );

/** A test's title with what it lacks, in the form that the summary of a run collects. */
export const titled = (title: string, lacking: string | undefined): string =>
  lacking ? `${title} [needs ${lacking}]` : title;

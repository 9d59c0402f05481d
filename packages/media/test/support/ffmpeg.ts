import { execFileSync } from 'node:child_process';

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

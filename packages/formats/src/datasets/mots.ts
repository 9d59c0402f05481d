import { type DecodeOptions, damaged, decoding, textOf } from '../bytes/byte-reader.js';
import { claimedSize } from '../bytes/json.js';
import type { Dataset, RunFrame } from './frames.js';
import { countsFromText, maskFromCounts } from './rle.js';

/** The class that objects get: 2, pedestrian. MOTS tools know 1 (car), 2 and 10 (to be ignored) only. */
export const MOTS_CLASS = 2;
/** The number of an object in MOTS: class times 1000 plus its place, counted from 1. */
export const motsId = (object: number): number => MOTS_CLASS * 1000 + object + 1;

/**
 * A MOTS text file: a line `frame track_id class_id height width rle` for each object and frame. The format forbids masks that overlap within a
 * frame, so the frames have to be made from masks that do not.
 */
export function motsText(
  size: { readonly width: number; readonly height: number },
  frames: readonly RunFrame[],
): string {
  return frames
    .flatMap((frame, f) =>
      frame.objects.map((mask, o) =>
        mask ? `${f} ${motsId(o)} ${MOTS_CLASS} ${size.height} ${size.width} ${mask.rle}\n` : '',
      ),
    )
    .join('');
}

/** Track ids from here on are regions to be ignored. */
const IGNORED_CLASS = 10;

/**
 * Reads a MOTS text file. Objects are called `object 1`, `object 2`, ... by the place in their number; regions to be ignored are left out.
 * @throws RotokitError MEDIA_UNREADABLE, MEDIA_TOO_LARGE.
 */
export function readMots(bytes: Uint8Array, options: DecodeOptions = {}): Dataset {
  return decoding(options, () => {
    let size: Dataset['size'] | undefined;
    let frames = 0;
    const tracks = new Map<number, Map<number, string>>();
    for (const line of textOf(bytes).split('\n')) {
      if (line.trim() === '') continue;
      const [frame, id, kind, height, width, rle, more] = line.trim().split(' ');
      const numbers = [frame, id, kind, height, width].map((t) => (/^\d{1,9}$/.test(t ?? '') ? Number(t) : Number.NaN));
      if (numbers.some(Number.isNaN) || rle === undefined || more !== undefined)
        damaged(`a line is not "frame track class height width runs"`);
      const [f, track, c, h, w] = numbers;
      size ??= claimedSize(w, h, options);
      if (size.width !== w || size.height !== h) damaged('its masks have several sizes');
      frames = Math.max(frames, f + 1);
      if (c === IGNORED_CLASS) continue;
      const masks = tracks.get(track) ?? new Map<number, string>();
      tracks.set(track, masks);
      if (masks.has(f)) damaged(`object ${track} is on frame ${f} twice`);
      masks.set(f, rle);
    }
    if (!size) return damaged('it has no masks');
    const known = size;
    return {
      size,
      frames,
      tracks: [...tracks]
        .sort(([a], [b]) => a - b)
        .map(([track, masks]) => ({
          name: `object ${track % 1000 || track}`,
          frames: [...masks.keys()].sort((a, b) => a - b),
          mask: (frame) =>
            decoding(options, () =>
              maskFromCounts(
                known,
                countsFromText(masks.get(frame) ?? damaged(`object ${track} is not on frame ${frame}`)),
              ),
            ),
        })),
    };
  });
}

import { type FrameIndex, frameRange, isRotokitError } from '@rotokit/core/values';
import { openClip } from '@rotokit/media';

/**
 * Does with a clip what a user would: opens it, jumps about, walks back from the end. @returns `opened`, or `refused` and the code.
 * @throws whatever is neither a picture nor a coded refusal.
 */
export async function useClip(file: string): Promise<string> {
  const clip = await openClip(file, { pixelLimit: 2 ** 22, threads: 2 }).catch((error: unknown) => {
    if (isRotokitError(error)) return error.code;
    throw error;
  });
  if (typeof clip === 'string') return `refused ${clip}`;
  try {
    const { frames, size } = clip.info;
    for (const i of [0, 10, frames - 1, 5, 6]) {
      if (i >= frames) continue;
      for (const format of i === 5 ? (['rgba16', 'rgbaf'] as const) : (['rgb8'] as const)) {
        const frame = await readable(() => clip.read(i as FrameIndex, format));
        const channels = format === 'rgb8' ? 3 : 4;
        if (frame && frame.picture.samples.length !== size.width * size.height * channels) {
          throw new Error(`frame ${i} has another size than the clip`);
        }
      }
    }
    await readable(async () => {
      for await (const _ of clip.frames(frameRange(Math.max(0, frames - 4), frames), { step: -1 }));
    });
    return 'opened';
  } finally {
    await clip.close();
  }
}

/** What a step gives, or undefined where it is refused with a code. */
async function readable<T>(step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    if (isRotokitError(error) && error.code.startsWith('MEDIA_FRAME_')) return undefined;
    throw error;
  }
}

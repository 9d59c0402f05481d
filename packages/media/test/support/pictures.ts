import type { FrameSink, SinkPicture } from '@rotokit/core/ports';
import { frameNumber, SRGB } from '@rotokit/core/values';

/** How the test pictures look: size, channels, depth. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly bits: 8 | 16;
}

/** A smooth picture, different for every `n`: gradients, a wave that moves, a soft disc as alpha (or as grey). */
export function testPicture(n: number, { width, height, channels, bits }: Look): SinkPicture {
  const top = bits === 16 ? 65535 : 255;
  const samples = new (bits === 16 ? Uint16Array : Uint8Array)(width * height * channels);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const disc = Math.min(1, Math.max(0, 1.4 - Math.hypot(x - width / 2 - n * 2, y - height / 2) / (height / 3)));
      const wave = 0.5 + 0.5 * Math.sin(n / 2 + x / 17);
      const pixel = channels === 1 ? [disc] : [x / width, y / height, wave, disc];
      for (let c = 0; c < channels; c++) samples[k++] = Math.round(pixel[c] * top);
    }
  }
  return { width, height, channels, samples, colour: SRGB };
}

/** Writes `count` test pictures from number 1001 on and finishes. */
export async function writeAll(sink: FrameSink, look: Look, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await sink.write(frameNumber(1001 + n), testPicture(n, look));
  await sink.close();
}

import { scriptedSource } from '@rotokit/core/fakes';
import type { FrameSource } from '@rotokit/core/ports';
import { maskFromPlane, type Size, type SoftMask, SRGB } from '@rotokit/core/values';

/** A clip with the truth about it. */
export interface CheckScene {
  readonly source: FrameSource;
  /** Where the thing is on a frame. */
  truth(frame: number): SoftMask;
  /** A pixel of the thing on a frame. */
  centre(frame: number): { readonly x: number; readonly y: number };
}

const SIZE: Size = { width: 480, height: 270 };
const FRAMES = 6;
const RADIUS = 46;

/** A smooth pattern in -1 to 1, different for each seed. */
const pattern = (x: number, y: number, seed: number): number =>
  Math.sin(x / 23 + seed) * Math.cos(y / 17 - 2 * seed) * 0.6 + Math.sin((x + y) / 41 + 3 * seed) * 0.4;

/** A shaded orange ball that rolls over a patterned green ground and casts a shadow: plain enough for any model that was trained. */
export function checkScene(): CheckScene {
  const centre = (frame: number) => ({ x: 150 + 14 * frame, y: 132 + 3 * frame });
  const distance = (frame: number, x: number, y: number) =>
    Math.hypot(x + 0.5 - centre(frame).x, y + 0.5 - centre(frame).y);
  const picture = (frame: number) => {
    const samples = new Uint8Array(SIZE.width * SIZE.height * 3);
    const { x: cx, y: cy } = centre(frame);
    for (let y = 0, k = 0; y < SIZE.height; y++)
      for (let x = 0; x < SIZE.width; x++, k += 3) {
        const inside = distance(frame, x, y) <= RADIUS;
        const shadow = Math.hypot((x - cx - 12) / 1.3, (y - cy - RADIUS + 4) * 2.4) < RADIUS * 0.8 ? 0.6 : 1;
        const light =
          0.55 + (0.45 * (cx - x + (cy - y))) / (2 * RADIUS) + 0.04 * pattern(3 * (x - cx), 3 * (y - cy), 5);
        const ground = shadow * (1 + 0.18 * pattern(x, y, 1));
        const colour = inside
          ? [235 * light + 20, 120 * light + 10, 30 * light]
          : [70 * ground, 105 * ground, 62 * ground];
        for (const [c, v] of colour.entries()) samples[k + c] = Math.max(0, Math.min(255, Math.round(v)));
      }
    return { format: 'rgb8' as const, ...SIZE, samples, colour: SRGB };
  };
  return {
    source: scriptedSource({ frames: FRAMES, picture }),
    centre,
    truth(frame) {
      const plane = new Uint16Array(SIZE.width * SIZE.height);
      for (let y = 0, k = 0; y < SIZE.height; y++)
        for (let x = 0; x < SIZE.width; x++, k++) if (distance(frame, x, y) <= RADIUS) plane[k] = 65535;
      return maskFromPlane(SIZE, plane);
    },
  };
}

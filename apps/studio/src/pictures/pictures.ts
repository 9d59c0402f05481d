import { decodeMask, maskAt, type SoftMask } from '@rotokit/core/values';
import { type ProjectClient, send } from '../api/client.js';
import { Loader } from './loader.js';
import { Reel } from './reel.js';

/** Bytes of exact frames, of frames for playing (unpacked, and as JPEG), and of masks that the page keeps. */
const LIMITS = { raw: 128e6, proxy: 96e6, reel: 96e6, masks: 64e6 };

/** Lines of the picture while playing: enough for a window, quick to send. The server keeps these on disk. */
export const PROXY_LINES = 540;

/** A frame to be drawn: exact samples, or a smaller picture for playing. */
export type Plate =
  | { readonly kind: 'raw'; readonly width: number; readonly height: number; readonly rgb: Uint8Array }
  | { readonly kind: 'proxy'; readonly bitmap: ImageBitmap };

/** Frames and masks of one project, fetched when they are wanted and kept for a while. */
export class Pictures {
  readonly raw: Loader<Plate>;
  readonly proxy: Loader<Plate>;
  readonly masks: Loader<SoftMask>;
  /** The frames for playing as JPEG: many more than can be kept unpacked. */
  readonly reel: Reel;
  readonly #client: ProjectClient;

  constructor(client: ProjectClient) {
    this.#client = client;
    this.raw = new Loader<Plate>(LIMITS.raw, async (frame, signal) => {
      const response = await send(client.rawUrl(Number(frame)), { signal });
      const rgb = new Uint8Array(await response.arrayBuffer());
      const side = (name: string) => Number(response.headers.get(name));
      return { value: { kind: 'raw', width: side('x-width'), height: side('x-height'), rgb }, bytes: rgb.length };
    });
    const load = async (url: string, signal: AbortSignal) =>
      new Uint8Array(await (await send(url, { signal })).arrayBuffer());
    this.reel = new Reel(LIMITS.reel, {
      one: (frame, signal) => load(client.jpegUrl(frame, PROXY_LINES), signal),
      pack: (frame, count, signal) => load(client.packUrl(frame, count), signal),
    });
    this.proxy = new Loader<Plate>(
      LIMITS.proxy,
      async (frame, signal) => {
        const bytes = await this.reel.bytes(Number(frame), signal);
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
        return { value: { kind: 'proxy', bitmap }, bytes: bitmap.width * bitmap.height * 4 };
      },
      (plate) => plate.kind === 'proxy' && plate.bitmap.close(),
    );
    this.masks = new Loader<SoftMask>(LIMITS.masks, async (url, signal) => {
      const value = decodeMask(new Uint8Array(await (await send(url, { signal })).arrayBuffer()));
      return { value, bytes: weight(value) };
    });
  }

  /** Keeps a mask that came with an answer, coded, in base64. */
  takeMask(key: string, coded: string): void {
    const mask = decodeMask(Uint8Array.from(atob(coded), (c) => c.charCodeAt(0)));
    this.masks.put(key, mask, weight(mask));
  }

  /** The key of a mask. */
  maskKey(object: string, frame: number, version: string): string {
    return this.#client.maskUrl(object, frame, version);
  }

  /** Red, green and blue (0 to 255) of a pixel of an exact frame, if it is here. */
  pixel(frame: number, x: number, y: number): readonly [number, number, number] | undefined {
    const plate = this.raw.now(String(frame));
    if (plate?.kind !== 'raw' || x < 0 || y < 0 || x >= plate.width || y >= plate.height) return undefined;
    const at = 3 * (y * plate.width + x);
    return [plate.rgb[at] as number, plate.rgb[at + 1] as number, plate.rgb[at + 2] as number];
  }

  /** The value of a mask at a pixel, 0 to 1, if it is here. */
  alpha(key: string, x: number, y: number): number | undefined {
    const mask = this.masks.now(key);
    return mask && maskAt(mask, x, y) / 65535;
  }

  /** Lets everything go. */
  close(): void {
    for (const loader of [this.raw, this.proxy, this.masks]) loader.clear();
    this.reel.close();
  }
}

const weight = (mask: SoftMask): number => 2 * mask.values.length + 200;

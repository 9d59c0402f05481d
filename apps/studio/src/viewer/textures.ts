import { Lru } from '@rotokit/core/resources';
import { boxHeight, boxIsEmpty, boxOf, boxWidth, type SoftMask } from '@rotokit/core/values';
import type { Plate } from '../pictures/pictures.js';
import { Painting } from './painting.js';
import { newTexture } from './program.js';

/** Bytes of mask textures kept. */
const KEPT = 48e6;

/** What a mask is drawn from: one that is finished, or one under a brush. */
export type Matte = SoftMask | Painting;

/** A mask's place in the picture: x0, y0, width, height in source pixels. */
export type Place = readonly [number, number, number, number];

const byte = (v: number): number => (v + 128) / 257;

/** The textures of plates and masks: one channel of 8 bits for a mask, kept while it is used; of a painting only what changed is sent. */
export class Textures {
  readonly plate: WebGLTexture;
  readonly #gl: WebGL2RenderingContext;
  readonly #masks: Lru<string, WebGLTexture>;
  readonly #live: WebGLTexture;
  readonly #keys = new WeakMap<SoftMask, string>();
  #count = 0;
  #painting: Painting | undefined;
  #uploaded: Plate | undefined;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    this.plate = newTexture(gl);
    this.#live = newTexture(gl);
    this.#masks = new Lru({ bytes: KEPT, oversize: 'keep', drop: (texture) => gl.deleteTexture(texture) });
  }

  /** Sends a plate, unless it was the last one. */
  upload(plate: Plate | undefined): void {
    if (!plate || plate === this.#uploaded) return;
    const gl = this.#gl;
    gl.bindTexture(gl.TEXTURE_2D, this.plate);
    if (plate.kind === 'raw')
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, plate.width, plate.height, 0, gl.RGB, gl.UNSIGNED_BYTE, plate.rgb);
    else gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, plate.bitmap);
    this.#uploaded = plate;
  }

  /** The texture of a mask and where it lies. */
  mask(matte: Matte): { readonly texture: WebGLTexture; readonly place: Place } {
    if (matte instanceof Painting) return { texture: this.#paint(matte), place: placeOf(boxOf(matte.size)) };
    return { texture: this.#kept(matte), place: placeOf(matte.window) };
  }

  #kept(mask: SoftMask): WebGLTexture {
    const { window, values } = mask;
    const key = this.#keys.get(mask) ?? `${++this.#count}`;
    this.#keys.set(mask, key);
    const known = this.#masks.get(key);
    if (known) return known;
    const gl = this.#gl;
    const texture = newTexture(gl);
    const bytes = boxIsEmpty(window) ? new Uint8Array(1) : Uint8Array.from(values, byte);
    const [width, height] = boxIsEmpty(window) ? [1, 1] : [boxWidth(window), boxHeight(window)];
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, bytes);
    this.#masks.set(key, texture, bytes.length);
    return texture;
  }

  #paint(painting: Painting): WebGLTexture {
    const gl = this.#gl;
    const { width, height } = painting.size;
    gl.bindTexture(gl.TEXTURE_2D, this.#live);
    if (painting !== this.#painting)
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, gl.RED, gl.UNSIGNED_BYTE, null);
    this.#painting = painting;
    const dirty = painting.takeDirty();
    if (boxIsEmpty(dirty)) return this.#live;
    const [w, h] = [boxWidth(dirty), boxHeight(dirty)];
    const bytes = new Uint8Array(w * h);
    for (let y = 0; y < h; y++) {
      const from = (dirty.y0 + y) * width + dirty.x0;
      for (let x = 0; x < w; x++) bytes[y * w + x] = byte(painting.plane[from + x] as number);
    }
    gl.texSubImage2D(gl.TEXTURE_2D, 0, dirty.x0, dirty.y0, w, h, gl.RED, gl.UNSIGNED_BYTE, bytes);
    return this.#live;
  }
}

const placeOf = (box: SoftMask['window']): Place => [
  box.x0,
  box.y0,
  Math.max(1, boxWidth(box)),
  Math.max(1, boxHeight(box)),
];

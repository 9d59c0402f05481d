import { boxHeight, boxIsEmpty, boxWidth, type SoftMask } from '@rotokit/core/values';
import type { ViewMode } from '../model/studio-state.js';
import { Lru } from '../pictures/lru.js';
import type { Plate } from '../pictures/pictures.js';
import { buildProgram, newTexture, type Program, setFilter } from './program.js';
import { MASK, PLATE, VERTEX } from './shaders.js';
import type { View } from './view.js';

/** Colours as red, green, blue, 0 to 1. */
type Rgb = readonly [number, number, number];

/** Everything one drawing needs. */
export interface Scene {
  readonly size: { readonly width: number; readonly height: number };
  readonly view: View;
  readonly plate: Plate | undefined;
  readonly masks: readonly {
    readonly key: string;
    readonly mask: SoftMask;
    readonly ink: Rgb;
    readonly strong: boolean;
  }[];
  readonly mode: ViewMode;
  readonly backdrop: 'checker' | 'black' | 'white' | 'grey';
  readonly gain: number;
  readonly gamma: number;
  readonly tint: number;
  readonly surround: Rgb;
}

/** Bytes of mask textures kept. */
const TEXTURES = 64e6;
const FLAT: Readonly<Record<string, Rgb>> = { white: [1, 1, 1], grey: [0.18, 0.18, 0.18] };

/** Draws plates and masks with WebGL2. One for a canvas; a lost context is taken up again by making another one. */
export class Renderer {
  readonly #gl: WebGL2RenderingContext;
  readonly #plate: Program;
  readonly #mask: Program;
  readonly #plateTexture: WebGLTexture;
  readonly #maskTextures: Lru<WebGLTexture>;
  #uploaded: Plate | undefined;

  /** @throws Error when there is no WebGL2. */
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error('This browser has no WebGL2: switch on hardware acceleration, or use another one.');
    this.#gl = gl;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    this.#plate = buildProgram(gl, VERTEX, PLATE);
    this.#mask = buildProgram(gl, VERTEX, MASK);
    this.#plateTexture = newTexture(gl);
    this.#maskTextures = new Lru(TEXTURES, (texture) => gl.deleteTexture(texture));
    gl.bindVertexArray(gl.createVertexArray());
  }

  /** Draws the scene into the whole canvas. `ratio`: drawing buffer pixels for each CSS pixel. */
  draw(scene: Scene, ratio: number): void {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    this.#upload(scene.plate);
    gl.disable(gl.BLEND);
    this.#common(this.#plate, scene, ratio);
    gl.uniform1i(this.#plate.at('kind'), groundOf(scene));
    gl.uniform3fv(this.#plate.at('surround'), scene.surround);
    gl.uniform3fv(this.#plate.at('flat_colour'), FLAT[scene.backdrop] ?? [0, 0, 0]);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    if (scene.mode === 'plate') return;
    gl.enable(gl.BLEND);
    gl.blendEquation(scene.mode === 'matte' ? gl.MAX : gl.FUNC_ADD);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.#common(this.#mask, scene, ratio);
    gl.enable(gl.SCISSOR_TEST);
    for (const m of scene.masks) if (!boxIsEmpty(m.mask.window)) this.#drawMask(m, scene, ratio);
    gl.disable(gl.SCISSOR_TEST);
    gl.blendEquation(gl.FUNC_ADD);
  }

  #drawMask({ key, mask, ink, strong }: Scene['masks'][number], scene: Scene, ratio: number): void {
    const gl = this.#gl;
    const { x0, y0 } = mask.window;
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.#maskTexture(key, mask));
    setFilter(gl, scene.view.scale >= 3);
    gl.uniform1i(this.#mask.at('mask'), 1);
    gl.uniform4f(this.#mask.at('box'), x0, y0, boxWidth(mask.window), boxHeight(mask.window));
    gl.uniform1i(this.#mask.at('kind'), { overlay: 0, outline: 1, matte: 2, cutout: 3, plate: 1 }[scene.mode]);
    gl.uniform1f(this.#mask.at('tint'), scene.tint * (strong ? 1 : 0.6));
    gl.uniform1f(this.#mask.at('line'), (strong ? 1.6 : 1.1) * ratio);
    gl.uniform3fv(this.#mask.at('ink'), ink);
    this.#cutTo(mask, scene.view, ratio);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Draws no further than the mask and its outline reach: most of the window has nothing to do with an object. */
  #cutTo({ window: w }: SoftMask, { scale, x, y }: View, ratio: number): void {
    const room = 3 * ratio;
    const [left, right] = [(w.x0 * scale + x) * ratio - room, (w.x1 * scale + x) * ratio + room];
    const [top, bottom] = [(w.y0 * scale + y) * ratio - room, (w.y1 * scale + y) * ratio + room];
    const low = this.#gl.drawingBufferHeight - Math.ceil(bottom);
    this.#gl.scissor(Math.floor(left), low, Math.ceil(right - left) + 1, Math.ceil(bottom - top) + 1);
  }

  #common({ program, at }: Program, { view, size, gain, gamma }: Scene, ratio: number): void {
    const gl = this.#gl;
    gl.useProgram(program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#plateTexture);
    setFilter(gl, view.scale >= 3);
    gl.uniform1i(at('plate'), 0);
    gl.uniform2f(at('window'), gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.uniform3f(at('view'), view.scale * ratio, view.x * ratio, view.y * ratio);
    gl.uniform2f(at('size'), size.width, size.height);
    gl.uniform1f(at('gain'), gain);
    gl.uniform1f(at('gamma'), gamma);
  }

  #upload(plate: Plate | undefined): void {
    if (!plate || plate === this.#uploaded) return;
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#plateTexture);
    if (plate.kind === 'raw')
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, plate.width, plate.height, 0, gl.RGB, gl.UNSIGNED_BYTE, plate.rgb);
    else gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, gl.RGB, gl.UNSIGNED_BYTE, plate.bitmap);
    this.#uploaded = plate;
  }

  #maskTexture(key: string, { window, values }: SoftMask): WebGLTexture {
    const known = this.#maskTextures.get(key);
    if (known) return known;
    const gl = this.#gl;
    const texture = newTexture(gl);
    const bytes = Uint8Array.from(values, (v) => (v + 128) / 257);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, boxWidth(window), boxHeight(window), 0, gl.RED, gl.UNSIGNED_BYTE, bytes);
    this.#maskTextures.set(key, texture, bytes.length);
    return texture;
  }
}

/** What the first pass draws: see `PLATE`. */
function groundOf({ mode, backdrop, plate }: Scene): number {
  if (mode === 'matte' || !plate) return 1;
  if (mode !== 'cutout') return 0;
  return backdrop === 'checker' ? 2 : backdrop === 'black' ? 1 : 3;
}

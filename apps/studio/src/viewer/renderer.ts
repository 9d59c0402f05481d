import { type Box, boxIsEmpty, boxUnion, type SoftMask } from '@rotokit/core/values';
import type { ViewMode } from '../model/studio-state.js';
import type { Plate } from '../pictures/pictures.js';
import { type Part, partsOf } from './compare-layout.js';
import { buildProgram, type Program, setFilter } from './program.js';
import { DIFFERENCE, MASK, PLATE, VERTEX } from './shaders.js';
import { type Matte, Textures } from './textures.js';
import type { View } from './view.js';

/** Colours as red, green, blue, 0 to 1. */
type Rgb = readonly [number, number, number];

/** One object of a scene. */
export interface DrawnMask {
  readonly key: string;
  readonly matte: Matte;
  /** Where it is not 0. */
  readonly reach: Box;
  readonly ink: Rgb;
  readonly strong: boolean;
  /** The version that the difference view compares with. */
  readonly other: SoftMask | undefined;
}

/** Everything one drawing needs. */
export interface Scene {
  readonly size: { readonly width: number; readonly height: number };
  readonly view: View;
  readonly plate: Plate | undefined;
  readonly masks: readonly DrawnMask[];
  /** The masks of the version that is compared with. */
  readonly then: readonly DrawnMask[];
  readonly compare: 'off' | 'wipe' | 'side';
  readonly wipe: number;
  readonly mode: ViewMode;
  readonly backdrop: 'checker' | 'black' | 'white' | 'grey';
  readonly gain: number;
  readonly gamma: number;
  readonly tint: number;
  readonly surround: Rgb;
}

const FLAT: Readonly<Record<string, Rgb>> = { white: [1, 1, 1], grey: [0.18, 0.18, 0.18] };
/** See `MASK`. */
const KIND = { overlay: 0, outline: 1, matte: 2, cutout: 3 } as const;

/** Draws plates and masks with WebGL2. One for a canvas; a lost context is taken up again by making another one. */
export class Renderer {
  readonly #gl: WebGL2RenderingContext;
  readonly #plate: Program;
  readonly #mask: Program;
  readonly #difference: Program;
  readonly #textures: Textures;
  #part: Pick<Part, 'from' | 'to'> = { from: 0, to: 0 };

  /** @throws Error when there is no WebGL2. */
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      preserveDrawingBuffer: true, // a brush draws only where it painted
    });
    if (!gl) throw new Error('This browser has no WebGL2: switch on hardware acceleration, or use another one.');
    this.#gl = gl;
    this.#plate = buildProgram(gl, VERTEX, PLATE);
    this.#mask = buildProgram(gl, VERTEX, MASK);
    this.#difference = buildProgram(gl, VERTEX, DIFFERENCE);
    this.#textures = new Textures(gl);
    gl.bindVertexArray(gl.createVertexArray());
  }

  /** Draws the scene into the canvas, or only a box of the picture. `ratio`: drawing buffer pixels for each CSS pixel. */
  draw(scene: Scene, ratio: number, only?: Box): void {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    this.#textures.upload(scene.plate);
    gl.enable(gl.SCISSOR_TEST);
    for (const part of partsOf(scene, scene.view, gl.drawingBufferWidth / ratio)) {
      this.#part = part;
      const masks = part.version === 'now' ? scene.masks : scene.then;
      this.#drawPart({ ...scene, view: part.view, masks }, ratio, only);
    }
  }

  #drawPart(scene: Scene, ratio: number, only?: Box): void {
    const gl = this.#gl;
    gl.disable(gl.BLEND);
    if (only) this.#cutTo(only, scene.view, ratio);
    else this.#cut(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, ratio);
    gl.clearColor(...scene.surround, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!only) this.#cutTo({ x0: 0, y0: 0, x1: scene.size.width, y1: scene.size.height }, scene.view, ratio);
    this.#begin(this.#plate, scene, ratio);
    gl.uniform1i(this.#plate.at('kind'), groundOf(scene));
    gl.uniform3fv(this.#plate.at('surround'), scene.surround);
    gl.uniform3fv(this.#plate.at('flat_colour'), FLAT[scene.backdrop] ?? [0, 0, 0]);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    if (scene.mode === 'plate') return;
    gl.enable(gl.BLEND);
    gl.blendEquation(scene.mode === 'matte' ? gl.MAX : gl.FUNC_ADD);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const difference = scene.mode === 'difference';
    this.#begin(difference ? this.#difference : this.#mask, scene, ratio);
    for (const m of scene.masks)
      if (difference) this.#drawDifference(m, scene, ratio, only);
      else if (!boxIsEmpty(m.reach)) this.#drawMask(m, scene, ratio, only);
    gl.blendEquation(gl.FUNC_ADD);
  }

  #drawMask({ matte, reach, ink, strong }: DrawnMask, scene: Scene, ratio: number, only?: Box): void {
    const gl = this.#gl;
    const { at } = this.#mask;
    this.#bind(1, 'mask', 'box', this.#mask, this.#textures.mask(matte), scene);
    gl.uniform1i(at('kind'), KIND[scene.mode as keyof typeof KIND] ?? 0);
    gl.uniform1f(at('tint'), scene.tint * (strong ? 1 : 0.6));
    gl.uniform1f(at('line'), (strong ? 1.6 : 1.1) * ratio);
    gl.uniform3fv(at('ink'), ink);
    if (!only) this.#cutTo(reach, scene.view, ratio);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  #drawDifference({ matte, reach, other }: DrawnMask, scene: Scene, ratio: number, only?: Box): void {
    if (!other) return;
    this.#bind(1, 'mask', 'box', this.#difference, this.#textures.mask(matte), scene);
    this.#bind(2, 'other', 'other_box', this.#difference, this.#textures.mask(other), scene);
    const changed = boxUnion(reach, other.window);
    if (boxIsEmpty(changed)) return;
    if (!only) this.#cutTo(changed, scene.view, ratio);
    this.#gl.drawArrays(this.#gl.TRIANGLES, 0, 3);
  }

  #bind(
    unit: number,
    name: string,
    box: string,
    { at }: Program,
    { texture, place }: ReturnType<Textures['mask']>,
    { view }: Scene,
  ): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    setFilter(gl, view.scale >= 3);
    gl.uniform1i(at(name), unit);
    gl.uniform4f(at(box), ...place);
  }

  /** Draws no further than a box and its outline reach: most of the window has nothing to do with an object. */
  #cutTo(w: Box, { scale, x, y }: View, ratio: number): void {
    const room = 3 * ratio;
    const [left, right] = [(w.x0 * scale + x) * ratio - room, (w.x1 * scale + x) * ratio + room];
    const [top, bottom] = [(w.y0 * scale + y) * ratio - room, (w.y1 * scale + y) * ratio + room];
    const low = this.#gl.drawingBufferHeight - Math.ceil(bottom);
    this.#cut(Math.floor(left), low, Math.ceil(right - left) + 1, Math.ceil(bottom - top) + 1, ratio);
  }

  /** Draws no further than a rectangle of the drawing buffer, nor beyond the part of the window that is being drawn. */
  #cut(x: number, y: number, width: number, height: number, ratio: number): void {
    const { from, to } = this.#part;
    const [left, right] = [Math.max(x, Math.round(from * ratio)), Math.min(x + width, Math.round(to * ratio))];
    this.#gl.scissor(left, y, Math.max(0, right - left), Math.max(0, height));
  }

  #begin({ program, at }: Program, { view, size, gain, gamma }: Scene, ratio: number): void {
    const gl = this.#gl;
    gl.useProgram(program);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#textures.plate);
    setFilter(gl, view.scale >= 3);
    gl.uniform1i(at('plate'), 0);
    gl.uniform2f(at('window'), gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.uniform3f(at('view'), view.scale * ratio, view.x * ratio, view.y * ratio);
    gl.uniform2f(at('size'), size.width, size.height);
    gl.uniform1f(at('gain'), gain);
    gl.uniform1f(at('gamma'), gamma);
  }
}

/** What the first pass draws: see `PLATE`. */
function groundOf({ mode, backdrop, plate }: Scene): number {
  if (mode === 'matte' || mode === 'difference' || !plate) return 1;
  if (mode !== 'cutout') return 0;
  return backdrop === 'checker' ? 2 : backdrop === 'black' ? 1 : 3;
}

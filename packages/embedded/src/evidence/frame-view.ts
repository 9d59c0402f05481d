import { type Frame, type FrameIndex, sameSize } from '@rotokit/core/values';
import type { FlowFrame } from '../flow/types.js';
import type { Kernels } from '../kernels/kernels.js';
import { type ResizePlan, resizePlan } from '../primitives/resize.js';
import { halveRgb } from '../primitives/sample.js';
import type { Grids } from './grids.js';

/** What all objects share of one frame; made once, whatever their number. */
export interface FrameView {
  readonly index: FrameIndex;
  /** rgb8 of the native grid: the source's own samples. */
  readonly native: Uint8Array;
  /** The working picture, as flow wants it. */
  readonly working: FlowFrame;
  /** CIE Lab of the half grid, interleaved. */
  readonly lab: Float32Array;
}

/** Views alive at a time: the frame before, the frame at work and the one prepared, and one to spare. */
const SLOTS = 4;

/** Makes frame views. The Lab planes of the fourth-last view are used again, so a view lives for three more. */
export class FrameViews {
  readonly #grids: Grids;
  readonly #kernels: Kernels;
  readonly #resize: ResizePlan | null;
  readonly #halved: Uint8Array;
  readonly #labs: Float32Array[] = [];
  #turn = 0;

  constructor(grids: Grids, kernels: Kernels) {
    this.#grids = grids;
    this.#kernels = kernels;
    this.#resize = sameSize(grids.native, grids.working) ? null : resizePlan(grids.native, grids.working);
    this.#halved = new Uint8Array(grids.half.width * grids.half.height * 3);
  }

  /** Only the working picture: enough for flow. @throws RangeError when the frame does not have the size of the clip. */
  working(frame: Frame<'rgb8'>): FlowFrame {
    const { native, working } = this.#grids;
    const { picture } = frame;
    if (!sameSize(picture, native)) {
      const sizes = `${picture.width}x${picture.height}, not ${native.width}x${native.height}`;
      throw new RangeError(`frame ${frame.index} has the size ${sizes}`);
    }
    const rgb = this.#resize ? this.#kernels.resizeRgb(this.#resize, picture.samples) : picture.samples;
    return { index: frame.index, width: working.width, height: working.height, rgb };
  }

  /** All of it. @throws RangeError as `working` does. */
  view(frame: Frame<'rgb8'>): FrameView {
    const working = this.working(frame);
    halveRgb(working.rgb, working.width, working.height, this.#halved);
    const slot = this.#turn++ % SLOTS;
    this.#labs[slot] ??= new Float32Array(this.#halved.length);
    return {
      index: frame.index,
      native: frame.picture.samples,
      working,
      lab: this.#kernels.labFromRgb(this.#halved, this.#labs[slot]),
    };
  }
}

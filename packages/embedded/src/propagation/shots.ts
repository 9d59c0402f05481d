import type { FrameView } from '../evidence/frame-view.js';
import type { FlowPair, FlowService } from '../flow/types.js';
import { isShotCut } from './shot-cut.js';

/** How a frame hangs together with the one before: in one shot, after a cut, or back in the shot left by the last cut. */
export type Passage =
  | { readonly kind: 'same'; readonly flow: FlowPair }
  | { readonly kind: 'cut'; readonly flow: FlowPair }
  /** `flow` leads from the last frame before the cut to this one. */
  | { readonly kind: 'back'; readonly flow: FlowPair };

/** Watches a walk for cuts, and keeps the last frame of the shot that was left in case it comes back. */
export class Shots {
  readonly #service: FlowService;
  #before: FrameView;
  #left: FrameView | null = null;

  constructor(service: FlowService, first: FrameView) {
    this.#service = service;
    this.#before = first;
  }

  /** What happens between the frame of the last call and this one. */
  async enter(view: FrameView, flow: FlowPair): Promise<Passage> {
    const before = this.#before;
    this.#before = view;
    if (!isShotCut(before.lab, view.lab, flow)) return { kind: 'same', flow };
    const left = this.#left;
    if (left) {
      const across = await this.#service.pair(left.working, view.working);
      if (!isShotCut(left.lab, view.lab, across)) {
        this.#left = null;
        return { kind: 'back', flow: across };
      }
    } else this.#left = { ...before, lab: before.lab.slice() };
    return { kind: 'cut', flow };
  }
}

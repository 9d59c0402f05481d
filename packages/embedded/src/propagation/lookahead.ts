import type { FrameSource } from '@rotokit/core/ports';
import type { Frame, FrameIndex } from '@rotokit/core/values';
import type { FrameView, FrameViews } from '../evidence/frame-view.js';
import type { FlowPair, FlowService } from '../flow/types.js';

/** A frame with the flow that leads to it from the one before, under way. */
interface Prepared {
  readonly view: FrameView;
  readonly flow: Promise<FlowPair>;
}

type Ahead =
  | { readonly ok: true; readonly prepared: Prepared | null }
  | { readonly ok: false; readonly error: unknown };

/** The frames of a walk one ahead: while one is worked on, the next is decoded and its flow computed. */
export class Lookahead {
  readonly #frames: AsyncIterator<Frame<'rgb8'>>;
  readonly #views: FrameViews;
  readonly #flow: FlowService;
  readonly #signal: AbortSignal | undefined;
  #last: FrameView | null = null;
  #ahead: Promise<Ahead> | null = null;

  constructor(
    source: FrameSource,
    from: FrameIndex,
    to: FrameIndex,
    views: FrameViews,
    flow: FlowService,
    signal: AbortSignal | undefined,
  ) {
    const step = to >= from ? 1 : -1;
    const range = { start: Math.min(from, to) as FrameIndex, end: (Math.max(from, to) + 1) as FrameIndex };
    this.#frames = source.frames(range, signal ? { step, signal } : { step })[Symbol.asyncIterator]();
    this.#views = views;
    this.#flow = flow;
    this.#signal = signal;
  }

  /** The frame the walk starts on. */
  async first(): Promise<FrameView> {
    const result = await this.#orAbort(this.#frames.next());
    if (result.done) throw new RangeError('the clip delivered no frame for the start of the walk');
    this.#last = this.#views.view(result.value);
    this.#ahead = this.#fetch();
    return this.#last;
  }

  /**
   * The next frame with its flow, `null` after the last. An error in the frame after it does not keep it back: that is
   * thrown when its own turn comes.
   */
  async next(): Promise<{ readonly view: FrameView; readonly flow: FlowPair } | null> {
    const arrived = await this.#orAbort(this.#ahead ?? Promise.resolve({ ok: true as const, prepared: null }));
    if (!arrived.ok) throw arrived.error;
    if (!arrived.prepared) return null;
    const { view, flow } = arrived.prepared;
    this.#ahead = this.#fetch();
    // The flow of the next pair should be under way before this thread is busy with this frame.
    await this.#orAbort(this.#ahead);
    return { view, flow: await this.#orAbort(flow) };
  }

  /** Leaves the clip's frames. */
  async close(): Promise<void> {
    await this.#frames.return?.();
  }

  async #fetch(): Promise<Ahead> {
    try {
      const result = await this.#frames.next();
      if (result.done) return { ok: true, prepared: null };
      const before = this.#last;
      const view = this.#views.view(result.value);
      this.#last = view;
      const flow = before
        ? this.#flow.pair(before.working, view.working)
        : Promise.reject(new Error('no frame before'));
      // Whoever asks for this frame gets the error; nobody may be left to ask.
      flow.catch(() => {});
      return { ok: true, prepared: { view, flow } };
    } catch (error) {
      return { ok: false, error };
    }
  }

  async #orAbort<T>(work: Promise<T>): Promise<T> {
    const signal = this.#signal;
    if (!signal) return work;
    // When the signal wins, nobody waits for the work any more: what it fails with then is of no interest.
    work.catch(() => {});
    signal.throwIfAborted();
    let leave = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }
}

import type { EngineSession, FrameSource, Propagation, TrackedFrame } from '@rotokit/core/ports';
import type { FrameIndex, ObjectPrompts, SoftMask } from '@rotokit/core/values';
import { gridsFor } from './evidence/grids.js';
import { Planes } from './evidence/planes.js';
import { Prompting } from './prompting.js';
import type { ClickNetwork } from './prompts/index.js';
import { type WalkTools, walk } from './propagation/walk.js';

/** The embedded engine at work on one clip. */
export class EmbeddedSession implements EngineSession {
  readonly #tools: WalkTools;
  readonly #prompting: Prompting;

  constructor(
    source: FrameSource,
    tools: Omit<WalkTools, 'source' | 'grids'>,
    lines: number,
    clickNetwork?: ClickNetwork,
  ) {
    const grids = gridsFor(source.info.size, lines);
    this.#tools = { ...tools, source, grids };
    const bench = { grids, kernels: tools.kernels, planes: new Planes() };
    this.#prompting = new Prompting(source, bench, tools.flow, clickNetwork);
  }

  segment(frame: FrameIndex, objects: readonly ObjectPrompts[], signal?: AbortSignal): Promise<readonly SoftMask[]> {
    return this.#prompting.segment(frame, objects, signal);
  }

  propagate(task: Propagation): AsyncIterable<TrackedFrame> {
    return walk(this.#tools, task);
  }

  close(): Promise<void> {
    return this.#tools.flow.close();
  }
}

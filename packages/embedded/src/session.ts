import type { EngineSession, FrameSource, Propagation, TrackedFrame } from '@rotokit/core/ports';
import { type FrameIndex, type ObjectPrompts, RotokitError, type SoftMask } from '@rotokit/core/values';
import { type Grids, gridsFor } from './evidence/grids.js';
import { type WalkTools, walk } from './propagation/walk.js';

/** The embedded engine at work on one clip. */
export class EmbeddedSession implements EngineSession {
  readonly #tools: WalkTools;

  constructor(source: FrameSource, tools: Omit<WalkTools, 'source' | 'grids'>) {
    const grids: Grids = gridsFor(source.info.size);
    this.#tools = { ...tools, source, grids };
  }

  async segment(
    _frame: FrameIndex,
    objects: readonly ObjectPrompts[],
    signal?: AbortSignal,
  ): Promise<readonly SoftMask[]> {
    signal?.throwIfAborted();
    return objects.map((o) => {
      const mask = o.prompts.find((p) => p.kind === 'mask');
      if (mask) return mask.mask;
      const kind = o.prompts[0]?.kind ?? 'no';
      throw new RotokitError('ENGINE_PROMPT_UNSUPPORTED', { engine: 'embedded', kind, alternative: 'a mask' });
    });
  }

  propagate(task: Propagation): AsyncIterable<TrackedFrame> {
    return walk(this.#tools, task);
  }

  close(): Promise<void> {
    return this.#tools.flow.close();
  }
}

import { isRotokitError, RotokitError, reasonOf } from '@rotokit/core/values';

/** Where a piece of work stood when it failed. */
export interface Place {
  readonly engine: string;
  readonly frame: number;
  readonly object: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does a piece of work; what it fails with names engine, frame and object. The signal's reason, what the clip refuses and a caller's own mistakes
 * come out as they are. @throws RotokitError ENGINE_FAILED.
 */
export async function blaming<T>({ engine, frame, object, signal }: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (isRotokitError(error) && error.code !== 'INFERENCE_FAILED') throw error;
    const facts = { engine, frame: `index ${frame}`, object, reason: reasonOf(error) };
    throw new RotokitError('ENGINE_FAILED', facts, error);
  }
}

import type { Tensor, TensorSlot } from '@rotokit/core/ports';
import type { LocatedGraph } from './locate.js';

/** A tensor on its way between threads; its memory is handed over, not copied. */
export interface SentTensor extends Tensor {
  readonly name: string;
}

/** What the thread of the runtime is told when it starts. */
export interface RuntimeSettings {
  readonly device: string;
  readonly threads: number;
}

/** What the thread reports once, when ONNX Runtime is there, or why it is not. */
export type Greeting =
  | { readonly kind: 'ready'; readonly version: string; readonly devices: readonly string[] }
  | { readonly kind: 'missing'; readonly reason: string };

/** What the thread can be asked to do. */
export type Task =
  | { readonly kind: 'create'; readonly located: LocatedGraph; readonly prepack: boolean; readonly threads: number }
  | {
      readonly kind: 'run';
      readonly session: number;
      readonly inputs: readonly SentTensor[];
      readonly wanted: readonly string[];
    }
  | { readonly kind: 'release'; readonly session: number };

/** What a task comes to. */
export interface Results {
  readonly create: {
    readonly session: number;
    readonly inputs: readonly TensorSlot[];
    readonly outputs: readonly TensorSlot[];
  };
  readonly run: readonly SentTensor[];
  readonly release: undefined;
}

/** A question with its number, and the answer that carries the same number. */
export type Question = { readonly id: number; readonly task: Task };
/** The answer to the question of the same number. */
export type Answer =
  | { readonly id: number; readonly ok: true; readonly result: Results[Task['kind']] }
  | { readonly id: number; readonly ok: false; readonly reason: string };

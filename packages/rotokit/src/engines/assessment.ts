import type { Engine } from '@rotokit/core/ports';
import { type PromptKind, RotokitError } from '@rotokit/core/values';
import type { OpenResources } from '../library/resources.js';

/** How an engine is to work, whichever it is. */
export interface EngineWishes {
  /** Threads beside the main one; 0 works in this thread. Only the last digits of models depend on it, and it is recorded with them. */
  readonly threads?: number;
  /** `full` quality, or the documented `fast` profile. Of the embedded engine. */
  readonly profile?: 'full' | 'fast';
  /** How SAM 2.1 and EdgeTAM remember: `sam2` (the default), `samurai`, `dam`, `bank`, with thresholds: `samurai,motionWeight=0.15`. */
  readonly policy?: string;
  /** Cells up to which holes in masks of SAM 2.1 and EdgeTAM are filled (8) and islands taken away (0). */
  readonly holes?: number;
  readonly islands?: number;
  /** Bytes of memory to stay within: what needs more is refused before it starts. What is free on this machine unless given. */
  readonly memoryLimit?: number;
  /** What the clip's owner set aside: settings for caches, and the budget that knows what else takes memory. */
  readonly resources?: OpenResources;
  /** Told what happened to an engine at work and did not stop it, such as a thread that was killed and replaced. Node's warnings unless given. */
  readonly notice?: (message: string) => void;
  /** A folder to put the memory bank in while tracking, as JSON and as pictures: which frames are held, why, with what score. */
  readonly bank?: string;
  /** Further engines, which come before those of this version, by their names and with `auto`. */
  readonly own?: readonly Candidate[];
}

/** An engine that can be opened, or why it cannot be used here and now. */
export type Assessment =
  | { readonly kind: 'ready'; open(): Engine }
  | { readonly kind: 'refused'; readonly error: RotokitError };

/** An engine that may be usable here: nothing is loaded before it is assessed, and little then. */
export interface Candidate {
  readonly name: string;
  readonly accepts: readonly PromptKind[];
  /** Why `auto` takes it, in a few words. */
  readonly merit: string;
  /** What can be chosen about it. */
  readonly takes?: readonly ('profile' | 'policy')[];
  assess(wishes: EngineWishes): Promise<Assessment>;
}

/** A refusal in the words of the table. */
export const refused = (engine: string, reason: string): Assessment => ({
  kind: 'refused',
  error: new RotokitError('ENGINE_UNAVAILABLE', { engine, reason }),
});

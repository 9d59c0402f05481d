import type { Engine } from '@rotokit/core/ports';
import { type PromptKind, RotokitError } from '@rotokit/core/values';
import { embeddedEngine } from '@rotokit/embedded';

/** How an engine is to work, whichever it is. */
export interface EngineWishes {
  /** Threads beside the main one; 0 works in this thread. The result does not depend on it. */
  readonly threads?: number;
  /** `full` quality, or the documented `fast` profile. */
  readonly profile?: 'full' | 'fast';
}

/** An engine that could be used here: opened only when chosen. */
interface Candidate {
  readonly name: string;
  readonly accepts: readonly PromptKind[];
  open(wishes: EngineWishes): Engine;
}

/** Best first: `auto` takes the first that understands every prompt. */
const CANDIDATES: readonly Candidate[] = [
  { name: 'embedded', accepts: ['point', 'box', 'brush', 'mask'], open: (wishes) => embeddedEngine(wishes) },
];

/** The engines this version can open, best first. */
export const ENGINE_NAMES: readonly string[] = CANDIDATES.map((c) => c.name);

/** An engine and why it was taken, in a sentence for people. */
export interface ChosenEngine {
  readonly engine: Engine;
  readonly reason: string;
}

/**
 * The engine by name, or with `auto` the best that understands all kinds of prompts.
 * @throws RotokitError ENGINE_UNAVAILABLE for a name that is not known, ENGINE_PROMPT_UNSUPPORTED when a prompt kind
 * is beyond it.
 */
export function chooseEngine(name: string, kinds: readonly PromptKind[], wishes: EngineWishes = {}): ChosenEngine {
  const asked = name === 'auto' ? CANDIDATES : CANDIDATES.filter((c) => c.name === name);
  if (!asked.length) {
    const reason = `this version has ${ENGINE_NAMES.join(', ')}`;
    throw new RotokitError('ENGINE_UNAVAILABLE', { engine: name, reason });
  }
  const able = asked.find((c) => kinds.every((k) => c.accepts.includes(k)));
  if (!able) {
    const first = asked[0] as Candidate;
    const kind = kinds.find((k) => !first.accepts.includes(k));
    throw new RotokitError('ENGINE_PROMPT_UNSUPPORTED', {
      engine: first.name,
      kind,
      alternative: first.accepts.join(', '),
    });
  }
  const reason =
    name === 'auto' ? `${able.name}: the best engine installed; it needs no download` : `${able.name}: as asked`;
  return { engine: able.open(wishes), reason };
}

import type { Engine } from '@rotokit/core/ports';
import { type PromptKind, RotokitError } from '@rotokit/core/values';
import type { Candidate, EngineWishes } from './assessment.js';
import { CANDIDATES } from './candidates.js';
import { parsePolicy } from './policy-option.js';

export type { EngineWishes } from './assessment.js';

/** The engines that this version knows, best first. */
export const ENGINE_NAMES: readonly string[] = CANDIDATES.map((c) => c.name);

/** An engine that was asked for and could not be taken. */
export interface TriedEngine {
  readonly name: string;
  readonly reason: string;
}

/** An engine and why it was taken, in a sentence for people. */
export interface ChosenEngine {
  readonly engine: Engine;
  readonly reason: string;
  /** What was tried before it, and why it was refused. */
  readonly tried: readonly TriedEngine[];
}

/**
 * The engine by name, the first of a list (`sam2.1-tiny,edgetam,embedded`) that can be used, or with `auto` the best. Each is checked for prompts, files, licence,
 * version and memory before it is taken; opened is none.
 * @throws RotokitError ENGINE_UNAVAILABLE for a name that is not known and where none can be used; MEMORY_LIMIT, INFERENCE_MISSING for the only one that was asked
 * for; ENGINE_PROMPT_UNSUPPORTED when a kind of prompt is beyond all of them. RangeError for a policy that is none.
 */
export async function chooseEngine(
  names: string,
  kinds: readonly PromptKind[],
  wishes: EngineWishes = {},
): Promise<ChosenEngine> {
  if (wishes.policy !== undefined) parsePolicy(wishes.policy);
  const asked = candidatesFor(names);
  const tried: TriedEngine[] = [];
  let last: RotokitError | undefined;
  const able = asked.filter((c) => kinds.every((k) => c.accepts.includes(k)));
  if (!able.length) throw unsupported(asked, kinds);
  for (const candidate of asked) {
    const foreign = kinds.find((k) => !candidate.accepts.includes(k));
    // With `auto`, engines that only understand something else are not worth a word.
    if (names === 'auto' && !candidate.accepts.includes('point') && !kinds.includes('text')) continue;
    if (foreign) {
      tried.push({ name: candidate.name, reason: `it does not understand ${foreign} prompts` });
      continue;
    }
    const found = await candidate.assess(wishes);
    if (found.kind === 'ready')
      return { engine: found.open(), reason: reasonFor(names, candidate, asked.length), tried };
    last = found.error;
    tried.push({ name: candidate.name, reason: (last.facts.reason as string) ?? last.message });
  }
  if (asked.length === 1 && last) throw last;
  const reason = tried
    .filter((t) => able.some((c) => c.name === t.name))
    .map((t) => `${t.name}: ${t.reason}`)
    .join('; ');
  throw new RotokitError('ENGINE_UNAVAILABLE', { engine: names, reason }, last);
}

function candidatesFor(names: string): readonly Candidate[] {
  if (names === 'auto') return CANDIDATES;
  return names.split(',').map((name) => {
    const found = CANDIDATES.find((c) => c.name === name.trim());
    if (found) return found;
    const reason = `this version has ${ENGINE_NAMES.join(', ')}`;
    throw new RotokitError('ENGINE_UNAVAILABLE', { engine: name.trim(), reason });
  });
}

function unsupported(asked: readonly Candidate[], kinds: readonly PromptKind[]): RotokitError {
  const first = asked.at(-1) as Candidate;
  const kind = kinds.find((k) => !first.accepts.includes(k)) ?? kinds[0];
  return new RotokitError('ENGINE_PROMPT_UNSUPPORTED', {
    ...{ engine: first.name, kind },
    alternative: first.accepts.join(', '),
  });
}

function reasonFor(names: string, { name, merit }: Candidate, asked: number): string {
  if (names === 'auto') return `${name}: the best engine installed; ${merit}`;
  return asked > 1 ? `${name}: the first of ${names} that can be used` : `${name}: as asked`;
}

/** What was tried as lines for people; models that are not installed share one, and with `auto` none. */
export function triedLines(names: string, tried: readonly TriedEngine[]): readonly string[] {
  const absent = tried.filter((t) => t.reason.includes('are not here'));
  const others = tried.filter((t) => !absent.includes(t)).map((t) => `${t.name} was not taken: ${t.reason}`);
  if (names === 'auto' || !absent.length) return others;
  return [...others, `not here: ${absent.map((t) => t.name).join(', ')}; see \`rotokit models list\``];
}

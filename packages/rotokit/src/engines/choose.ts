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
  const asked = candidatesFor(names, [...(wishes.own ?? []), ...CANDIDATES]);
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
    tried.push({ name: candidate.name, reason: whyRefused(last) });
  }
  if (asked.length === 1 && last) throw last;
  const reason = tried
    .filter((t) => able.some((c) => c.name === t.name))
    .map((t) => `${t.name}: ${t.reason}`)
    .join('; ');
  throw new RotokitError('ENGINE_UNAVAILABLE', { engine: names, reason }, last);
}

/** An engine that could be chosen: what it understands, what can be chosen about it, and why it cannot be used now where it cannot. */
export interface EngineCard {
  readonly name: string;
  readonly merit: string;
  readonly accepts: readonly PromptKind[];
  readonly takes: readonly ('profile' | 'policy')[];
  /** Undefined where it can be used. */
  readonly refused?: string;
}

/** Every engine of this version with what stands against it here and now, best first. Nothing is opened. */
export function listEngines(wishes: EngineWishes = {}): Promise<readonly EngineCard[]> {
  return Promise.all(
    [...(wishes.own ?? []), ...CANDIDATES].map(async ({ name, merit, accepts, takes = [], assess }) => {
      const found = await assess(wishes);
      const card = { name, merit, accepts, takes };
      return found.kind === 'ready' ? card : { ...card, refused: whyRefused(found.error) };
    }),
  );
}

const whyRefused = (error: RotokitError): string => (error.facts.reason as string | undefined) ?? error.message;

function candidatesFor(names: string, all: readonly Candidate[]): readonly Candidate[] {
  if (names === 'auto') return all;
  return names.split(',').map((name) => {
    const found = all.find((c) => c.name === name.trim());
    if (found) return found;
    const reason = `this version has ${all.map((c) => c.name).join(', ')}`;
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

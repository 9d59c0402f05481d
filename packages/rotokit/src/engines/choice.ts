import type { Json } from '@rotokit/core/values';

/** Which engine follows something, and how: what a project keeps for itself (settings) and for single objects. */
export interface EngineChoice {
  /** A name, a list of which the first that can be used is taken, or `auto`. */
  readonly engine: string;
  /** Of the embedded engine. */
  readonly profile?: 'full' | 'fast' | undefined;
  /** Of SAM 2.1 and EdgeTAM: name and thresholds, `samurai,motionWeight=0.15`. */
  readonly policy?: string | undefined;
  /** Threads beside the main one. */
  readonly threads?: number | undefined;
}

/** A choice as a project keeps it; undefined where there is none, or nothing that can be read as one. */
export function engineChoiceOf(kept: Json | undefined): EngineChoice | undefined {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return undefined;
  const { engine, profile, policy, threads } = kept as Readonly<Record<string, Json>>;
  if (typeof engine !== 'string' || !engine) return undefined;
  return {
    engine,
    ...(profile === 'full' || profile === 'fast' ? { profile } : {}),
    ...(typeof policy === 'string' && policy ? { policy } : {}),
    ...(typeof threads === 'number' ? { threads } : {}),
  };
}

/** Equal for choices that say the same. */
export const choiceKey = ({ engine, profile = 'full', policy = '', threads }: EngineChoice): string =>
  JSON.stringify([engine, profile, policy, threads ?? null]);

/** A choice in words, for the history: `sam2.1-tiny, samurai`. */
export const choiceLabel = ({ engine, profile, policy }: EngineChoice): string =>
  [engine, profile, policy].filter(Boolean).join(', ');

import type { ModelCard, ModelFile } from '@rotokit/core/ports';
import type { Place } from '../disk/places.js';
import type { HttpSettings } from '../http/request.js';

/** How the hub is reached and how long it tries. */
export interface SourceSettings extends HttpSettings {
  /** Where repositories are: `https://huggingface.co`, or a mirror of it with the same paths. */
  readonly base: URL;
  /** For gated repositories; goes to `base` only. */
  readonly token?: string;
  /** How often in a row an attempt may bring nothing new. */
  readonly attempts: number;
  /** Milliseconds before the second attempt; each further one waits twice as long, up to 30 s. */
  readonly pause: number;
}

/** One file to bring. */
export interface Job {
  readonly card: ModelCard;
  readonly file: ModelFile;
  readonly place: Place;
  readonly source: SourceSettings;
  readonly signal: AbortSignal;
}

/** The address of a file: `BASE/REPOSITORY/resolve/REVISION/FILE`, as Hugging Face has it. */
export function addressOf({ card, file, source }: Job): URL {
  const base = source.base.href.replace(/\/+$/, '');
  return new URL(`${base}/${card.repository}/resolve/${card.revision}/${file.name}`);
}

/** The headers of every request: no compression, so that lengths mean what they say. */
export function headersOf({ source }: Job): Record<string, string> {
  const token = source.token === undefined ? {} : { authorization: `Bearer ${source.token}` };
  return { 'accept-encoding': 'identity', 'user-agent': 'rotokit', ...token };
}

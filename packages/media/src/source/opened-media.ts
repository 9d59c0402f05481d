import type { MediaFacts } from '../media-facts.js';
import type { MediaSource } from './media-source.js';
import type { NativeFrames } from './native-frames.js';

/** A clip that is open, with everything known of it. Closing the source closes all of it. */
export interface OpenedMedia {
  readonly source: MediaSource;
  /** The decoder's own frames, for whoever needs no pictures. */
  readonly native: NativeFrames;
  readonly facts: MediaFacts;
}

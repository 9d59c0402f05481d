import { type MaskPrompt, type Prompt, sourcePoint } from '../values/index.js';
import type { StoredPrompt } from './record-types.js';

/** What a prompt without a picture of its own says, from how it is stored and sent: points as `[x, y]` in source pixels. */
export function saidPrompt(p: Exclude<StoredPrompt, { kind: 'mask' }>): Exclude<Prompt, MaskPrompt> {
  switch (p.kind) {
    case 'point':
      return { kind: 'point', at: sourcePoint(...p.at), positive: p.positive };
    case 'box':
      return { kind: 'box', from: sourcePoint(...p.from), to: sourcePoint(...p.to) };
    case 'brush':
      return { kind: 'brush', path: p.path.map((at) => sourcePoint(...at)), radius: p.radius, positive: p.positive };
    case 'text':
      return { kind: 'text', text: p.text };
  }
}

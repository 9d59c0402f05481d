import type { ClipInfo } from '@rotokit/core/ports';
import type { MediaFacts } from '../media-facts.js';
import type { Geometry } from '../picture/geometry.js';

/** CICP transfer characteristics of high dynamic range: SMPTE ST 2084 (PQ) and HLG. */
const HDR: Readonly<Record<number, string>> = { 16: 'PQ', 18: 'HLG' };

/** What a user should know about a clip before working with it, one sentence each. */
export function notices(
  info: Omit<ClipInfo, 'notices'>,
  facts: Omit<MediaFacts, 'info'>,
  shape: Geometry,
  missing: readonly (readonly [from: number, to: number])[],
): string[] {
  const said: string[] = [];
  if (facts.interlaced) said.push('interlaced: frames are read with both fields; deinterlace it first for clean edges');
  if (!facts.constantRate) said.push('variable frame rate: frames are counted, not timed');
  if (facts.countedBy === 'decoding') said.push(countedByDecoding(info, facts));
  else if (facts.countedBy === 'packets' && facts.claimedFrames && facts.claimedFrames > info.frames) {
    said.push(`the file's table lists ${facts.claimedFrames} frames, ${info.frames} can be read`);
  }
  if (missing.length) said.push(`no files for ${ranges(missing)}`);
  if (shape.orientation.oblique)
    said.push(`turned by ${shape.orientation.degrees} degrees: only quarter turns are applied`);
  const hdr = HDR[info.colour.transfer];
  if (hdr) said.push(`high dynamic range (${hdr}): pictures are shown without tone mapping`);
  return said;
}

function countedByDecoding(info: Omit<ClipInfo, 'notices'>, facts: Omit<MediaFacts, 'info'>): string {
  const claimed = facts.claimedFrames;
  const differs = claimed && claimed !== info.frames ? ` (the file's table says ${claimed})` : '';
  return `frames were counted by decoding: ${info.frames}${differs}`;
}

/** Frame numbers as people list them: `1003, 1010-1012`. Long lists end in how many ranges more. */
export function ranges(list: readonly (readonly [from: number, to: number])[]): string {
  const shown = list.slice(0, 8).map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`));
  return shown.join(', ') + (list.length > 8 ? ` and ${list.length - 8} more ranges` : '');
}

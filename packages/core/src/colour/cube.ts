import { RotokitError } from '../values/index.js';
import type { Triple } from './matrix.js';

/**
 * A look-up table of a `.cube` file (Adobe Cube LUT Specification 1.0). One-dimensional: `size` entries for each channel. Three-dimensional: `size`³
 * entries, red fastest. Entries are red, green, blue one after another.
 */
export interface CubeLut {
  readonly title: string;
  readonly dimensions: 1 | 3;
  readonly size: number;
  readonly domainMin: Triple;
  readonly domainMax: Triple;
  readonly table: Float32Array;
}

/** The largest tables the specification allows. */
const MOST = { 1: 65536, 3: 256 } as const;

/**
 * Reads a `.cube` file. Allocates 12 bytes for each entry at most, 201 MB for the largest table, and only where the text has as many lines.
 * @throws RotokitError LUT_UNREADABLE.
 */
export function parseCube(text: string, name = 'LUT'): CubeLut {
  const refuse = (reason: string): never => {
    throw new RotokitError('LUT_UNREADABLE', { path: name, reason });
  };
  let [title, dimensions, size] = ['', 0, 0];
  const domain: Record<string, Triple> = { DOMAIN_MIN: [0, 0, 0], DOMAIN_MAX: [1, 1, 1] };
  const rows: number[] = [];
  for (const line of text.split(/\r?\n|\r/)) {
    const words = line.trim().split(/\s+/);
    const [key, ...rest] = words;
    if (key === '' || key.startsWith('#')) continue;
    if (/^[-+.\d]/.test(key)) {
      rows.push(...triple(words, line, refuse));
      continue;
    }
    if (key === 'TITLE') title = /"(.*)"/.exec(line)?.[1] ?? rest.join(' ');
    else if (key === 'LUT_1D_SIZE' || key === 'LUT_3D_SIZE') {
      if (dimensions) refuse('it has two sizes');
      dimensions = key === 'LUT_1D_SIZE' ? 1 : 3;
      size = Number(rest[0]);
      if (!Number.isInteger(size) || size < 2 || size > MOST[dimensions as 1 | 3]) refuse(`a size of ${rest[0]}`);
    } else if (key in domain) domain[key] = triple(rest, line, refuse);
    else if (key === 'LUT_3D_INPUT_RANGE' || key === 'LUT_1D_INPUT_RANGE') {
      const [low, high] = rest.map(Number);
      domain.DOMAIN_MIN = triple([low, low, low].map(String), line, refuse);
      domain.DOMAIN_MAX = triple([high, high, high].map(String), line, refuse);
    } else refuse(`it has the unknown line ${JSON.stringify(line.slice(0, 60))}`);
  }
  if (dimensions !== 1 && dimensions !== 3) return refuse('it has no size');
  const entries = size ** dimensions;
  if (rows.length !== 3 * entries) refuse(`it has ${rows.length / 3} entries, not ${entries}`);
  const { DOMAIN_MIN: domainMin, DOMAIN_MAX: domainMax } = domain;
  if (domainMin.some((v, i) => !(v < domainMax[i]))) refuse('its domain is empty');
  return { title, dimensions, size, domainMin, domainMax, table: Float32Array.from(rows) };
}

function triple(words: readonly string[], line: string, refuse: (reason: string) => never): Triple {
  const numbers = words.map(Number);
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) refuse(`no three numbers: ${line.slice(0, 60)}`);
  return numbers as unknown as Triple;
}

/** A colour through a table: clamped to the domain, linear between entries, in three dimensions tetrahedral. */
export function applyCube(lut: CubeLut, rgb: Triple): Triple {
  const last = lut.size - 1;
  const at = (v: number, c: 0 | 1 | 2) => {
    const share = (v - lut.domainMin[c]) / (lut.domainMax[c] - lut.domainMin[c]);
    return last * Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share));
  };
  const place = [at(rgb[0], 0), at(rgb[1], 1), at(rgb[2], 2)] as const;
  if (lut.dimensions === 3) return tetrahedral(lut, place);
  return place.map((p, c) => {
    const i = Math.min(last - 1, Math.floor(p));
    const [a, b] = [lut.table[3 * i + c], lut.table[3 * i + 3 + c]];
    return a + (b - a) * (p - i);
  }) as unknown as Triple;
}

/** Each cell is cut into six tetrahedra along its grey diagonal: four entries decide, and neutrals stay neutral. */
function tetrahedral({ size, table }: CubeLut, place: Triple): Triple {
  const base = place.map((p) => Math.min(size - 2, Math.floor(p))) as unknown as Triple;
  const rest = place.map((p, i) => p - base[i]) as unknown as Triple;
  const steps = [3, 3 * size, 3 * size * size];
  const order = [0, 1, 2].sort((a, b) => rest[b] - rest[a]);
  let at = base[0] * steps[0] + base[1] * steps[1] + base[2] * steps[2];
  const out = [table[at], table[at + 1], table[at + 2]];
  for (const axis of order) {
    const next = at + steps[axis];
    for (let c = 0; c < 3; c++) out[c] += rest[axis] * (table[next + c] - table[at + c]);
    at = next;
  }
  return out as unknown as Triple;
}

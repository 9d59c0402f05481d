import type { FrameIndex } from '../../values/index.js';
import type { Contour } from './contour.js';
import type { Loop } from './loop.js';

/** An island or a hole on one frame. */
export interface RegionOnFrame {
  readonly frame: FrameIndex;
  readonly loop: Loop;
  /** Width of the soft edge beyond a hard one at each sample of the loop, in pixels. */
  readonly softness: Float32Array;
}

/** One island or hole through time. Frames between may be missing. */
export interface Region {
  /** Counted from 1 in the order of appearance. */
  readonly id: number;
  readonly hole: boolean;
  readonly on: RegionOnFrame[];
}

/**
 * What happened to the regions of an object between two frames. `split`: a new region came out of `of`, which goes on as
 * the larger piece. `merge`: the region ended because it became part of `into`. `changed`: the region `of` became
 * something so different that points cannot be carried on, and goes on as the new region.
 */
export type RegionEvent =
  | { readonly frame: FrameIndex; readonly kind: 'appeared' | 'vanished' | 'returned'; readonly region: number }
  | { readonly frame: FrameIndex; readonly kind: 'split' | 'changed'; readonly region: number; readonly of: number }
  | { readonly frame: FrameIndex; readonly kind: 'merge'; readonly region: number; readonly into: number };

/** Frames a region may be away and still be taken for the same. */
const AWAY = 6;
/** Overlap of areas, moved onto one another, below which a region is not the same any more. */
const SAME = 0.25;
/** A new region of which this share lay in another one came out of it. */
const PART = 0.5;

interface Held {
  readonly region: Region;
  spans: Spans;
  last: FrameIndex;
  vx: number;
  vy: number;
}

/** Keeps islands and holes apart and the same through time. */
export class RegionTable {
  readonly regions: Region[] = [];
  readonly events: RegionEvent[] = [];
  #held: Held[] = [];
  #started = false;

  /** Takes the regions of the next frame, matched with those before by how much they overlap. */
  add(frame: FrameIndex, found: readonly (Omit<RegionOnFrame, 'frame'> & { readonly contour: Contour })[]): void {
    const fresh = found.map((f) => ({ ...f, spans: spansOf(f.contour) }));
    const pairs: { readonly h: Held; readonly i: number; readonly score: number }[] = [];
    for (const h of this.#held) {
      if (frame - h.last > AWAY) continue;
      const away = frame - h.last;
      fresh.forEach((f, i) => {
        if (f.contour.area < 0 !== h.region.hole) return;
        const score = Math.max(likeness(h.spans, f.spans, h.vx * away, h.vy * away), byMiddle(h.spans, f.spans));
        if (score >= SAME) pairs.push({ h, i, score });
      });
    }
    pairs.sort((a, b) => b.score * size(b) - a.score * size(a));
    const taken = new Set<Held>();
    const given = new Map<number, Held>();
    for (const { h, i } of pairs) {
      if (taken.has(h) || given.has(i)) continue;
      taken.add(h);
      given.set(i, h);
    }
    const ended = this.#held.filter((h) => !taken.has(h) && h.last === frame - 1);
    const before = this.#held.filter((h) => h.last >= frame - 1).map((h) => ({ region: h.region, spans: h.spans }));
    fresh.forEach((f, i) => {
      const h = given.get(i);
      if (h) this.#goOn(h, frame, f);
      else this.#begin(frame, f, before, ended);
    });
    for (const h of ended) this.#end(h, frame, fresh, given);
    this.#held = this.#held.filter((h) => frame - h.last <= AWAY);
    this.#started = true;
  }

  #goOn(h: Held, frame: FrameIndex, f: Fresh): void {
    if (frame - h.last > 1) this.events.push({ frame, kind: 'returned', region: h.region.id });
    const away = frame - h.last;
    h.vx = (f.spans.mx - h.spans.mx) / away;
    h.vy = (f.spans.my - h.spans.my) / away;
    h.spans = f.spans;
    h.last = frame;
    h.region.on.push({ frame, loop: f.loop, softness: f.softness });
  }

  #begin(frame: FrameIndex, f: Fresh, before: readonly Known[], ended: readonly Held[]): void {
    const region: Region = {
      id: this.regions.length + 1,
      hole: f.contour.area < 0,
      on: [{ frame, loop: f.loop, softness: f.softness }],
    };
    this.regions.push(region);
    this.#held.push({ region, spans: f.spans, last: frame, vx: 0, vy: 0 });
    if (!this.#started) return;
    const origin = largestOverlap(
      f.spans,
      before.filter((b) => b.region.hole === region.hole),
    );
    if (!origin || origin.shared < PART * f.spans.area)
      this.events.push({ frame, kind: 'appeared', region: region.id });
    else {
      const kind = ended.some((h) => h.region === origin.known.region) ? 'changed' : 'split';
      this.events.push({ frame, kind, region: region.id, of: origin.known.region.id });
    }
  }

  #end(h: Held, frame: FrameIndex, fresh: readonly Fresh[], given: ReadonlyMap<number, Held>): void {
    const region = h.region.id;
    const now = fresh.flatMap((f, i) => {
      const to = given.get(i);
      return to && to.region.hole === h.region.hole ? [{ region: to.region, spans: f.spans }] : [];
    });
    const into = largestOverlap(h.spans, now);
    if (into && into.shared >= PART * h.spans.area)
      this.events.push({ frame, kind: 'merge', region, into: into.known.region.id });
    else this.events.push({ frame, kind: 'vanished', region });
  }
}

interface Known {
  readonly region: Region;
  readonly spans: Spans;
}
interface Fresh extends Omit<RegionOnFrame, 'frame'> {
  readonly contour: Contour;
  readonly spans: Spans;
}

const size = ({ h }: { readonly h: Held }) => Math.sqrt(h.spans.area);

/** The inside of a contour as runs of pixels by row: `[from, to, from, to, ...]`, and its middle. */
interface Spans {
  readonly top: number;
  readonly rows: readonly (readonly number[])[];
  readonly area: number;
  readonly mx: number;
  readonly my: number;
}

function spansOf({ xy }: Contour): Spans {
  let [top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 1; k < xy.length; k += 2) {
    top = Math.min(top, xy[k]);
    bottom = Math.max(bottom, xy[k]);
  }
  const first = Math.floor(top);
  const rows: number[][] = Array.from({ length: Math.max(1, Math.ceil(bottom) - first) }, () => []);
  for (let k = 0; k < xy.length; k += 2) {
    const j = k + 2 < xy.length ? k + 2 : 0;
    const [ax, ay, bx, by] = [xy[k], xy[k + 1] - first, xy[j], xy[j + 1] - first];
    const hi = Math.max(ay, by);
    for (let r = Math.max(0, Math.ceil(Math.min(ay, by) - 0.5)); r + 0.5 < hi && r < rows.length; r++)
      rows[r].push(ax + ((bx - ax) * (r + 0.5 - ay)) / (by - ay));
  }
  let [area, sx, sy] = [0, 0, 0];
  rows.forEach((row, r) => {
    row.sort((a, b) => a - b);
    for (let i = 0; i + 1 < row.length; i += 2) {
      const length = row[i + 1] - row[i];
      area += length;
      sx += (length * (row[i + 1] + row[i])) / 2;
      sy += length * (first + r + 0.5);
    }
  });
  return { top: first, rows, area: area || 1e-6, mx: area ? sx / area : xy[0], my: area ? sy / area : xy[1] };
}

/** Shared area when the first is moved by a whole number of rows and any number of columns. */
function shared(a: Spans, b: Spans, dx = 0, dy = 0): number {
  const down = Math.round(dy);
  let sum = 0;
  a.rows.forEach((row, r) => {
    const other = b.rows[a.top + r + down - b.top];
    if (!other) return;
    for (let i = 0, j = 0; i + 1 < row.length && j + 1 < other.length; ) {
      const [lo, hi] = [Math.max(row[i] + dx, other[j]), Math.min(row[i + 1] + dx, other[j + 1])];
      if (hi > lo) sum += hi - lo;
      if (row[i + 1] + dx < other[j + 1]) i += 2;
      else j += 2;
    }
  });
  return sum;
}

/** Shared area over joint area, where it was or where its motion should have brought it, whichever is better. */
function likeness(a: Spans, b: Spans, dx: number, dy: number): number {
  const common = Math.max(shared(a, b), shared(a, b, dx, dy));
  return common / (a.area + b.area - common);
}

/** For what moves by more than its own size between frames: likeness of the areas laid upon one another, if near. */
function byMiddle(a: Spans, b: Spans): number {
  const [dx, dy] = [b.mx - a.mx, b.my - a.my];
  if (Math.hypot(dx, dy) > 1.5 * Math.sqrt(Math.max(a.area, b.area))) return 0;
  const common = shared(a, b, dx, dy);
  return (0.6 * common) / (a.area + b.area - common);
}

function largestOverlap(spans: Spans, known: readonly Known[]) {
  let best: { readonly known: Known; readonly shared: number } | undefined;
  for (const k of known) {
    const s = shared(spans, k.spans);
    if (s > 0 && (!best || s > best.shared)) best = { known: k, shared: s };
  }
  return best;
}

// Minimum cut of a band by the two-tree algorithm of Boykov & Kolmogorov (PAMI 2004): the same steps in the same order
// as primitives/max-flow.ts, so the labels are the same to the last pixel. Only the pixels of the band become nodes, in
// raster order, each one record with the addresses of its neighbours, so that memory grows with the band and not with
// the picture. Neighbours that take no part are one common record, `nobody`.

// A record. The arcs' capacities come first, then the neighbours' addresses, both indexed by direction.
const NEIGHBOUR: usize = 32;
const TERMINAL: usize = 64; // f32, positive from the source, negative to the sink
const STAMP: usize = 68;
const DEPTH: usize = 72;
const TREE: usize = 76;
const PARENT: usize = 77;
const WAITING: usize = 78;
const RECORD: usize = 80;

const FREE: u8 = 0, SOURCE: u8 = 1, SINK: u8 = 2, ABSENT: u8 = 3;
// Parents below 8 are directions.
const TO_TERMINAL: u8 = 8, ORPHAN: u8 = 9, NONE: u8 = 10;
const EPSILON: f32 = 1e-6;
const LEAST_PAIR: f64 = 0.03;
const DIAGONAL: f64 = 0.7071067811865476;

let nobody: usize = 0;
let nodes: usize = 0; // first record
let end: usize = 0; // behind the last
let queue: usize = 0, queueEnd: usize = 0, head: usize = 0, tail: usize = 0; // ring of waiting nodes
let orphans: usize = 0, orphanTop: usize = 0; // stack
let time: i32 = 0;

// @ts-ignore: decorator
@inline function neighbour(p: usize, d: usize): usize { return load<u32>(p + (d << 2), NEIGHBOUR); }
// @ts-ignore: decorator
@inline function capacity(p: usize, d: usize): f32 { return load<f32>(p + (d << 2)); }
// @ts-ignore: decorator
@inline function parentOf(p: usize): u8 { return load<u8>(p, PARENT); }
// @ts-ignore: decorator
@inline function treeOf(p: usize): u8 { return load<u8>(p, TREE); }

// ---- setting the problem

/** 1 / (2 mean squared colour difference of neighbours), at every second pixel. */
function edgeScale(lab: usize, w: i32, h: i32): f64 {
  let sum: f64 = 0, count = 0;
  const row = <usize>w * 12;
  for (let y = 0; y < h - 1; y += 2) {
    let p = lab + row * <usize>y;
    for (let x = 0; x < w - 1; x += 2, p += 24) {
      for (let c: usize = 0; c < 12; c += 4) {
        const v = <f64>load<f32>(p + c), a = v - <f64>load<f32>(p + c, 12), b = v - <f64>load<f32>(p + c + row);
        sum += a * a + b * b;
      }
      count += 2;
    }
  }
  return count > 0 && sum > 0 ? <f64>count / (2 * sum) : 0.01;
}

// @ts-ignore: decorator
@inline function weigh(lab: usize, other: usize, beta: f64, scale: f64): f64 {
  const a = <f64>load<f32>(lab) - <f64>load<f32>(other), b = <f64>load<f32>(lab, 4) - <f64>load<f32>(other, 4);
  const c = <f64>load<f32>(lab, 8) - <f64>load<f32>(other, 8);
  return scale * (LEAST_PAIR + Math.exp(-beta * (a * a + b * b + c * c)));
}

// Bytes per pixel of the map from pixels to records.
const CELL: usize = 4;

// Makes the records and their pull to the terminals. `map`: (w + 2) x (h + 2) addresses, zero outside the band.
function makeNodes(w: i32, h: i32, probability: usize, band: usize, clip: f64, map: usize): void {
  const stride = <usize>(w + 2) * CELL;
  memory.fill(map, 0, stride * <usize>(h + 2));
  let node = nodes, k: usize = 0;
  for (let y = 0; y < h; y++) {
    let m = map + stride * <usize>(y + 1) + CELL;
    for (let x = 0; x < w; x++, k++, m += CELL) {
      if (!load<u8>(band + k)) continue;
      store<u32>(m, <u32>node);
      memory.fill(node, 0, RECORD);
      store<u8>(node, NONE, PARENT);
      const p = min(1 - clip, max(clip, <f64>load<f32>(probability + (k << 2))));
      store<f32>(node, <f32>Math.log(p / (1 - p)), TERMINAL);
      node += RECORD;
    }
  }
  end = node;
}

// Adds a fixed neighbour's pull to a node: towards its label.
// @ts-ignore: decorator
@inline function pull(node: usize, weight: f64, label: u8): void {
  store<f32>(node, <f32>(<f64>load<f32>(node, TERMINAL) + (label ? weight : -weight)), TERMINAL);
}

// The pairs of one direction d (even) and its opposite around a node: towards +step it sets arcs or takes a pull, from
// -step only a pull (the arc of that pair belongs to the other node). `ahead` says which comes first in raster order.
// @ts-ignore: decorator
@inline function pairs(node: usize, d: usize, cell: usize, step: isize, px: usize, stepPx: isize, lab: usize, fixed: usize,
  beta: f64, scale: f64, hasNext: bool, hasLast: bool, ahead: bool): void {
  const own = lab + px * 12;
  const next = hasNext ? <usize>load<u32>(cell + step * <isize>CELL) : 0, last = hasLast ? <usize>load<u32>(cell - step * <isize>CELL) : 0;
  store<u32>(node + (d << 2), <u32>(next ? next : nobody), NEIGHBOUR);
  store<u32>(node + ((d ^ 1) << 2), <u32>(last ? last : nobody), NEIGHBOUR);
  if (ahead && hasLast && !last) pull(node, weigh(own, own - stepPx * 12, beta, scale), load<u8>(fixed + px - stepPx));
  if (hasNext) {
    const weight = weigh(own, own + stepPx * 12, beta, scale);
    if (next) {
      store<f32>(node + (d << 2), <f32>weight);
      store<f32>(next + ((d ^ 1) << 2), <f32>weight);
    } else pull(node, weight, load<u8>(fixed + px + stepPx));
  }
  if (!ahead && hasLast && !last) pull(node, weigh(own, own - stepPx * 12, beta, scale), load<u8>(fixed + px - stepPx));
}

function makePairs(w: i32, h: i32, lab: usize, fixed: usize, lambda: f64, beta: f64, map: usize): void {
  const stride = <isize>(w + 2), diagonal = lambda * DIAGONAL;
  for (let y = 0, k: usize = 0; y < h; y++) {
    let cell = map + (<usize>stride * <usize>(y + 1) + 1) * CELL;
    const below = y < h - 1, above = y > 0;
    for (let x = 0; x < w; x++, k++, cell += CELL) {
      const node = <usize>load<u32>(cell);
      if (!node) continue;
      const right = x < w - 1, left = x > 0;
      pairs(node, 0, cell, 1, k, 1, lab, fixed, beta, lambda, right, left, true);
      pairs(node, 2, cell, stride, k, w, lab, fixed, beta, lambda, below, above, true);
      pairs(node, 4, cell, stride + 1, k, <isize>w + 1, lab, fixed, beta, diagonal, right && below, left && above, true);
      pairs(node, 6, cell, 1 - stride, k, 1 - <isize>w, lab, fixed, beta, diagonal, right && above, left && below, false);
    }
  }
}

// ---- solving it

// First in, first out, which keeps paths short.
function activate(p: usize): void {
  if (load<u8>(p, WAITING)) return;
  store<u8>(p, 1, WAITING);
  store<u32>(tail, <u32>p);
  tail += 4;
  if (tail == queueEnd) tail = queue;
}

function nextWaiting(): usize {
  while (head != tail) {
    const p = <usize>load<u32>(head);
    head += 4;
    if (head == queueEnd) head = queue;
    store<u8>(p, 0, WAITING);
    if (treeOf(p) != FREE) return p;
  }
  return 0;
}

// Takes free neighbours into the tree of p; the direction in which the other tree was met, or -1.
function grow(p: usize): isize {
  const own = treeOf(p), fromSource = own == SOURCE;
  for (let d: usize = 0; d < 8; d++) {
    const r = neighbour(p, d), other = treeOf(r);
    if (other == ABSENT) continue;
    if ((fromSource ? capacity(p, d) : capacity(r, d ^ 1)) <= EPSILON) continue;
    if (other == FREE) {
      store<u8>(r, own, TREE);
      store<u8>(r, <u8>(d ^ 1), PARENT);
      store<i32>(r, load<i32>(p, STAMP), STAMP);
      store<i32>(r, load<i32>(p, DEPTH) + 1, DEPTH);
      activate(r);
    } else if (other != own) {
      return <isize>d;
    } else if (load<i32>(r, STAMP) <= load<i32>(p, STAMP) && load<i32>(r, DEPTH) > load<i32>(p, DEPTH) && parentOf(r) < TO_TERMINAL) {
      store<u8>(r, <u8>(d ^ 1), PARENT);
      store<i32>(r, load<i32>(p, STAMP), STAMP);
      store<i32>(r, load<i32>(p, DEPTH) + 1, DEPTH);
    }
  }
  return -1;
}

function orphan(p: usize): void {
  store<u8>(p, ORPHAN, PARENT);
  store<u32>(orphanTop, <u32>p);
  orphanTop += 4;
}

// Subtracts from a capacity; whether it is full now. Compared before rounding, as the twin does.
// @ts-ignore: decorator
@inline function spend(at: usize, flow: f32): bool {
  const rest = <f64>load<f32>(at) - <f64>flow;
  store<f32>(at, <f32>rest);
  return rest <= 1e-6;
}

// Pushes what the path through this meeting of the trees carries; nodes whose arc to the parent fills are orphans.
function augment(p: usize, arc: usize): void {
  const fromSource = treeOf(p) == SOURCE, q = neighbour(p, arc);
  const s = fromSource ? p : q, t = fromSource ? q : p, across = fromSource ? arc : arc ^ 1;
  let flow = capacity(s, across), x = s, a = parentOf(x);
  for (; a != TO_TERMINAL; a = parentOf(x)) {
    x = neighbour(x, a);
    const c = capacity(x, <usize>a ^ 1);
    if (c < flow) flow = c;
  }
  flow = min(flow, load<f32>(x, TERMINAL));
  x = t;
  for (a = parentOf(x); a != TO_TERMINAL; a = parentOf(x)) {
    const c = capacity(x, a);
    if (c < flow) flow = c;
    x = neighbour(x, a);
  }
  flow = min(flow, -load<f32>(x, TERMINAL));

  store<f32>(s + (across << 2), capacity(s, across) - flow);
  store<f32>(t + ((across ^ 1) << 2), capacity(t, across ^ 1) + flow);
  x = s;
  for (a = parentOf(x); a != TO_TERMINAL; a = parentOf(x)) {
    const d = <usize>a, y = neighbour(x, d);
    store<f32>(x + (d << 2), capacity(x, d) + flow);
    if (spend(y + ((d ^ 1) << 2), flow)) orphan(x);
    x = y;
  }
  if (spend(x + TERMINAL, flow)) {
    store<f32>(x, 0, TERMINAL);
    orphan(x);
  }
  x = t;
  for (a = parentOf(x); a != TO_TERMINAL; a = parentOf(x)) {
    const d = <usize>a, y = neighbour(x, d);
    store<f32>(y + ((d ^ 1) << 2), capacity(y, d ^ 1) + flow);
    if (spend(x + (d << 2), flow)) orphan(x);
    x = y;
  }
  const rest = <f64>load<f32>(x, TERMINAL) + <f64>flow;
  store<f32>(x, <f32>rest, TERMINAL);
  if (rest >= -1e-6) {
    store<f32>(x, 0, TERMINAL);
    orphan(x);
  }
}

// Steps from a node to its terminal, or a huge number if its branch has come off; marks the way for later questions.
function distanceToTerminal(r: usize): i32 {
  const now = time;
  let x = r, steps = 0;
  while (load<i32>(x, STAMP) != now) {
    const a = parentOf(x);
    if (a >= TO_TERMINAL) {
      if (a != TO_TERMINAL) return i32.MAX_VALUE;
      store<i32>(x, now, STAMP);
      store<i32>(x, 1, DEPTH);
      break;
    }
    x = neighbour(x, a);
    steps++;
  }
  const distance = steps + load<i32>(x, DEPTH);
  x = r;
  for (let d = distance; load<i32>(x, STAMP) != now; x = neighbour(x, parentOf(x))) {
    store<i32>(x, now, STAMP);
    store<i32>(x, d--, DEPTH);
  }
  return distance;
}

function release(p: usize, own: u8): void {
  for (let d: usize = 0; d < 8; d++) {
    const r = neighbour(p, d);
    if (treeOf(r) != own) continue;
    if ((own == SOURCE ? capacity(r, d ^ 1) : capacity(p, d)) > EPSILON) activate(r);
    if (parentOf(r) == <u8>(d ^ 1)) orphan(r);
  }
  store<u8>(p, FREE, TREE);
  store<u8>(p, NONE, PARENT);
}

// Finds each orphan a parent in its own tree that still hangs from the terminal, or sets it free.
function adopt(): void {
  while (orphanTop > orphans) {
    orphanTop -= 4;
    const p = <usize>load<u32>(orphanTop), own = treeOf(p), fromSource = own == SOURCE;
    let best: isize = -1, nearest: i32 = i32.MAX_VALUE;
    for (let d: usize = 0; d < 8; d++) {
      const r = neighbour(p, d);
      if (treeOf(r) != own) continue;
      if ((fromSource ? capacity(r, d ^ 1) : capacity(p, d)) <= EPSILON) continue;
      const distance = distanceToTerminal(r);
      if (distance < nearest) {
        nearest = distance;
        best = <isize>d;
      }
    }
    if (best >= 0) {
      store<u8>(p, <u8>best, PARENT);
      store<i32>(p, time, STAMP);
      store<i32>(p, nearest + 1, DEPTH);
    } else release(p, own);
  }
}

function solve(): void {
  for (let p = nodes; p < end; p += RECORD) {
    const terminal = load<f32>(p, TERMINAL);
    if (terminal == 0) continue;
    store<u8>(p, terminal > 0 ? SOURCE : SINK, TREE);
    store<u8>(p, TO_TERMINAL, PARENT);
    store<i32>(p, 1, DEPTH);
    activate(p);
  }
  for (let p = nextWaiting(); p; ) {
    const arc = grow(p);
    if (arc >= 0) {
      time++;
      augment(p, <usize>arc);
      adopt();
    }
    // a node that met the other tree is looked at again: its remaining arcs have not been tried
    if (arc < 0 || treeOf(p) == FREE) p = nextWaiting();
  }
}

/** Bytes of scratch for a cut with `count` pixels in the band of a picture of w x h. */
export function cutBytes(w: i32, h: i32, count: i32): usize {
  return <usize>((w + 2) * (h + 2)) * CELL + <usize>(count + 1) * (RECORD + 8) + 64;
}

/** Cuts the band and writes the label (0 or 1) of every pixel of it to `labels`, which holds all other labels already. */
export function bandCut(lab: usize, w: i32, h: i32, probability: usize, band: usize, fixed: usize, lambda: f64, clip: f64,
  scale: f64, count: i32, scratch: usize, labels: usize): void {
  const map = scratch;
  nobody = (map + <usize>((w + 2) * (h + 2)) * CELL + 15) & ~15;
  memory.fill(nobody, 0, RECORD);
  store<u8>(nobody, ABSENT, TREE);
  nodes = nobody + RECORD;
  makeNodes(w, h, probability, band, clip, map);
  queue = end;
  queueEnd = queue + <usize>(count + 1) * 4;
  head = tail = queue;
  orphans = orphanTop = queueEnd;
  time = 0;
  makePairs(w, h, lab, fixed, lambda, scale > 0 ? scale : edgeScale(lab, w, h), map);
  solve();
  let node = nodes;
  for (let k: usize = 0, n = <usize>(w * h); k < n; k++) {
    if (!load<u8>(band + k)) continue;
    store<u8>(labels + k, treeOf(node) == SOURCE ? 1 : 0);
    node += RECORD;
  }
}

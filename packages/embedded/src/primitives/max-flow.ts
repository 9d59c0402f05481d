/**
 * Minimum cut on an 8-connected grid by the two-tree algorithm of Boykov & Kolmogorov (PAMI 2004). One instance keeps its
 * buffers between cuts: `begin`, then fill `capacity` and `terminal` and mark nodes `FREE`, then `solve`, then read
 * `tree`. The grid has a border of one node that never takes part, so that no step needs a bounds check.
 */

/** Tree of a node that takes part and has not been reached: it ends on the sink's side. */
export const FREE = 0;
/** Tree of a node on the source's side, the foreground. */
export const SOURCE = 1;
const SINK = 2;
/** Tree of a node that takes no part. */
const ABSENT = 3;

/** Parents: 0..7 = the arc towards the parent; a node joined to its terminal; one that lost its parent; none. */
const TERMINAL = 8;
const ORPHAN = 9;
const NONE = -1;
/** Capacity below which an arc counts as full. */
const EPSILON = 1e-6;

/** The eight directions; `d ^ 1` is the opposite of `d`. Even ones, taken from every node, name every pair once. */
export const DX: readonly number[] = [1, -1, 0, 0, 1, -1, 1, -1];
/** See `DX`. */
export const DY: readonly number[] = [0, 0, 1, -1, 1, -1, -1, 1];

/** A reusable solver. Node (x, y) has index (y + 1) * stride + x + 1. */
export class GridCut {
  /** Nodes per row, the border included. */
  stride = 0;
  /** Index step of each direction. */
  readonly offsets = new Int32Array(8);
  /** Remaining capacity from node to neighbour: index node * 8 + direction. */
  capacity = new Float32Array(0);
  /** Remaining capacity to the terminals: positive from the source, negative to the sink. */
  terminal = new Float32Array(0);
  /** What each node belongs to; see the constants. */
  tree = new Uint8Array(0);
  #nodes = 0;
  #parent = new Int8Array(0);
  #stamp = new Int32Array(0);
  #depth = new Int32Array(0);
  #waiting = new Uint8Array(0);
  #queue = new Int32Array(0);
  #orphans = new Int32Array(0);
  #head = 0;
  #tail = 0;
  #orphanCount = 0;
  #time = 0;

  /** Clears the grid for a picture of this size: no arcs, no node takes part. */
  begin(width: number, height: number): void {
    const n = (width + 2) * (height + 2);
    this.stride = width + 2;
    for (let d = 0; d < 8; d++) this.offsets[d] = DX[d] + DY[d] * this.stride;
    this.#nodes = n;
    if (this.tree.length < n) this.#allocate(n);
    this.capacity.fill(0, 0, n * 8);
    this.terminal.fill(0, 0, n);
    this.tree.fill(ABSENT, 0, n);
    this.#parent.fill(NONE, 0, n);
    this.#stamp.fill(0, 0, n);
    this.#waiting.fill(0, 0, n);
    this.#head = this.#tail = this.#orphanCount = this.#time = 0;
  }

  #allocate(n: number): void {
    this.capacity = new Float32Array(n * 8);
    this.terminal = new Float32Array(n);
    this.tree = new Uint8Array(n);
    this.#parent = new Int8Array(n);
    this.#stamp = new Int32Array(n);
    this.#depth = new Int32Array(n);
    this.#waiting = new Uint8Array(n);
    this.#queue = new Int32Array(n + 1);
    this.#orphans = new Int32Array(n);
  }

  /** Pushes flow until no path from source to sink is left; nodes of tree `SOURCE` are then the foreground. */
  solve(): void {
    for (let p = 0; p < this.#nodes; p++) {
      if (this.tree[p] !== FREE || this.terminal[p] === 0) continue;
      this.tree[p] = this.terminal[p] > 0 ? SOURCE : SINK;
      this.#parent[p] = TERMINAL;
      this.#depth[p] = 1;
      this.#activate(p);
    }
    for (let p = this.#next(); p >= 0; ) {
      const arc = this.#grow(p);
      if (arc >= 0) {
        this.#time++;
        this.#augment(p, arc);
        this.#adopt();
      }
      // A node that met the other tree is looked at again: its remaining arcs have not been tried.
      if (arc < 0 || this.tree[p] === FREE) p = this.#next();
    }
  }

  /** First in, first out, which keeps paths short. */
  #activate(p: number): void {
    if (this.#waiting[p]) return;
    this.#waiting[p] = 1;
    this.#queue[this.#tail] = p;
    this.#tail = this.#tail === this.#nodes ? 0 : this.#tail + 1;
  }

  #next(): number {
    while (this.#head !== this.#tail) {
      const p = this.#queue[this.#head];
      this.#head = this.#head === this.#nodes ? 0 : this.#head + 1;
      this.#waiting[p] = 0;
      if (this.tree[p] !== FREE) return p;
    }
    return -1;
  }

  /** Takes free neighbours into the tree of `p`; the direction in which the other tree was met, or -1. */
  #grow(p: number): number {
    const tree = this.tree;
    const capacity = this.capacity;
    const parent = this.#parent;
    const stamp = this.#stamp;
    const depth = this.#depth;
    const own = tree[p];
    for (let d = 0; d < 8; d++) {
      const r = p + this.offsets[d];
      const other = tree[r];
      if (other === ABSENT) continue;
      if ((own === SOURCE ? capacity[p * 8 + d] : capacity[r * 8 + (d ^ 1)]) <= EPSILON) continue;
      if (other === FREE) {
        tree[r] = own;
        parent[r] = d ^ 1;
        stamp[r] = stamp[p];
        depth[r] = depth[p] + 1;
        this.#activate(r);
      } else if (other !== own) {
        return d;
      } else if (stamp[r] <= stamp[p] && depth[r] > depth[p] && parent[r] < TERMINAL) {
        parent[r] = d ^ 1;
        stamp[r] = stamp[p];
        depth[r] = depth[p] + 1;
      }
    }
    return -1;
  }

  /** Pushes what the path through this meeting of the trees carries; nodes whose arc to the parent fills are orphans. */
  #augment(p: number, arc: number): void {
    const { capacity, terminal, offsets } = this;
    const parent = this.#parent;
    const fromSource = this.tree[p] === SOURCE;
    const s = fromSource ? p : p + offsets[arc];
    const t = fromSource ? p + offsets[arc] : p;
    const across = fromSource ? arc : arc ^ 1;
    let flow = capacity[s * 8 + across];
    let x = s;
    for (; parent[x] !== TERMINAL; x += offsets[parent[x]])
      flow = Math.min(flow, capacity[(x + offsets[parent[x]]) * 8 + (parent[x] ^ 1)]);
    flow = Math.min(flow, terminal[x]);
    for (x = t; parent[x] !== TERMINAL; x += offsets[parent[x]]) flow = Math.min(flow, capacity[x * 8 + parent[x]]);
    flow = Math.min(flow, -terminal[x]);

    capacity[s * 8 + across] -= flow;
    capacity[t * 8 + (across ^ 1)] += flow;
    for (x = s; parent[x] !== TERMINAL; ) {
      const a = parent[x];
      const y = x + offsets[a];
      capacity[x * 8 + a] += flow;
      if ((capacity[y * 8 + (a ^ 1)] -= flow) <= EPSILON) this.#orphan(x);
      x = y;
    }
    if ((terminal[x] -= flow) <= EPSILON) {
      terminal[x] = 0;
      this.#orphan(x);
    }
    for (x = t; parent[x] !== TERMINAL; ) {
      const a = parent[x];
      const y = x + offsets[a];
      capacity[y * 8 + (a ^ 1)] += flow;
      if ((capacity[x * 8 + a] -= flow) <= EPSILON) this.#orphan(x);
      x = y;
    }
    if ((terminal[x] += flow) >= -EPSILON) {
      terminal[x] = 0;
      this.#orphan(x);
    }
  }

  #orphan(p: number): void {
    this.#parent[p] = ORPHAN;
    this.#orphans[this.#orphanCount++] = p;
  }

  /** Finds each orphan a parent in its own tree that still hangs from the terminal, or sets it free. */
  #adopt(): void {
    const { tree, capacity, offsets } = this;
    while (this.#orphanCount > 0) {
      const p = this.#orphans[--this.#orphanCount];
      const own = tree[p];
      let best = -1;
      let nearest = 1e9;
      for (let d = 0; d < 8; d++) {
        const r = p + offsets[d];
        if (tree[r] !== own) continue;
        if ((own === SOURCE ? capacity[r * 8 + (d ^ 1)] : capacity[p * 8 + d]) <= EPSILON) continue;
        const distance = this.#distanceToTerminal(r);
        if (distance < nearest) {
          nearest = distance;
          best = d;
        }
      }
      if (best >= 0) {
        this.#parent[p] = best;
        this.#stamp[p] = this.#time;
        this.#depth[p] = nearest + 1;
      } else this.#release(p, own);
    }
  }

  /** Steps from a node to its terminal, or 1e9 if its branch has come off; marks the way for later questions. */
  #distanceToTerminal(r: number): number {
    const { offsets } = this;
    const parent = this.#parent;
    const stamp = this.#stamp;
    const depth = this.#depth;
    let x = r;
    let steps = 0;
    for (; stamp[x] !== this.#time; x += offsets[parent[x]], steps++) {
      const a = parent[x];
      if (a === TERMINAL) {
        stamp[x] = this.#time;
        depth[x] = 1;
        break;
      }
      if (a === ORPHAN || a === NONE) return 1e9;
    }
    const distance = steps + depth[x];
    for (x = r, steps = distance; stamp[x] !== this.#time; x += offsets[parent[x]]) {
      stamp[x] = this.#time;
      depth[x] = steps--;
    }
    return distance;
  }

  #release(p: number, own: number): void {
    const { tree, capacity, offsets } = this;
    const parent = this.#parent;
    for (let d = 0; d < 8; d++) {
      const r = p + offsets[d];
      if (tree[r] !== own) continue;
      if ((own === SOURCE ? capacity[r * 8 + (d ^ 1)] : capacity[p * 8 + d]) > EPSILON) this.#activate(r);
      if (parent[r] === (d ^ 1)) this.#orphan(r);
    }
    tree[p] = FREE;
    parent[p] = NONE;
  }
}

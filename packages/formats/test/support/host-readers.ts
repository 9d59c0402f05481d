/**
 * Readers of host files, written from the hosts' grammars (Lua tables, XML, Python literals, Lottie's JSON) and not from our
 * writers: each gives back shapes with keys in source pixels, y down, handles absolute, and frames as the host counts them.
 */
import type { Size } from '@rotokit/core/values';

/** A key; of a soft shape, the points of the outer side of its edge as well, or the width of the edge at each point. */
export interface ReadKey {
  readonly frame: number;
  readonly points: readonly (readonly number[])[];
  readonly outer?: readonly (readonly number[])[];
  readonly widths?: readonly number[];
}

/** A shape as a host file has it: points of six numbers (point, handle before, handle after) on each key. */
export interface ReadShape {
  readonly name: string;
  readonly add: boolean;
  readonly keys: readonly ReadKey[];
  /** Frames on which its visibility is set, and to what: 1 or 0. */
  readonly seen: readonly (readonly [number, number])[];
}

/** A value of a small language: texts, numbers, truth, and lists with names where they have some. */
type Value = string | number | boolean | Items;
interface Items {
  readonly call?: string;
  readonly list: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}
const items = (v: Value | undefined): Items => {
  if (typeof v !== 'object') throw new SyntaxError(`expected a table, got ${v}`);
  return v;
};

/** Words of Lua and Python: texts, numbers, names, marks; comments are left out. */
function wordsOf(source: string, comment: RegExp): string[] {
  const found = source
    .replace(comment, '')
    .match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|[^\s]/g);
  return found ?? [];
}

/** One value from the front of the words: Lua's `{ a, b = c, [1] = d }` and `name { ... }`, Python's `( )` and `[ ]`. */
function value(words: string[]): Value {
  const word = words.shift();
  if (word === undefined) throw new SyntaxError('the file ends too early');
  if (/^["']/.test(word))
    return word
      .slice(1, -1)
      .replace(/\\u([0-9a-f]{4})|\\(.)/g, (_, u, c) => (u ? String.fromCharCode(Number.parseInt(u, 16)) : c));
  if (/^-?\d/.test(word)) return Number(word);
  if (/^(true|false)$/i.test(word)) return word.toLowerCase() === 'true';
  if (/^[A-Za-z_]/.test(word)) {
    // `ordered() { ... }` and `Polyline { ... }` are tables with a maker.
    if (words[0] === '(') words.splice(0, 2);
    if (words[0] !== '{') throw new SyntaxError(`${word} stands alone`);
    return { ...items(value(words)), call: word };
  }
  const end = { '{': '}', '(': ')', '[': ']' }[word];
  if (!end) throw new SyntaxError(`unexpected ${word}`);
  const list: Value[] = [];
  const named = new Map<string, Value>();
  while (words[0] !== end) {
    const [a, b, c] = words as [string, string, string];
    if (end === '}' && b === '=' && /^[A-Za-z_]/.test(a)) {
      words.splice(0, 2);
      named.set(a, value(words));
    } else if (end === '}' && a === '[' && c === ']') {
      words.splice(0, 4);
      named.set(b, value(words));
    } else list.push(value(words));
    if (words[0] === ',') words.shift();
    else if (words[0] !== end) throw new SyntaxError(`expected , or ${end}, got ${words[0]}`);
  }
  words.shift();
  return { list, named };
}

const number = (v: Value | undefined): number => {
  if (typeof v !== 'number') throw new SyntaxError(`expected a number, got ${v}`);
  return v;
};

/** Fusion: PolylineMask tools, whose inputs name the splines that move and show them. */
export function readFusion(text: string, { width, height }: Size): readonly ReadShape[] {
  const tools = items(items(value(wordsOf(text, /--.*$/gm))).named.get('Tools')).named;
  const keysOf = (tool: string) =>
    [...items(items(tools.get(tool)).named.get('KeyFrames')).named].map(([f, k]) => [Number(f), items(k)] as const);
  return [...tools].flatMap(([name, tool]) => {
    if (items(tool).call !== 'PolylineMask') return [];
    const inputs = items(items(tool).named.get('Inputs')).named;
    const source = (input: string) => String(items(inputs.get(input)).named.get('SourceOp'));
    const mode = items(items(inputs.get('PaintMode')).named.get('Value')).list[0];
    const polyline = (input: string) =>
      keysOf(source(input)).map(([frame, key], n) => {
        if (number(key.list[0]) !== n) throw new SyntaxError(`key ${frame} has the displacement ${key.list[0]}`);
        const line = items(key.named.get('Value'));
        if (line.named.get('Closed') !== true) throw new SyntaxError('the polyline is open');
        const points = items(line.named.get('Points')).list.map((p) => {
          const [x, y, lx, ly, rx, ry] = ['X', 'Y', 'LX', 'LY', 'RX', 'RY'].map((f) =>
            number(items(p).named.get(f)),
          ) as [number, number, number, number, number, number];
          const at = (u: number, v: number) => [(u + 0.5) * width, (0.5 - v) * height];
          return [...at(x, y), ...at(x + lx, y + ly), ...at(x + rx, y + ry)];
        });
        return { frame, points };
      });
    const double = items(inputs.get('Polyline2')).named.has('SourceOp') ? polyline('Polyline2') : undefined;
    return {
      name,
      add: mode === 'Maximum',
      keys: polyline('Polyline').map((key, n) => ({ ...key, ...(double ? { outer: double[n]!.points } : {}) })),
      seen: keysOf(source('Level')).map(([frame, key]) => [frame, number(key.list[0])] as const),
    };
  });
}

/** An element of XML with its attributes, children and text. */
interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const plain = (text: string) =>
  text.replace(
    /&(lt|gt|quot|amp);/g,
    (_, e: 'lt' | 'gt' | 'quot' | 'amp') => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[e],
  );

function xmlOf(source: string): Element {
  const root: Element = { tag: '', attributes: {}, children: [], text: '' };
  const open = [root];
  for (const [, end, tag, rest, alone, text] of source
    .replace(/<!--.*?-->/gs, '')
    .matchAll(/<(\/)?(\w+)([^>]*?)(\/)?>|([^<]+)/g)) {
    const here = open.at(-1)!;
    if (text !== undefined) here.text += plain(text.trim());
    else if (end) {
      if (open.pop()!.tag !== tag) throw new SyntaxError(`</${tag}> closes ${here.tag}`);
    } else {
      const attributes = Object.fromEntries([...rest!.matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]) => [k, plain(v!)]));
      const element = { tag: tag!, attributes, children: [], text: '' };
      here.children.push(element);
      if (!alone) open.push(element);
    }
  }
  if (open.length !== 1) throw new SyntaxError(`${open.at(-1)!.tag} is not closed`);
  return root;
}

const below = (e: Element, tag: string): Element[] =>
  e.children.flatMap((c) => [...(c.tag === tag ? [c] : []), ...below(c, tag)]);

/** Silhouette: objects of a layer, topmost first, with keyed properties. Coordinates in heights from the middle. */
export function readSilhouette(text: string): readonly ReadShape[] {
  const [session] = xmlOf(text).children;
  const [width, height] = [Number(session!.attributes.width), Number(session!.attributes.height)];
  const read = (object: Element): ReadShape => {
    const property = (id: string) => {
      const found = below(object, 'Property').find((p) => p.attributes.id === id);
      if (!found) throw new SyntaxError(`there is no ${id}`);
      return found;
    };
    return {
      name: object.attributes.label!,
      add: property('mode').children[0]!.text === 'Max',
      keys: property('path').children.map((key) => {
        const [path] = key.children;
        if (path!.attributes.closed !== 'True' || path!.attributes.type !== 'Bezier')
          throw new SyntaxError('no closed Bezier');
        const points = path!.children.map((p) => {
          const pairs = [...p.text.matchAll(/\(([-\d.]+),([-\d.]+)\)/g)];
          return pairs.flatMap(([, x, y]) => [Number(x) * height + width / 2, Number(y) * height + height / 2]);
        });
        return { frame: Number(key.attributes.frame), points };
      }),
      seen: property('opacity').children.map((k) => [Number(k.attributes.frame), Number(k.text) / 100] as const),
    };
  };
  // The first object of a layer is on top of the others.
  return below(session!, 'Layer').flatMap((layer) => below(layer, 'Object').map(read).reverse());
}

/** Python's literals of `OBJECTS = [...]`: objects of shapes of name, added, visibility, keys. */
function objectsOf(text: string): readonly Items[] {
  const from = text.indexOf('OBJECTS = [') + 'OBJECTS = '.length;
  const objects = items(value(wordsOf(text.slice(from), /^#.*$/gm)));
  return objects.list.flatMap((o) => items(items(o).list[1]).list.map(items));
}

const pairsOf = (v: Value | undefined) =>
  items(v).list.map((p) => [number(items(p).list[0]), items(p).list[1]] as const);

function pythonShapes(
  text: string,
  added: Value,
  point: (numbers: readonly number[]) => readonly number[],
  soft: (rest: readonly (readonly number[])[]) => Pick<ReadKey, 'outer' | 'widths'>,
): readonly ReadShape[] {
  return objectsOf(text).map(({ list: [name, mode, seen, keys] }) => ({
    name: String(name),
    add: mode === added,
    keys: pairsOf(keys).map(([frame, points]) => {
      const all = items(points).list.map((p) => items(p).list.map(number));
      const rest = all.map((p) => p.slice(6));
      return { frame, points: all.map((p) => point(p.slice(0, 6))), ...(rest[0]!.length ? soft(rest) : {}) };
    }),
    seen: pairsOf(seen).map(([frame, v]) => [frame, number(v)] as const),
  }));
}

/** Natron: y up from the bottom, handles beside their point; feather points after the points of a soft shape. */
export function readNatron(text: string, { height }: Size): readonly ReadShape[] {
  const point = ([x = 0, y = 0, ix = 0, iy = 0, ox = 0, oy = 0]: readonly number[]) => [
    x,
    height - y,
    x + ix,
    height - y - iy,
    x + ox,
    height - y - oy,
  ];
  return pythonShapes(text, true, point, (rest) => ({ outer: rest.map(point) }));
}

/** Blender: parts of the longer side around the middle, y up, handles absolute; weights of a soft shape in the longer side. */
export function readBlender(text: string, { width, height }: Size): readonly ReadShape[] {
  const side = Math.max(width, height);
  const at = (v: number, i: number) => (i % 2 ? height / 2 - (v - 0.5) * side : width / 2 + (v - 0.5) * side);
  return pythonShapes(
    text,
    'LIGHTEN',
    (numbers) => numbers.map(at),
    (rest) => ({ widths: rest.map(([w = 0]) => w * side) }),
  );
}

/** Words and nested braces, as Tcl reads them. */
type Tcl = string | readonly Tcl[];
function tclOf(source: string): readonly Tcl[] {
  const words = source.match(/"[^"]*"|[{}]|[^\s{}"]+/g) ?? [];
  const list = (): Tcl[] => {
    const out: Tcl[] = [];
    for (let w = words.shift(); w !== undefined && w !== '}'; w = words.shift()) out.push(w === '{' ? list() : w);
    return out;
  };
  return list();
}
const tclList = (v: Tcl | undefined): readonly Tcl[] => {
  if (v === undefined || typeof v === 'string') throw new SyntaxError(`expected a list, got ${v}`);
  return v;
};
const groupsOf = (v: Tcl): readonly (readonly Tcl[])[] =>
  typeof v === 'string' ? [] : v[0] === 'curvegroup' ? [v] : v.flatMap(groupsOf);

/** Nuke: curve groups of two curves, the second one of feather points relative to the points or `idem`; three pairs a point, y up. */
export function readNuke(text: string, { height }: Size): readonly ReadShape[] {
  return tclOf(text)
    .flatMap(groupsOf)
    .map((group) => {
      const [, name, , , curves, , attributes] = group;
      const [main, second] = tclList(curves);
      const channels = (curve: Tcl) => {
        const p = tclList(tclList(curve).find((c) => typeof c !== 'string' && c[0] === 'p')).slice(1);
        return p.map((pair) => tclList(pair).map((keys) => tclList(keys).map((k) => tclList(k).map(Number))));
      };
      const frames = channels(main!)[0]![0]!.map(([frame]) => frame!);
      const triples = (curve: Tcl, k: number) => {
        const pairs = channels(curve).map(([x, y]) => [x![k]![1]!, y![k]![1]!] as const);
        return Array.from({ length: pairs.length / 3 }, (_, i) => pairs.slice(3 * i, 3 * i + 3));
      };
      const absolute = (curve: Tcl, k: number, from?: readonly (readonly number[])[]) =>
        triples(curve, k).map(([before, at, after], i) => {
          const [x, y] = from ? [from[i]![0]! + at![0], from[i]![1]! - at![1]] : [at![0], height - at![1]];
          return [x, y, x + before![0], y - before![1], x + after![0], y - after![1]];
        });
      const blending = tclList(attributes);
      return {
        name: String(name),
        add: blending[blending.indexOf('bm') + 1] === '4',
        keys: frames.map((frame, k) => {
          const points = absolute(main!, k);
          return { frame, points, ...(second === 'idem' ? {} : { outer: absolute(second!, k, points) }) };
        }),
        seen: tclList(blending[blending.indexOf('opc') + 1]).map((k) => tclList(k).map(Number) as [number, number]),
      };
    });
}

interface LottiePath {
  readonly c: boolean;
  readonly v: readonly (readonly [number, number])[];
  readonly i: readonly (readonly [number, number])[];
  readonly o: readonly (readonly [number, number])[];
}

interface LottieMask {
  readonly nm: string;
  readonly mode: string;
  readonly pt:
    | { readonly a: 0; readonly k: LottiePath }
    | { readonly a: 1; readonly k: readonly { readonly t: number; readonly s: readonly [LottiePath] }[] };
  readonly o: { readonly k: readonly { readonly t: number; readonly s: readonly [number]; readonly h: number }[] };
}

/** Lottie: masks of layers; handles beside their point, frames from the start. */
export function readLottie(text: string): readonly ReadShape[] {
  const points = ({ c, v, i, o }: LottiePath) => {
    if (!c || i.length !== v.length || o.length !== v.length) throw new SyntaxError('no closed path');
    return v.map(([x, y], k) => [x, y, x + i[k]![0], y + i[k]![1], x + o[k]![0], y + o[k]![1]]);
  };
  const { layers } = JSON.parse(text) as {
    readonly layers: readonly { readonly masksProperties: readonly LottieMask[] }[];
  };
  return layers.flatMap((l) =>
    l.masksProperties.map((m) => ({
      name: m.nm,
      add: m.mode === 'a',
      keys:
        m.pt.a === 1
          ? m.pt.k.map((k) => ({ frame: k.t, points: points(k.s[0]) }))
          : [{ frame: 0, points: points(m.pt.k) }],
      seen: m.o.k.map((k) => {
        if (k.h !== 1) throw new SyntaxError('opacity must hold');
        return [k.t, k.s[0] / 100] as const;
      }),
    })),
  );
}

/** MLT: rotoscoping filters, one for each stretch; handle, point, handle as parts of the picture. */
export function readMlt(text: string, { width, height }: Size): readonly ReadShape[] {
  const root = xmlOf(text.replace(/<\?.*?\?>/, ''));
  return below(root, 'filter').map((f) => {
    const property = (name: string) => f.children.find((c) => c.attributes.name === name)!.text;
    const spline = JSON.parse(property('spline')) as Record<
      string,
      [[number, number], [number, number], [number, number]][]
    >;
    const at = ([x, y]: readonly [number, number]) => [x * width, y * height];
    return {
      name: property('kdenlive:name'),
      add: property('alpha_operation') === 'max',
      keys: Object.entries(spline).map(([frame, points]) => ({
        frame: Number(frame),
        points: points.map(([before, p, after]) => [...at(p), ...at(before), ...at(after)]),
      })),
      seen: [
        [Number(f.attributes.in), 1],
        [Number(f.attributes.out) + 1, 0],
      ] as const,
    };
  });
}

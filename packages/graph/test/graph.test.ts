import { describe, expect, it } from 'vitest';
import {
  anyWeights,
  checkGraph,
  GraphBuilder,
  GraphError,
  graphHash,
  nodesOf,
  OPS,
  printGraph,
  withTaps,
} from '../src/index.js';

const tiny = (scale = 2) => {
  const g = new GraphBuilder(anyWeights);
  const layer = g.in('layers.0');
  const x = g.input('x', ['frames', 4]);
  const y = layer.tap('linear', g.linear(x, layer.weight('weight', [8, 4]), layer.weight('bias', [8])));
  g.output('y', g.map('relu', g.mul(y, g.scalar(scale))));
  return g;
};

describe('building', () => {
  it('answers the same node for the same request', () => {
    const g = new GraphBuilder(anyWeights);
    const x = g.input('x', [2, 4]);
    expect(g.map('relu', x)).toBe(g.map('relu', x));
    expect(g.scalar(2)).toBe(g.scalar(2));
    expect(g.scalar(2)).not.toBe(g.scalar(3));
  });

  it('makes nodes that cannot be changed', () => {
    const node = new GraphBuilder(anyWeights).input('x', [2]);
    expect(Object.isFrozen(node) && Object.isFrozen(node.sources)).toBe(true);
  });

  it('names the place, the operation and the shapes where something does not fit', () => {
    const g = new GraphBuilder(anyWeights).in('vision_encoder').in('blocks').in(3);
    const x = g.input('x', [4096, 96]);
    const wrong = () => g.linear(x, g.weight('w', [288, 192]));
    expect(wrong).toThrow(GraphError);
    expect(wrong).toThrow(
      'vision_encoder.blocks.3: linear(input f32[4096, 96], weight f32[288, 192]): rows of 96 meet a weight of [288, 192]',
    );
    expect(() => g.reshape(x, [100, 96])).toThrow('[4096, 96] holds 393216 elements, [100, 96] holds 9600');
    expect(() => g.make('attention', [x], { heads: 1 })).toThrow('takes 3 sources');
    expect(() => new GraphBuilder(anyWeights).map('relu', x)).toThrow('a source belongs to another builder');
    expect(() => g.tap('', x) && g.tap('', g.map('relu', x))).toThrow('the name of this intermediate is taken');
  });

  it('has a specification for every operation that refuses nonsense', () => {
    const g = new GraphBuilder(anyWeights);
    const flag = g.input('flag', [1], 'bool');
    for (const op of Object.keys(OPS) as (keyof typeof OPS)[]) {
      expect(OPS[op].meaning.length).toBeGreaterThan(10);
      const sources = Array.from({ length: OPS[op].sources[0] }, () => flag);
      if (op !== 'input' && op !== 'constant' && op !== 'weight')
        expect(() => g.make(op, [...sources, ...Array(65).fill(flag)])).toThrow(GraphError);
    }
  });
});

describe('shapes', () => {
  it('follow symbols through products, sums and reshapes', () => {
    const g = new GraphBuilder(anyWeights);
    const memory = g.input('memory', ['frames', 4096, 64]);
    const pointers = g.input('pointers', ['pointers', 256]);
    const flat = g.reshape(memory, ['4096*frames', 64]);
    const all = g.concat([flat, g.reshape(pointers, ['4*pointers', 64])], 0);
    expect(all.type.shape).toEqual(['4096*frames+4*pointers', 64]);
    expect(() => g.reshape(memory, ['frames', 64])).toThrow('holds 262144*frames elements');
  });

  it('of operations agree with what they compute', () => {
    const g = new GraphBuilder(anyWeights);
    const map = g.input('map', [1, 3, 65, 65]);
    expect(g.conv(map, g.weight('w', [8, 3, 3, 3]), undefined, { stride: 2, pad: 1 }).type.shape).toEqual([
      1, 8, 33, 33,
    ]);
    expect(g.pad(map, [0, 0, 0, 0], [0, 0, 1, 2]).type.shape).toEqual([1, 3, 66, 67]);
    expect(g.transpose(map, [0, 2, 3, 1]).type.shape).toEqual([1, 65, 65, 3]);
    expect(g.reduce('max', map, 1).type.shape).toEqual([1, 1, 65, 65]);
    expect(g.gather(g.weight('t', [7, 1, 64]), g.input('i', ['n'], 'i64')).type.shape).toEqual(['n', 1, 64]);
  });
});

describe('a finished graph', () => {
  it('prints as people read it', () => {
    expect(printGraph(tiny().build('tiny'))).toBe(
      [
        'graph tiny',
        '  in  x: f32[frames, 4]',
        '  w   layers.0.weight: f32[8, 4]',
        '  w   layers.0.bias: f32[8]',
        '  %1 = linear(x, layers.0.weight, layers.0.bias): f32[frames, 8]  ; layers.0.linear',
        '  %2 = combine(%1, 2) by=mul: f32[frames, 8]',
        '  %3 = map(%2) by=relu: f32[frames, 8]',
        '  out y = %3: f32[frames, 8]',
        '',
      ].join('\n'),
    );
  });

  it('has the same fingerprint when built again, and another when anything it computes changes', () => {
    expect(graphHash(tiny().build('tiny'))).toBe(graphHash(tiny().build('tiny')));
    expect(graphHash(tiny(3).build('tiny'))).not.toBe(graphHash(tiny().build('tiny')));
  });

  it('computes a tap only where it is asked for', () => {
    const graph = tiny().build('tiny');
    expect([...withTaps(graph, ['layers.0.linear']).outputs.keys()]).toEqual(['y', 'layers.0.linear']);
    expect(() => withTaps(graph, ['layers.1'])).toThrow('tiny has no intermediate named layers.1');
  });

  it('is checked against the specification, naming the nearest intermediate', () => {
    const graph = tiny().build('tiny');
    checkGraph(graph);
    const relu = nodesOf(graph).find((n) => n.op === 'map')!;
    const forged = { ...relu, type: { dtype: 'f32' as const, shape: [3] } };
    expect(() => checkGraph({ ...graph, outputs: new Map([['y', forged]]) })).toThrow(
      'map: is said to be f32[3] and is f32[frames, 8]',
    );
  });
});

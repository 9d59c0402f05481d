import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { anyWeights, checkGraph, graphFlops, graphHash, graphSize, WeightsError, weightsOf } from '@rotokit/graph';
import { openNodeInference } from '@rotokit/ort/node';
import { describe, expect, it } from 'vitest';
import { attendCase } from '../../../tools/src/parity/cases.js';
import { CONFIGS } from '../../../tools/src/parity/configs.js';
import { f32, given, i64, load, randomFile } from '../../../tools/src/parity/networks.js';
import {
  EDGETAM,
  fastGraph,
  MINIATURE,
  PARTS,
  paperGraph,
  SAM2_BASE_PLUS,
  SAM2_LARGE,
  SAM2_SMALL,
  SAM2_TINY,
  tokensPerFrame,
  weightShapes,
} from '../src/index.js';

const ALL = [SAM2_TINY, SAM2_SMALL, SAM2_BASE_PLUS, SAM2_LARGE, EDGETAM];
const TABLES = resolve(import.meta.dirname, '../../../../shared/reference/tensors');

describe('the graphs', () => {
  it('are the ones on record: after a wanted change, replay with `npx vitest run packages/models/test/graphs.test.ts -u`', async () => {
    const lines = Object.values(CONFIGS).flatMap((config) =>
      PARTS.flatMap((part) =>
        [paperGraph(part, config, anyWeights), fastGraph(part, config, anyWeights)].map((graph, i) => {
          const { nodes, parameters, constantBytes } = graphSize(graph);
          const size = `${nodes} nodes, ${parameters} parameters, ${constantBytes} bytes of tables`;
          return `${graph.name} ${i ? 'fast' : 'paper'}: ${graphHash(graph)}, ${size}`;
        }),
      ),
    );
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('goldens/graphs.txt');
  });

  it.each(ALL.map((c) => [c.name, c] as const))(
    '%s: every graph obeys the specification, rewritten or not',
    (_, config) => {
      for (const part of PARTS) {
        checkGraph(paperGraph(part, config, anyWeights));
        checkGraph(fastGraph(part, config, anyWeights));
      }
    },
  );

  it('are built from the same configurations as the reference', () => {
    for (const config of [...ALL, MINIATURE]) expect(config).toEqual(CONFIGS[config.name]);
  });

  it('carry no weights of their own: tables and small numbers only', () => {
    for (const part of PARTS)
      expect(graphSize(fastGraph(part, SAM2_LARGE, anyWeights)).constantBytes).toBeLessThan(1 << 18);
  });

  it('cost what was counted by hand: a full bank for tiny, and a fifth of its frame for EdgeTAM', () => {
    const symbols = { frames: 7, pointers: 16, points: 1, height: 256, width: 256 };
    const gflop = (config: typeof EDGETAM, part: (typeof PARTS)[number], fast = true) =>
      Math.round(graphFlops((fast ? fastGraph : paperGraph)(part, config, anyWeights), symbols) / 1e9);
    expect([gflop(SAM2_TINY, 'encode', false), gflop(SAM2_TINY, 'orient') + gflop(SAM2_TINY, 'attend', false)]).toEqual(
      [291, 605],
    );
    expect(PARTS.map((part) => gflop(SAM2_TINY, part))).toEqual([286, 19, 400, 4, 12, 0]);
    expect(PARTS.map((part) => gflop(EDGETAM, part))).toEqual([35, 19, 57, 4, 13, 0]);
  });

  it('refuse a file without one of their tensors, or with another shape, by its name', () => {
    const without = (name: string) => (tensor: string, shape: readonly number[]) =>
      tensor === name ? undefined : { dtype: 'f32', shape };
    const name = 'vision_encoder.backbone.blocks.3.attn.qkv.weight';
    const encode = (index: typeof anyWeights) => () => paperGraph('encode', SAM2_TINY, index);
    expect(encode(without(name))).toThrow(`${name}: expected [1152, 192], found nothing`);
    const other = (tensor: string, shape: readonly number[]) => ({
      dtype: 'f32',
      shape: tensor === name ? [1152, 96] : shape,
    });
    expect(encode(other)).toThrow(WeightsError);
    expect(encode(other)).toThrow(`${name}: expected [1152, 192], found [1152, 96]`);
  });
});

/** Tensors of the official files that no graph reads. */
const UNUSED = /num_batches_tracked$|^no_memory_positional_encoding$|perceiver\.positional/;

describe.skipIf(!existsSync(TABLES))(
  'the tensors of the official files [needs the tables beside the repository]',
  () => {
    it.each(ALL.map((c) => [c.name, c] as const))('%s: all are used, by name and shape', (name, config) => {
      const table = name === 'edgetam' ? 'EdgeTAM_EdgeTamVideoModel.txt' : `${name}_Sam2VideoModel.txt`;
      const lines = readFileSync(resolve(TABLES, table), 'utf8')
        .split('\n')
        .filter((line) => line && !line.startsWith('#'));
      const official = new Map(lines.map((line) => line.split('\t') as [string, string]));
      const ours = weightShapes(config);
      for (const [tensor, shape] of ours)
        expect([tensor, official.get(tensor)]).toEqual([tensor, `[${shape.join(', ')}]`]);
      const left = [...official.keys()].filter((tensor) => !ours.has(tensor) && !UNUSED.test(tensor));
      expect(left).toEqual([]);
    });
  },
);

describe('memory attention', () => {
  it.each(['mini-edgetam', 'mini-sam2.1-hiera-tiny'])('of %s takes one frame and no pointer at all', async (name) => {
    const config = CONFIGS[name];
    const file = await randomFile(config);
    const ort = await openNodeInference({ threads: 1 });
    try {
      const network = await load(ort, fastGraph('attend', config, weightsOf(file.header)), file);
      const bank = attendCase(config, given('features', 256, 128)).inputs;
      const [tokens, none] = [tokensPerFrame(config), f32(new Float32Array(0), [0])];
      const frame = {
        memory: f32((bank.memory!.data as Float32Array).slice(0, tokens * 64), [1, tokens, 64]),
        memory_times: i64(0),
      };
      const pointers = { pointers: f32(new Float32Array(0), [0, 128]), pointer_times: none };
      const alone = await network.run({ oriented: bank.oriented!, ...frame, ...pointers });
      expect(alone.conditioned!.shape).toEqual([256, 128]);
      expect((alone.conditioned!.data as Float32Array).every(Number.isFinite)).toBe(true);
    } finally {
      await ort.close();
      await file.remove();
    }
  });
});

import { headerBytes, headerLength, readHeader, WeightsError } from '@rotokit/graph';
import { EDGETAM, SAM2_TINY, weightShapes } from '@rotokit/models';
import { describe, expect, it } from 'vitest';
import { layoutOf, transformersNames, writeGraphs } from '../src/index.js';
import { originalShapes } from './support/original-names.js';

const headerOf = (shapes: ReadonlyMap<string, readonly number[]>) => {
  const bytes = headerBytes(shapes);
  const total = bytes.length + [...shapes.values()].reduce((n, s) => n + 4 * s.reduce((a, b) => a * b, 1), 0);
  return readHeader(bytes.subarray(8, 8 + headerLength(bytes, total)), total);
};

describe.each([SAM2_TINY, EDGETAM].map((c) => [c.name, c] as const))("%s under its repository's names", (_, config) => {
  const original = headerOf(originalShapes(config));

  it('has every tensor that the graphs ask for, in its shape and in its place', () => {
    expect(layoutOf(original)).toBe('original');
    const found = transformersNames(original);
    for (const [name, shape] of weightShapes(config))
      expect([name, found.tensors.get(name)?.shape]).toEqual([name, shape]);
    const key = 'memory_encoder.mask_downsampler.layers.2.layer_norm.weight';
    expect(found.tensors.get(key)).toBe(original.tensors.get('memory_encoder.mask_downsampler.encoder.7.weight'));
    expect(() => writeGraphs(config, { header: found, file: { path: 'none' } })).not.toThrow();
  });

  it('has names that are the repository’s own', () => {
    for (const name of [
      'image_encoder.neck.convs.0.conv.weight',
      'sam_mask_decoder.transformer.final_attn_token_to_image.out_proj.bias',
      'sam_mask_decoder.transformer.norm_final_attn.weight',
      'sam_mask_decoder.pred_obj_score_head.layers.2.bias',
      'sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix',
      'memory_encoder.fuser.layers.1.gamma',
      'memory_attention.layers.1.cross_attn_image.k_proj.weight',
      'memory_attention.layers.0.linear2.weight',
      'obj_ptr_proj.layers.1.weight',
      'maskmem_tpos_enc',
    ])
      expect(original.tensors.has(name), name).toBe(true);
  });
});

it('a file of transformers stays as it is, and rows that lie apart are refused', () => {
  const header = headerOf(weightShapes(EDGETAM));
  expect(layoutOf(header)).toBe('transformers');
  expect(transformersNames(header)).toBe(header);
  const apart = new Map(
    [...originalShapes(EDGETAM)].sort(([a], [b]) => (a.length === b.length ? (a < b ? 1 : -1) : a.length - b.length)),
  );
  expect(() => transformersNames(headerOf(apart))).toThrow(WeightsError);
});

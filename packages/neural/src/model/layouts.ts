import { type TensorEntry, WeightsError, type WeightsHeader } from '@rotokit/graph';

/** Whose names a weights file has: those of transformers, which the graphs ask for, or those of the SAM 2 and EdgeTAM repositories. */
export type Layout = 'transformers' | 'original';

/** A tensor that every file of the repositories has, and no other. */
const TELLING = 'sam_mask_decoder.iou_token.weight';

/** The layout of a file. */
export const layoutOf = (header: WeightsHeader): Layout => (header.tensors.has(TELLING) ? 'original' : 'transformers');

/** Names of the repositories to names of transformers, as its conversion scripts have them. All rules are tried, in this order. */
const RENAMES: readonly (readonly [RegExp, string])[] = [
  [/^image_encoder\.neck\.convs\.(\d+)\.conv\./, 'vision_encoder.neck.convs.$1.'],
  [/^image_encoder\.trunk\.body\./, 'vision_encoder.backbone.timm_model.'],
  [/^image_encoder\.trunk\./, 'vision_encoder.backbone.'],
  [/patch_embed\.proj\./, 'patch_embed.projection.'],
  [/^sam_prompt_encoder\./, 'prompt_encoder.'],
  [/pe_layer\.positional_encoding_gaussian_matrix$/, 'shared_embedding.positional_embedding'],
  [/mask_downscaling\.0\./, 'mask_embed.conv1.'],
  [/mask_downscaling\.1\./, 'mask_embed.layer_norm1.'],
  [/mask_downscaling\.3\./, 'mask_embed.conv2.'],
  [/mask_downscaling\.4\./, 'mask_embed.layer_norm2.'],
  [/mask_downscaling\.6\./, 'mask_embed.conv3.'],
  [/^sam_mask_decoder\./, 'mask_decoder.'],
  [/output_upscaling\.0\./, 'upscale_conv1.'],
  [/output_upscaling\.1\./, 'upscale_layer_norm.'],
  [/output_upscaling\.3\./, 'upscale_conv2.'],
  [/^memory_encoder\.out_proj\./, 'memory_encoder.projection.'],
  [/^memory_encoder\.pix_feat_proj\./, 'memory_encoder.feature_projection.'],
  [/^memory_encoder\.fuser\./, 'memory_encoder.memory_fuser.'],
  [/\.dwconv\./, '.depthwise_conv.'],
  [/\.pwconv([12])\./, '.pointwise_conv$1.'],
  [/\.gamma$/, '.scale'],
  [/^obj_ptr_proj\./, 'object_pointer_proj.'],
  [/^obj_ptr_tpos_proj\./, 'temporal_positional_encoding_projection_layer.'],
  [/^no_obj_embed_spatial$/, 'occlusion_spatial_embedding_parameter'],
  [/^no_obj_ptr$/, 'no_object_pointer'],
  [/^no_mem_embed$/, 'no_memory_embedding'],
  [/^no_mem_pos_enc$/, 'no_memory_positional_encoding'],
  [/^maskmem_tpos_enc$/, 'memory_temporal_positional_encoding'],
  [/^spatial_perceiver\.latents$/, 'spatial_perceiver.latents_1d'],
  [/(perceiver\.layers\.\d+)\.attn\.norm_x\./, '$1.layer_norm_input.'],
  [/(perceiver\.layers\.\d+)\.attn\.norm_latents\./, '$1.layer_norm_latents.'],
  [/(perceiver\.layers\.\d+)\.self_attn\.norm\./, '$1.layer_norm_self.'],
  [/(perceiver\.layers\.\d+)\.attn\./, '$1.cross_attention.'],
  [/(perceiver\.layers\.\d+)\.self_attn\./, '$1.self_attention.'],
  [/(perceiver\.layers\.\d+\.\w+)\.to_q\./, '$1.q_proj.'],
  [/(perceiver\.layers\.\d+\.\w+)\.to_out\./, '$1.o_proj.'],
  [/(perceiver\.layers\.\d+)\.(self_)?ff\.0\./, '$1.$2mlp.layer_norm.'],
  [/(perceiver\.layers\.\d+)\.(self_)?ff\.1\./, '$1.$2mlp.up_proj.'],
  [/(perceiver\.layers\.\d+)\.(self_)?ff\.3\./, '$1.$2mlp.down_proj.'],
  // Multilayer perceptrons of three and of two layers.
  [/(mlps\.\d+|iou_prediction_head|pred_obj_score_head|object_pointer_proj)\.layers\.0\./, '$1.proj_in.'],
  [/(mlps\.\d+|iou_prediction_head|pred_obj_score_head|object_pointer_proj)\.layers\.1\./, '$1.layers.0.'],
  [/(mlps\.\d+|iou_prediction_head|pred_obj_score_head|object_pointer_proj)\.layers\.2\./, '$1.proj_out.'],
  [/\.mlp\.layers\.0\./, '.mlp.proj_in.'],
  [/\.mlp\.layers\.1\./, '.mlp.proj_out.'],
  [/\.out_proj\./, '.o_proj.'],
  [/\.norm(\d?|_\w+)\./, '.layer_norm$1.'],
];

/** Steps of the mask downsampler: a convolution and a norm by turns, an activation between, the last convolution by itself. */
function downsamplerName(name: string): string {
  return name.replace(/^memory_encoder\.mask_downsampler\.encoder\.(\d+)\./, (_, step: string) => {
    const [layer, part] = [Math.floor(Number(step) / 3), Number(step) % 3];
    if (layer === 4) return 'memory_encoder.mask_downsampler.final_conv.';
    return `memory_encoder.mask_downsampler.layers.${layer}.${part === 0 ? 'conv' : 'layer_norm'}.`;
  });
}

const POINTS = /^prompt_encoder\.point_embeddings\.(\d)\.weight$/;

/** Four rows that lie one behind the other in the file as the one tensor that they are to transformers. */
function joinedPoints(rows: readonly TensorEntry[]): TensorEntry {
  const [first] = rows;
  const follows = rows.every((r, i) => i === 0 || r.offset === rows[i - 1]!.offset + rows[i - 1]!.length);
  if (rows.length !== 4 || !first || !follows)
    throw new WeightsError('WEIGHTS_BOUNDS', {
      tensor: 'sam_prompt_encoder.point_embeddings',
      expected: 'four rows, one behind the other',
      found: `${rows.length} rows${follows ? '' : ' apart'}`,
    });
  return { ...first, shape: [4, first.shape[1]!], length: 4 * first.length };
}

/** Keys and values of EdgeTAM's perceiver are one tensor in its repository: the upper half and the lower. */
function halves(name: string, e: TensorEntry): readonly (readonly [string, TensorEntry])[] {
  const half = { ...e, shape: [e.shape[0]! / 2, ...e.shape.slice(1)], length: e.length / 2 };
  return [
    [name.replace('.to_kv.', '.k_proj.'), half],
    [name.replace('.to_kv.', '.v_proj.'), { ...half, offset: e.offset + half.length }],
  ];
}

/**
 * The header of a weights file with the names of transformers, whichever it has; offsets stay those of the file, nothing is copied.
 * @throws WeightsError where rows that belong together lie apart.
 */
export function transformersNames(header: WeightsHeader): WeightsHeader {
  if (layoutOf(header) === 'transformers') return header;
  const tensors = new Map<string, TensorEntry>();
  const rows: TensorEntry[] = [];
  for (const [original, entry] of header.tensors) {
    let name = downsamplerName(original.replace(/^model\./, ''));
    for (const [pattern, replacement] of RENAMES) name = name.replace(pattern, replacement);
    const row = POINTS.exec(name);
    if (row) rows[Number(row[1])] = entry;
    else if (name.includes('.to_kv.')) for (const [part, half] of halves(name, entry)) tensors.set(part, half);
    else tensors.set(name, entry);
    // EdgeTAM's feed-forward layers of memory attention have two names in transformers.
    if (/^memory_attention\.layers\.\d+\.linear[12]\./.test(name))
      tensors.set(name.replace('linear1', 'mlp.up_proj').replace('linear2', 'mlp.down_proj'), entry);
  }
  tensors.set('prompt_encoder.point_embed.weight', joinedPoints(rows));
  const places = tensors.get('prompt_encoder.shared_embedding.positional_embedding');
  if (places) tensors.set('shared_image_embedding.positional_embedding', places);
  return { ...header, tensors };
}

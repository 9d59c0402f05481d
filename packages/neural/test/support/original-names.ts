import { type VideoModelConfig, weightShapes } from '@rotokit/models';

/** Where the repositories have another word, from the names of transformers back; the modules are those of `sam2/modeling`. */
function originalName(name: string, edge: boolean): string {
  const top: Record<string, string> = {
    no_memory_embedding: 'no_mem_embed',
    no_object_pointer: 'no_obj_ptr',
    memory_temporal_positional_encoding: 'maskmem_tpos_enc',
    occlusion_spatial_embedding_parameter: 'no_obj_embed_spatial',
  };
  if (top[name]) return top[name];
  const [module, ...rest] = name.split('.');
  const path = rest.join('.');
  const norms = (s: string) => s.replace(/(^|\.)layer_norm/g, '$1norm');
  const out = (s: string) => s.replace(/\bo_proj\b/, 'out_proj');
  const three = (s: string) =>
    s
      .replace(/\blayers\.0\.(weight|bias)$/, 'layers.1.$1')
      .replace(/\bproj_in\b/, 'layers.0')
      .replace(/\bproj_out\b/, 'layers.2');
  const two = (s: string) => s.replace('mlp.proj_in', 'mlp.layers.0').replace('mlp.proj_out', 'mlp.layers.1');
  switch (module) {
    case 'temporal_positional_encoding_projection_layer':
      return `obj_ptr_tpos_proj.${path}`;
    case 'object_pointer_proj':
      return `obj_ptr_proj.${three(path)}`;
    case 'mask_downsample':
      return name;
    case 'vision_encoder':
      if (path.startsWith('neck.')) return `image_encoder.${path.replace(/convs\.(\d)/, 'convs.$1.conv')}`;
      if (edge) return `image_encoder.trunk.body.${path.replace('backbone.timm_model.', '')}`;
      return `image_encoder.trunk.${two(norms(path.replace('backbone.', '').replace('embed.projection', 'embed.proj')))}`;
    case 'prompt_encoder': {
      const masks = { conv1: 0, layer_norm1: 1, conv2: 3, layer_norm2: 4, conv3: 6 } as Record<string, number>;
      const asked = path.replace(/^mask_embed\.(\w+)/, (_, part: string) => `mask_downscaling.${masks[part]}`);
      return `sam_prompt_encoder.${asked.replace('shared_embedding.positional_embedding', 'pe_layer.positional_encoding_gaussian_matrix')}`;
    }
    case 'mask_decoder': {
      const up = { upscale_conv1: 0, upscale_layer_norm: 1, upscale_conv2: 3 } as Record<string, number>;
      if (path.startsWith('upscale'))
        return `sam_mask_decoder.${path.replace(/^\w+/, (p) => `output_upscaling.${up[p]}`)}`;
      if (path.startsWith('transformer')) return `sam_mask_decoder.${two(norms(out(path)))}`;
      return `sam_mask_decoder.${/mlps|head/.test(path) ? three(path) : path}`;
    }
    case 'memory_attention':
      return `memory_attention.${norms(out(path)).replace('mlp.up_proj', 'linear1').replace('mlp.down_proj', 'linear2')}`;
    case 'memory_encoder': {
      const steps = path
        .replace('mask_downsampler.final_conv', 'mask_downsampler.encoder.12')
        .replace(/mask_downsampler\.layers\.(\d)\.conv/, (_, l) => `mask_downsampler.encoder.${3 * l}`)
        .replace(/mask_downsampler\.layers\.(\d)\.layer_norm/, (_, l) => `mask_downsampler.encoder.${3 * l + 1}`);
      const words = [
        ['feature_projection', 'pix_feat_proj'],
        ['memory_fuser', 'fuser'],
        ['depthwise_conv', 'dwconv'],
        ['pointwise_conv', 'pwconv'],
        ['.scale', '.gamma'],
      ] as const;
      const said = words.reduce((s, [ours, theirs]) => s.replace(ours, theirs), steps);
      return `memory_encoder.${norms(said.replace(/^projection/, 'out_proj'))}`;
    }
    default:
      return `spatial_perceiver.${path
        .replace('latents_1d', 'latents')
        .replace('layer_norm_input', 'attn.norm_x')
        .replace('layer_norm_latents', 'attn.norm_latents')
        .replace('layer_norm_self', 'self_attn.norm')
        .replace(/mlp\.layer_norm/, 'ff.0')
        .replace('mlp.up_proj', 'ff.1')
        .replace('mlp.down_proj', 'ff.3')
        .replace('cross_attention', 'attn')
        .replace('self_attention', 'self_attn')
        .replace('q_proj', 'to_q')
        .replace('o_proj', 'to_out')
        .replace('layer_norm', 'norm')}`;
  }
}

/** The tensors of a model as its repository's checkpoint has them: point embeddings row by row, keys and values in one. */
export function originalShapes(config: VideoModelConfig): Map<string, readonly number[]> {
  const edge = config.encoder.kind === 'repvit';
  const shapes = new Map<string, readonly number[]>();
  for (const [name, shape] of weightShapes(config)) {
    if (name.startsWith('shared_image_embedding') || (name.includes('.v_proj.weight') && name.includes('perceiver')))
      continue;
    if (name.endsWith('point_embed.weight') && !name.includes('not_a'))
      for (const i of [0, 1, 2, 3]) shapes.set(`sam_prompt_encoder.point_embeddings.${i}.weight`, [1, shape[1]!]);
    else if (name.includes('perceiver') && name.includes('.k_proj.'))
      shapes.set(originalName(name, edge).replace('k_proj', 'to_kv'), [2 * shape[0]!, shape[1]!]);
    else shapes.set(originalName(name, edge), shape);
  }
  return new Map([...shapes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

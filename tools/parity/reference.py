"""Builds transformers' SAM 2.1 and EdgeTAM video models from our configurations, with weights that depend on names alone."""
import json
import pathlib

import torch
from transformers import (
    EdgeTamVideoConfig,
    EdgeTamVideoModel,
    EdgeTamVisionConfig,
    Sam2HieraDetConfig,
    Sam2VideoConfig,
    Sam2VideoModel,
    Sam2VisionConfig,
    TimmWrapperConfig,
)
from transformers.models.edgetam_video.configuration_edgetam_video import (
    EdgeTamVideoMaskDecoderConfig,
    EdgeTamVideoPromptEncoderConfig,
)
from transformers.models.sam2_video.configuration_sam2_video import (
    Sam2VideoMaskDecoderConfig,
    Sam2VideoPromptEncoderConfig,
)

from fill import values

# The type check of EdgeTamVideoConfig prints its parts, and printing this one looks for a model on the network.
EdgeTamVisionConfig.__repr__ = object.__repr__

CONFIGS = json.loads((pathlib.Path(__file__).parent / "models.json").read_text())


def hiera(c):
    e = c["encoder"]
    width = [e["dim"] * 2**i for i in range(4)]
    return Sam2HieraDetConfig(
        hidden_size=e["dim"],
        num_attention_heads=e["heads"],
        blocks_per_stage=e["blocks"],
        embed_dim_per_stage=width,
        num_attention_heads_per_stage=[e["heads"] * 2**i for i in range(4)],
        window_size_per_stage=e["windows"],
        global_attention_blocks=e["globalBlocks"],
        window_positional_embedding_background_size=[e["background"]] * 2,
    ), width


def repvit(c):
    e = c["encoder"]
    arguments = dict(in_chans=3, features_only=True, out_indices=[0, 1, 2, 3])
    arguments |= dict(embed_dim=tuple(e["channels"]), depth=tuple(e["blocks"]))
    return TimmWrapperConfig(architecture="repvit_m1", model_args=arguments, do_pooling=False), e["channels"]


def config_of(c):
    edge = c["encoder"]["kind"] == "repvit"
    size, grid, hidden = c["imageSize"], c["imageSize"] // 16, c["hidden"]
    backbone, width = (repvit if edge else hiera)(c)
    vision = (EdgeTamVisionConfig if edge else Sam2VisionConfig)(
        backbone_config=backbone,
        backbone_channel_list=list(width)[::-1],
        backbone_feature_sizes=[[4 * grid] * 2, [2 * grid] * 2, [grid] * 2],
        fpn_hidden_size=hidden,
    )
    prompt = EdgeTamVideoPromptEncoderConfig if edge else Sam2VideoPromptEncoderConfig
    decoder = EdgeTamVideoMaskDecoderConfig if edge else Sam2VideoMaskDecoderConfig
    m, a = c["memory"], c["attention"]
    common = dict(
        vision_config=vision,
        prompt_encoder_config=prompt(hidden_size=hidden, image_size=size),
        mask_decoder_config=decoder(hidden_size=hidden, mlp_dim=c["decoder"]["mlp"], iou_head_hidden_dim=hidden),
        image_size=size,
        memory_attention_hidden_size=hidden,
        memory_attention_num_layers=a["layers"],
        memory_attention_rope_feat_sizes=[grid, grid],
        memory_encoder_hidden_size=hidden,
        memory_fuser_embed_dim=hidden,
        memory_fuser_intermediate_dim=m["fuserMlp"],
        mask_downsampler_embed_dim=hidden,
        enable_occlusion_spatial_embedding=m["marksOcclusion"],
        enable_temporal_pos_encoding_for_object_pointers=m["timesPointers"],
    )
    if not edge:
        return Sam2VideoConfig(memory_attention_feed_forward_hidden_size=a["mlp"], **common)
    p = m["perceiver"]
    return EdgeTamVideoConfig(
        memory_attention_mlp_hidden_size=a["mlp"],
        memory_attention_rope_k_sizes=[p["grid"]] * 2,
        perceiver_resampler_num_latents=p["latents1d"],
        perceiver_resampler_num_latents_2d=p["grid"] ** 2,
        perceiver_resampler_mlp_intermediate_size=p["mlp"],
        **common,
    )


def build(name, attention="sdpa"):
    """The reference model of a name in models.json, in evaluation mode, every float tensor filled by its name."""
    c = CONFIGS[name]
    config = config_of(c)
    config._attn_implementation = attention
    model = (EdgeTamVideoModel if c["encoder"]["kind"] == "repvit" else Sam2VideoModel)._from_config(config)
    with torch.no_grad():
        for key, tensor in model.state_dict().items():
            if tensor.dtype == torch.float32:
                tensor.copy_(torch.from_numpy(values(key, tuple(tensor.shape))))
        model.shared_image_embedding.positional_embedding.copy_(
            torch.from_numpy(values("shared_image_embedding.positional_embedding", (2, c["hidden"] // 2)))
        )
    return model.eval(), c


def given(name, *shape):
    """An input made by its name, as our tests make it."""
    return torch.from_numpy(values(f"input.{name}", shape))

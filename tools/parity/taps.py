"""python taps.py MODEL OUT.safetensors [--samples N]: every intermediate of the reference for fixed inputs.

Keys are CASE/MODULE and CASE/out:NAME. With --samples, each tensor is its root mean square followed by N evenly spaced
values, and the shapes go to the metadata: small enough to be committed.
"""
import argparse
import json
import re

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from reference import build, given


class Recorder:
    """Keeps the result of every module that runs exactly once within a case."""

    def __init__(self, model):
        self.kept, self.calls, self.case = {}, {}, None
        for name, module in model.named_modules():
            module.register_forward_hook(lambda _m, _i, out, name=name: self.keep(name, out))

    def keep(self, name, out):
        out = out[0] if isinstance(out, tuple) else out
        if self.case and name and isinstance(out, torch.Tensor) and out.dtype == torch.float32:
            key = f"{self.case}/{name}"
            self.calls[key] = self.calls.get(key, 0) + 1
            self.kept[key] = out.detach().clone()

    def output(self, name, value):
        self.kept[f"{self.case}/out:{name}"] = value.detach().clone().float()

    def result(self):
        idle = re.compile(r"(activation|dropout\d?|act|act1|rotary_emb|position_encoding|point_embed|shared_embedding)$")
        return {k: v for k, v in self.kept.items() if self.calls.get(k, 1) == 1 and not idle.search(k)}


def encode(model, c, r):
    r.case = "encode"
    out = model.get_image_features(given("image", 1, 3, c["imageSize"], c["imageSize"]), return_dict=True)
    s0, s1, features = [x[:, 0] for x in out.fpn_hidden_states]
    for name, x in dict(features=features, s1=s1, s0=s0).items():
        r.output(name, x)


def maps(c):
    g, h = c["imageSize"] // 16, c["hidden"]
    as_map = lambda x, n: x.T.reshape(1, -1, n, n)
    s0 = as_map(given("s0", 16 * g * g, h // 8), 4 * g)
    s1 = as_map(given("s1", 4 * g * g, h // 4), 2 * g)
    return as_map(given("features", g * g, h), g), s1, s0


def decode(model, c, r, case, points, labels, mask, first):
    r.case = case
    features, s1, s0 = maps(c)
    if first:
        features = features + model.no_memory_embedding.reshape(1, -1, 1, 1)
    sparse, dense = model.prompt_encoder(input_points=points, input_labels=labels, input_boxes=None, input_masks=mask)
    d = model.mask_decoder
    arguments = dict(
        image_embeddings=features,
        image_positional_embeddings=model.get_image_wide_positional_embeddings(),
        sparse_prompt_embeddings=sparse,
        dense_prompt_embeddings=dense,
        high_resolution_features=[s0, s1],
    )
    d.dynamic_multimask_via_stability = False
    with torch.no_grad():
        r.case = None
        one = d(multimask_output=False, **arguments)
        r.case = case
        three = d(multimask_output=True, **arguments)
        masks, ious, tokens = [torch.cat([a, b], dim=2)[0, 0] for a, b in zip(one[:3], three[:3])]
        r.output("masks", masks)
        r.output("ious", ious)
        r.output("object_score", three[3][0, 0])
        r.output("pointers", model.object_pointer_proj(tokens))
    r.case = None


def attend(model, c, r):
    g, m = c["imageSize"] // 16, c["memory"]
    p = m.get("perceiver")
    n = p["latents1d"] + p["grid"] ** 2 if p else g * g
    features = given("features", g * g, c["hidden"])[:, None]
    pos = model.vision_encoder.neck.position_encoding((1, c["hidden"], g, g), "cpu", torch.float32).flatten(2).permute(2, 0, 1)
    # Three remembered frames: the prompted one, and distances 2 and 1; three pointers at distances 5, 2 and 1.
    memory = given("memory", 3, n, m["channels"])
    if p:
        local = model.spatial_perceiver.positional_encoding((1, m["channels"], p["grid"], p["grid"]), "cpu", torch.float32)
        place = torch.cat([torch.zeros(p["latents1d"], m["channels"]), local.flatten(2)[0].T])
    else:
        place = model.memory_encoder.position_encoding((1, m["channels"], g, g), "cpu", torch.float32).flatten(2)[0].T
    shaped = (lambda x: x[None]) if p else (lambda x: x[:, None])
    held = [dict(maskmem_features=shaped(memory[i]), maskmem_pos_enc=shaped(place)) for i in range(3)]
    keys, places = model._build_memory_attention_inputs(list(zip([0, 2, 1], held)), torch.device("cpu"))
    pointers = given("pointers", 3, c["hidden"])
    with torch.no_grad():
        r.case = "attend"
        tokens, token_pos = model._process_object_pointers(
            [5, 2, 1], [x[None] for x in pointers], 16, 1, c["hidden"], torch.device("cpu")
        )
        more = dict(num_spatial_memory_tokens=3) if p else {}
        out = model.memory_attention(
            current_vision_features=features,
            current_vision_position_embeddings=pos,
            memory=torch.cat([*keys, tokens]),
            memory_posision_embeddings=torch.cat([*places, token_pos]),
            num_object_pointer_tokens=tokens.shape[0],
            **more,
        )
        r.output("conditioned", out.reshape(g * g, c["hidden"]))


def memorise(model, c, r, case, prompted, score):
    g = c["imageSize"] // 16
    low = given("mask", 1, 1, 4 * g, 4 * g)
    with torch.no_grad():
        r.case = case
        high = F.interpolate(low, size=(c["imageSize"],) * 2, mode="bilinear", align_corners=False)
        features = given("features", g * g, c["hidden"])[:, None]
        memory, _ = model._encode_new_memory(features, high, torch.tensor([[score]]), prompted)
        r.output("memory", memory.float().reshape(-1, c["memory"]["channels"]))
        exact = r.kept[f"{case}/memory_encoder"]
        if c["memory"]["marksOcclusion"] and score <= 0:
            exact = exact + model.occlusion_spatial_embedding_parameter[..., None, None]
        r.kept[f"{case}/memory_exact"] = exact.clone()


def record(name, only=None):
    model, c = build(name)
    r, size = Recorder(model), c["imageSize"]
    with torch.no_grad():
        encode(model, c, r)
        if only:
            return r.result()
        points = torch.tensor([[[[0.31, 0.52], [0.7, 0.4]]]]) * size
        decode(model, c, r, "decode-points", points, torch.tensor([[[1, 0]]]), None, True)
        none = torch.zeros(1, 1, 1, 2), -torch.ones(1, 1, 1, dtype=torch.int32)
        decode(model, c, r, "decode-mask", *none, given("mask_prompt", 1, 1, size // 4, size // 4), False)
        attend(model, c, r)
        memorise(model, c, r, "memorise", False, 1.0)
        memorise(model, c, r, "memorise-prompted", True, -1.0)
        r.case = "mask"
        r.output("mask_prompt", model.mask_downsample(given("mask_given", 1, 1, size, size)))
    return r.result()


def sampled(kept, count):
    """Root mean square, then `count` values from the first to the last."""
    out, shapes = {}, {}
    for name, x in kept.items():
        flat = x.flatten()
        at = [(i * (flat.numel() - 1)) // (count - 1) for i in range(count)]
        out[name] = torch.cat([flat.double().square().mean().sqrt().float()[None], flat[at]]).contiguous()
        shapes[name] = list(x.shape)
    return out, {"shapes": json.dumps(shapes)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--samples", type=int)
    parser.add_argument("--only", choices=["encode"])
    parser.add_argument("--threads", type=int, default=1)
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    kept = record(o.model, o.only)
    if o.samples:
        kept, metadata = sampled(kept, o.samples)
        save_file(kept, o.out, metadata)
    else:
        save_file({k: v.contiguous() for k, v in kept.items()}, o.out)
    print(f"{o.model}: {len(kept)} tensors")

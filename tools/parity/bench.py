"""The reference as a candidate of the neural benchmark; the same lines in and out as packages/rotokit/src/bench/neural/ours.ts.

Arguments: MODEL THREADS FRAMES
"""
import json
import os
import resource
import sys
import time

import torch
import torch.nn.functional as F

from reference import build, given

model_name, threads, frames = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
started = time.perf_counter()
model, c = build(model_name)
g, h, size, m = c["imageSize"] // 16, c["hidden"], c["imageSize"], c["memory"]
p = m.get("perceiver")
n = p["latents1d"] + p["grid"] ** 2 if p else g * g
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

image = given("image", 1, 3, size, size)
features = given("features", g * g, h)[:, None]
as_map = lambda x, k: x.T.reshape(1, -1, k, k)
maps = [as_map(given("s0", 16 * g * g, h // 8), 4 * g), as_map(given("s1", 4 * g * g, h // 4), 2 * g), as_map(features[:, 0], g)]
pointers = min(16, frames + 9)
bank = given("memory", frames * n + pointers * (h // m["channels"]), m["channels"])[:, None]
pos = torch.randn(g * g, 1, h)
low = given("mask", 1, 1, 4 * g, 4 * g)


def attend():
    more = dict(num_spatial_memory_tokens=frames) if p else {}
    return model.memory_attention(
        current_vision_features=features,
        current_vision_position_embeddings=pos,
        memory=bank,
        memory_posision_embeddings=bank,
        num_object_pointer_tokens=pointers * (h // m["channels"]),
        **more,
    )


def memorise():
    high = F.interpolate(low, size=(size, size), mode="bilinear", align_corners=False)
    return model._encode_new_memory(features, high, torch.tensor([[1.0]]), False)


x, w = given("x", 4096, 2048), given("w", 2048, 2048)
made = [torch.empty(4096, 2048), torch.empty(4096, 2048)]


def gemm():
    """Three products, as wire.ts says, into memory that is there: the product is timed, not the memory."""
    y = x
    for i in range(3):
        y = torch.mm(y, w.T, out=made[i % 2])
    return y.amax(1)


PARTS = dict(
    gemm=gemm,
    encode=lambda: model.get_image_features(image, return_dict=True),
    attend=attend,
    decode=lambda: model._single_frame_forward(image_embeddings=maps, multimask_output=True),
    memorise=memorise,
)
print(json.dumps(dict(runtime=0, opening=1000 * (time.perf_counter() - started), rss=peak())), flush=True)
with torch.inference_mode():
    for line in sys.stdin:
        cpu, wall = os.times(), time.perf_counter()
        PARTS[line.strip()]()
        after = os.times()
        used = 1000 * (after.user - cpu.user + after.system - cpu.system)
        print(json.dumps(dict(cpu=used, wall=1000 * (time.perf_counter() - wall), rss=peak())), flush=True)

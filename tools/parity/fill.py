"""Numbers by name: the same tensor for the same name and shape here and in packages/models/src/random.ts, bit for bit."""
import math
import re

import numpy as np

MASK = np.uint32(0xFFFFFFFF)

# First match decides: (pattern, centre, amplitude); None stands for sqrt(3 / fan-in).
RULES = [
    (r"running_var$", 1.0, 0.3),
    (r"bn\.weight$", 0.7, 0.2),
    (r"(norm\d?|norm_\w+)\.weight$", 1.0, 0.2),
    (r"\.(bias|running_mean)$", 0.0, 0.2),
    (r"\.scale$", 0.0, 0.5),
    (r"positional_embedding$", 0.0, 1.5),
    (r"(token|tokens|embed|embedding)\.weight$", 0.0, 0.7),
    (r"(pos_embed|pos_embed_window|latents_1d|latents_2d)$", 0.0, 0.7),
    (r"^(no_|memory_temporal|occlusion)", 0.0, 0.7),
    (r"^input\.", 0.0, 1.5),
    (r"", 0.0, None),
]


def seed_of(name: str) -> int:
    h = 0x811C9DC5
    for byte in name.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def noise(name: str, size: int) -> np.ndarray:
    """`size` numbers in [-1, 1), as float64: a 32-bit mixing function of the index and the name."""
    with np.errstate(over="ignore"):
        h = np.arange(size, dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(seed_of(name))
        h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
        h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
        h = h ^ (h >> np.uint32(16))
    return h.astype(np.float64) * 2.0**-31 - 1.0


def values(name: str, shape) -> np.ndarray:
    for pattern, centre, amplitude in RULES:
        if re.search(pattern, name):
            break
    if amplitude is None:
        amplitude = math.sqrt(3 / max(1, math.prod(shape[1:])))
    return (centre + amplitude * noise(name, math.prod(shape))).astype(np.float32).reshape(shape)

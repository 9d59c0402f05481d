"""Writes the small checkpoints that the tests of packages/graph read, with torch.save itself, and what torch reads from them.

    python tools/checkpoints/write.py packages/graph/test/fixtures

checkpoint.pt: {"model": state dict, ...} as the SAM 2 and EdgeTAM repositories publish theirs, with every kind of view and type;
checkpoint.json: the numbers of every tensor, as torch has them; unsafe.pt: a file that asks for os.system.
"""
import collections
import json
import os
import sys

import torch


class Command:
    def __reduce__(self):
        return (os.system, ("true",))


def tensors():
    torch.manual_seed(5)
    base = torch.randn(6, 8)
    one = torch.randn(4, 3, 2)
    return collections.OrderedDict(
        [
            ("plain.weight", torch.randn(3, 5)),
            ("base", base),
            ("rows", base[2:5]),
            ("columns", base[:, 3:6]),
            ("transposed", base.t()),
            ("permuted", one.permute(2, 0, 1)),
            ("every.other", base[::2, 1::3]),
            ("one.row", base[1:2, :].t().contiguous().t()),
            ("half", torch.randn(7).half()),
            ("half.transposed", torch.randn(2, 3).half().t()),
            ("bfloat", torch.randn(2, 2).bfloat16()),
            ("double", torch.randn(3).double()),
            ("count", torch.tensor(2**40 + 1)),
            ("ints", torch.arange(-3, 3, dtype=torch.int32)),
            ("bytes", torch.arange(250, 256, dtype=torch.uint8)),
            ("flags", torch.tensor([True, False, True])),
            ("empty", torch.zeros(0, 4)),
            ("scalar", torch.tensor(0.5)),
            ("parameter", torch.nn.Parameter(torch.randn(2, 2))),
            ("tied", base),
        ]
    )


def main(folder):
    state = tensors()
    state._metadata = collections.OrderedDict([("", {"version": 1})])
    torch.save(
        {"epoch": 3, "loss": 0.25, "note": "häh", "steps": [1, 2, 70000, -5], "model": state, "done": None},
        os.path.join(folder, "checkpoint.pt"),
    )
    facts = {k: {"dtype": str(t.dtype)[6:], "shape": list(t.shape), "values": t.detach().double().flatten().tolist()} for k, t in state.items()}
    with open(os.path.join(folder, "checkpoint.json"), "w") as f:
        json.dump(facts, f)
        f.write("\n")
    torch.save({"model": {"weight": torch.zeros(2)}, "then": Command()}, os.path.join(folder, "unsafe.pt"))


main(sys.argv[1])

"""Trains a fusion network on dumped samples and writes it as .rfus.

    python train.py --samples DIR,DIR --out net --iterations 5000 [--init net.pt] [--seed 0]

Writes <out>.pt (to go on from), <out>.rfus (what the engine reads) and <out>.json (what was done)."""

import argparse
import copy
import json
import math
import time

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from network import FusionNet, write_weights
from samples import CLICK, FUSION, SCALE, Clip, Crops, Meaning, read_clips

MEANINGS = {"click": CLICK, "fusion": FUSION}


def loss_of(logits: Tensor, batch: Tensor, meaning: Meaning) -> Tensor:
    """Cross-entropy, full weight in the band and a quarter outside, + 0.15 (1 - soft IoU of each crop)."""
    truth = batch[:, -1:]
    weight = 0.25 + 0.75 * batch[:, meaning.band : meaning.band + 1] if meaning.band is not None else torch.ones_like(truth)
    entropy = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    p = torch.sigmoid(logits)
    both = (p * truth).sum((1, 2, 3))
    either = (p + truth - p * truth).sum((1, 2, 3))
    return (entropy * weight).sum() / (weight.sum() + 1) + 0.15 * (1 - (both + 20) / (either + 20)).mean()


@torch.no_grad()
def held_out_scores(net: FusionNet, clips: list[Clip], meaning: Meaning) -> tuple[float, float]:
    """Mean log-loss in the band and mean IoU of the thresholded region, a clip counting once."""
    net.eval()
    losses, overlaps = [], []
    for clip in clips:
        for frame in clip.frames[::3]:
            values = torch.from_numpy(frame.astype(np.float32) / SCALE)[None]
            height, width = values.shape[2:]
            padded = functional.pad(values[:, :-1], (0, -width % 8, 0, -height % 8), mode="replicate")
            logits = net(padded)[:, :, :height, :width]
            truth = values[:, -1:]
            band = values[:, meaning.band : meaning.band + 1] if meaning.band is not None else torch.ones_like(truth)
            entropy = functional.binary_cross_entropy_with_logits(logits, (truth > 0.5).float(), reduction="none")
            losses.append(float((entropy * band).sum() / (band.sum() + 1)))
            a, b = logits > 0, truth > 0.5
            overlaps.append(float((a & b).sum() / max(1, int((a | b).sum()))))
    return float(np.mean(losses)), float(np.mean(overlaps))


@torch.no_grad()
def follow(average: FusionNet, net: FusionNet, decay: float) -> None:
    """Moves the running average of the weights towards the network."""
    for a, b in zip(average.state_dict().values(), net.state_dict().values()):
        if a.dtype.is_floating_point:
            a.lerp_(b, 1 - decay)
        else:
            a.copy_(b)


def rate_at(done: float, iteration: int, peak: float) -> float:
    """50 iterations of warm-up, then a cosine down to 1e-5."""
    return peak * min(1.0, (iteration + 1) / 50) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, done))) + 1e-5


def optimise(net: FusionNet, crops: Crops, o: argparse.Namespace) -> tuple[FusionNet, list[float]]:
    """Trains until the iterations or the seconds are used up. Returns the running average and the loss every 250."""
    optimiser = torch.optim.AdamW(net.parameters(), lr=o.rate, weight_decay=1e-4)
    average = copy.deepcopy(net)
    recent: list[float] = []
    curve: list[float] = []
    start = time.time()
    iteration = 0
    while iteration < o.iterations:
        elapsed = time.time() - start
        if iteration > 20 and elapsed > o.seconds:
            break
        done = max(iteration / o.iterations, elapsed / o.seconds)
        for group in optimiser.param_groups:
            group["lr"] = rate_at(done, iteration, o.rate)
        batch = torch.from_numpy(crops.batch(o.batch)).to(memory_format=torch.channels_last)
        net.train()
        loss = loss_of(net(batch[:, :-1]), batch, crops.meaning)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        follow(average, net, min(0.995, (1 + iteration) / (10 + iteration)))
        recent.append(float(loss.detach()))
        iteration += 1
        if iteration % 250 == 0:
            curve.append(round(float(np.mean(recent[-250:])), 4))
            print(f"{iteration} loss {curve[-1]:.4f} {time.time() - start:.0f} s", flush=True)
    o.done = iteration
    o.took = time.time() - start
    return average, curve


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", required=True, help="folders of samples, separated by commas")
    parser.add_argument("--network", default="fusion", choices=sorted(MEANINGS))
    parser.add_argument("--out", required=True, help="written with .pt, .rfus and .json appended")
    parser.add_argument("--init", help=".pt of a network to go on from")
    parser.add_argument("--iterations", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=1e9, help="stop after this long")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--side", type=int, default=80, help="of a crop, a multiple of 8")
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--drop", type=float, default=0.05, help="chance that a kind of evidence is left out")
    parser.add_argument("--noise", type=float, default=0.1, help="size of smooth errors added to evidence")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    o = arguments()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    clips = read_clips(o.samples.split(","))
    if not clips:
        raise SystemExit(f"no samples in {o.samples}")
    # Every eighth generated clip (all its walks) is held out.
    names = sorted({clip.name.rsplit(".", 1)[0] for clip in clips})
    held = set(names[::8])
    training = [clip for clip in clips if clip.name.rsplit(".", 1)[0] not in held]
    held_out = [clip for clip in clips if clip.name.rsplit(".", 1)[0] in held]
    inputs = training[0].frames[0].shape[0] - 1
    net = FusionNet(inputs)
    net.start_from(MEANINGS[o.network].linear)
    if o.init:
        net.load_state_dict(torch.load(o.init, weights_only=True))
    # Depthwise convolutions are a quarter faster so.
    net = net.to(memory_format=torch.channels_last)
    parameters = sum(p.numel() for p in net.parameters())
    frames = sum(len(clip.frames) for clip in training)
    print(f"{len(training)} walks, {frames} frames, {parameters} parameters", flush=True)
    crops = Crops(training, MEANINGS[o.network], o.side, o.seed, o.drop, o.noise)
    average, curve = optimise(net, crops, o)
    average.eval()
    loss, overlap = held_out_scores(average, held_out, MEANINGS[o.network])
    torch.save(average.state_dict(), o.out + ".pt")
    values = write_weights(average, o.out + ".rfus")
    record = {
        "network": o.network,
        "inputs": inputs,
        "values": values,
        "walks": len(training),
        "frames": frames,
        "iterations": o.done,
        "seconds": round(o.took),
        "batch": o.batch,
        "side": o.side,
        "rate": o.rate,
        "drop": o.drop,
        "noise": o.noise,
        "seed": o.seed,
        "lossEvery250": curve,
        "heldOut": {"logLoss": round(loss, 4), "iou": round(overlap, 4)},
        "torch": torch.__version__,
    }
    with open(o.out + ".json", "w") as file:
        json.dump(record, file, indent=1)
    print(json.dumps(record["heldOut"]), flush=True)


if __name__ == "__main__":
    main()

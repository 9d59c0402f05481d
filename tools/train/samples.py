"""Reads the samples that the training driver dumps and cuts augmented crops out of them."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SCALE = 4096.0


@dataclass(frozen=True)
class Meaning:
    """What the input maps of a network mean, as far as augmentation has to know. Numbers are map indices."""

    # Change sign when the picture is mirrored left-right, or top-bottom.
    flip_x: tuple[int, ...]
    flip_y: tuple[int, ...]
    # Speeds: scaled together now and then.
    speeds: tuple[int, ...]
    # L, a, b.
    lab: tuple[int, int, int]
    # Kinds of evidence: a whole one is left out now and then.
    families: tuple[tuple[int, ...], ...]
    # Log ratios whose gain varies.
    ratios: tuple[int, ...]
    # Maps that get smooth random errors.
    noisy: tuple[int, ...]
    # 1 where the network's answer counts fully; None: everywhere.
    band: int | None
    # Weights of the linear fuser that training starts from: (map, weight).
    linear: tuple[tuple[int, float], ...] = ()


# Order of packages/embedded/src/evidence/maps.ts.
FUSION = Meaning(
    flip_x=(19, 21),
    flip_y=(20, 22),
    speeds=(19, 20, 21, 22),
    lab=(23, 24, 25),
    families=((1,), (2,), (3,), (4, 18), (7,), (6, 16), (5,)),
    ratios=(1, 2, 3),
    noisy=(1, 2, 3, 4, 6, 7, 16, 18),
    band=26,
    linear=((0, 1.2), (1, 0.8), (2, 0.2), (3, 0.4), (9, 0.3), (11, 0.3), (16, 1.0), (18, 1.5)),
)


# Order of packages/embedded/src/prompts/evidence.ts. Without motion its whole family is 0, as for a still.
CLICK = Meaning(
    flip_x=(18,),
    flip_y=(19,),
    speeds=(18, 19),
    lab=(20, 21, 22),
    families=((0,), (1,), (2, 3), (4,), (5, 7), (13,), (14,), (5, 6, 7, 18, 19, 24), (20, 21, 22), (23,)),
    ratios=(0, 1, 2, 4),
    noisy=(0, 1, 2, 4, 5, 14),
    band=None,
    linear=((1, 1.2), (2, 0.4), (4, 1.2), (5, 0.7)),
)


@dataclass(frozen=True)
class Clip:
    """The samples of one walk through one clip: arrays [maps + 1, height, width], int16, the truth last."""

    name: str
    frames: list[np.ndarray]


def read_clips(folders: list[str]) -> list[Clip]:
    """All clips of the folders in a fixed order. The files stay on disk and are mapped."""
    clips = []
    for folder in folders:
        for listing in sorted(Path(folder).glob("*.json")):
            entries = json.loads(listing.read_text())
            values = listing.with_suffix(".i16")
            if not entries or not values.stat().st_size:
                continue
            data = np.memmap(values, np.int16, "r")
            planes = data.size // sum(e["width"] * e["height"] for e in entries)
            frames = [
                data[e["offset"] : e["offset"] + planes * e["width"] * e["height"]].reshape(planes, e["height"], e["width"])
                for e in entries
                if e["width"] >= 12 and e["height"] >= 12
            ]
            if frames:
                clips.append(Clip(listing.stem, frames))
    return clips


def smooth_noise(rng: np.random.Generator, side: int) -> np.ndarray:
    """Noise with features of about a fifth of the side, deviation about 0.7."""
    grid = rng.normal(0, 1, (7, 7)).astype(np.float32)
    at = np.linspace(0, 5.999, side, dtype=np.float32)
    i = at.astype(np.int32)
    f = at - i
    f = f * f * (3 - 2 * f)
    rows = grid[i] * (1 - f)[:, None] + grid[i + 1 if i[-1] < 6 else i] * f[:, None]
    return rows[:, i] * (1 - f)[None] + rows[:, i + 1 if i[-1] < 6 else i] * f[None]


class Crops:
    """Draws batches: a clip uniformly, then a frame, then a place, so that long clips and large objects do not dominate."""

    def __init__(self, clips: list[Clip], meaning: Meaning, side: int, seed: int, drop: float, noise: float):
        self.clips = clips
        self.meaning = meaning
        self.side = side
        self.rng = np.random.default_rng(seed)
        self.drop = drop
        self.noise = noise

    def batch(self, size: int) -> np.ndarray:
        return np.stack([self.augment(self.crop()) for _ in range(size)])

    def crop(self) -> np.ndarray:
        rng, side = self.rng, self.side
        clip = self.clips[rng.integers(len(self.clips))]
        frame = clip.frames[rng.integers(len(clip.frames))]
        height, width = frame.shape[1:]
        for _ in range(4):
            y = rng.integers(0, max(1, height - side + 1))
            x = rng.integers(0, max(1, width - side + 1))
            window = frame[:, y : y + side, x : x + side]
            if self.meaning.band is None or window[self.meaning.band].any():
                break
        values = window.astype(np.float32) / SCALE
        missing = [(0, 0), (0, side - values.shape[1]), (0, side - values.shape[2])]
        return np.pad(values, missing, mode="edge") if missing[1][1] or missing[2][1] else values

    def augment(self, c: np.ndarray) -> np.ndarray:
        rng, m = self.rng, self.meaning
        if rng.random() < 0.5:
            c = c[:, :, ::-1].copy()
            c[list(m.flip_x)] *= -1
        if rng.random() < 0.2:
            c = c[:, ::-1].copy()
            c[list(m.flip_y)] *= -1
        light, red, yellow = m.lab
        turn, gain = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 1.5)
        a, b = c[red].copy(), c[yellow].copy()
        c[red] = gain * (np.cos(turn) * a - np.sin(turn) * b) + rng.normal(0, 0.3)
        c[yellow] = gain * (np.sin(turn) * a + np.cos(turn) * b) + rng.normal(0, 0.3)
        sign = 1 if rng.random() < 0.8 else -1
        c[light] = c[light] * rng.uniform(0.6, 1.3) * sign + rng.normal(0, 0.3)
        if m.speeds:
            c[list(m.speeds)] *= np.exp(rng.normal(0, 0.25))
        for family in m.families:
            if rng.random() < self.drop:
                c[list(family)] = 0
        for k in m.ratios:
            c[k] *= rng.uniform(0.7, 1.3)
        if self.noise > 0:
            for k in m.noisy:
                if rng.random() < 0.5:
                    c[k] += self.noise * smooth_noise(rng, self.side)
        return c

"""Fine-tune a kraken line recogniser on line strips, on a CPU, within a given time.

Reads tars of line strips (`lines.jsonl` beside the images: image, text, split, collection),
trains all weights of a kraken model on the `train` lines with a plain CTC loop, measures the
character error rate on the `val` lines, and writes the best weights as a kraken CoreML file.

Lines are scaled, padded and inverted as kraken does before recognition. Lines of similar width
form a batch and are scaled to the same width, which serves as width augmentation and needs no
padding: packed sequences are several times slower on a CPU. The learning rate follows the wall
clock, so the run ends annealed whatever else the machine does. Two runs are therefore alike but
not identical, even with one seed.

    MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=4294967296 python train_french_registers.py \\
        --base french-registers-0.mlmodel --lines lines-0.tar lines-1.tar \\
        --out french-registers-1.mlmodel --minutes 80

The two variables keep the C library from handing memory back to the system at every step; they
make the training about a third faster on Linux and change nothing else.
"""

from __future__ import annotations

import argparse
import copy
import io
import json
import math
import tarfile
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from kraken.lib.ctc_decoder import greedy_decoder
from kraken.lib.dataset import ImageInputTransforms
from kraken.models import load_models
from kraken.models.writers import write_coreml
from PIL import Image, ImageFilter
from rapidfuzz.distance import Levenshtein
from torch.nn import functional

PADDING = 16  # blank pixels kraken adds left and right of a line
STRIDE = 4  # pixels of a line to one step of the network's output
MASK = 5  # grey levels below this are the black outside of the line's polygon
PIXELS = 11_200  # pixels of width in a batch
EMA_DECAY = 0.999
CLIP = 2.0


@dataclass(frozen=True)
class Line:
    """A line strip, its text, the text as labels of the network, and where it is from."""

    image: Image.Image
    text: str
    labels: list[int]
    collection: str

    def width(self, height: int) -> int:
        """Width of the strip in pixels when scaled to a height."""
        return max(1, self.image.width * height // self.image.height)

    def least_width(self) -> int:
        """Width below which the network has too few output steps for the text."""
        repeats = sum(a == b for a, b in zip(self.labels, self.labels[1:], strict=False))
        return STRIDE * (len(self.labels) + repeats + 1) - 2 * PADDING


def read_lines(tars: list[Path], codec: Any) -> dict[str, list[Line]]:
    """Reads the strips of all tars, grey, by split; lines the codec cannot write are left out."""
    splits: dict[str, list[Line]] = defaultdict(list)
    for path in tars:
        with tarfile.open(path) as tar:
            members = {Path(m.name).name: m for m in tar.getmembers() if m.isfile()}
            index = tar.extractfile(members["lines.jsonl"])
            assert index is not None
            for row in map(json.loads, index.read().decode("utf-8").splitlines()):
                if not row["text"] or any(c not in codec.c2l for c in row["text"]):
                    continue
                strip = tar.extractfile(members[Path(row["image"]).name])
                assert strip is not None
                image = Image.open(io.BytesIO(strip.read())).convert("L")
                labels = codec.encode(row["text"]).tolist()
                line = Line(image, row["text"], labels, row["collection"])
                splits[row["split"]].append(line)
    return splits


def warp(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Shears, tilts, shifts and locally stretches a line; what comes in from outside is black."""
    width, height = image.size
    pieces = max(1, round(width / 90))
    shear = rng.uniform(-0.25, 0.25) * height / 2
    scale = rng.uniform(-0.08, 0.08) * height / 2
    shift = rng.uniform(-2, 2)
    slope = rng.uniform(-2, 2) * min(1.0, width / 400)
    edges = np.linspace(0, width, pieces + 1)
    source = edges + rng.uniform(-5, 5, pieces + 1) * (pieces > 1)
    source[0], source[-1] = 0, width
    wave = shift + slope * (edges / width - 0.5) + rng.uniform(-1, 1, pieces + 1)
    mesh = []
    for i in range(pieces):
        left, right = int(edges[i]), int(edges[i + 1])
        (x0, x1), (y0, y1) = source[i : i + 2], wave[i : i + 2]
        top, bottom = -scale, height + scale
        near = (x0 + shear, y0 + top, x0 - shear, y0 + bottom)
        far = (x1 - shear, y1 + bottom, x1 + shear, y1 + top)
        mesh.append(((left, 0, right, height), near + far))
    return image.transform(
        image.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC, fillcolor=0
    )


def repaint(image: Image.Image, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Varies stroke, sharpness, contrast, brightness and noise; the polygon's outside stays."""
    outside = np.asarray(image) < MASK
    chance = rng.random()
    if chance < 0.15:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.9)))
    elif chance < 0.25:
        thicker = rng.random() < 0.5
        other = image.filter(ImageFilter.MinFilter(3) if thicker else ImageFilter.MaxFilter(3))
        image = Image.blend(image, other, rng.uniform(0.1, 0.5))
    grey: npt.NDArray[np.float32] = np.array(image, dtype=np.float32)
    mean = float(grey[~outside].mean()) if not outside.all() else 128.0
    grey = (grey - mean) * rng.uniform(0.7, 1.3) + mean + rng.uniform(-30, 30)
    if rng.random() < 0.3:
        grey += rng.standard_normal(grey.shape, dtype=np.float32) * rng.uniform(1, 8)
    grey[outside] = 0
    return np.clip(grey, 0, 255).astype(np.float32)


def augmented(line: Line, width: int, height: int, rng: np.random.Generator) -> torch.Tensor:
    """A line at the given size, changed at random, as kraken gives it to the network."""
    image = line.image.resize((width, height), Image.Resampling.LANCZOS)
    if rng.random() < 0.8:
        image = warp(image, rng)
    grey = repaint(image, rng) if rng.random() < 0.8 else np.array(image, dtype=np.float32)
    ink = torch.from_numpy(1 - grey / 255)[None]
    return functional.pad(ink, (PADDING, PADDING))


def batches(
    lines: list[Line], height: int, rng: np.random.Generator
) -> list[tuple[int, list[int]]]:
    """One epoch's batches in random order: a common width and the lines to be scaled to it."""
    jitter = rng.uniform(0.85, 1.15, len(lines))
    widths = [
        max(round(line.width(height) * j), line.least_width())
        for line, j in zip(lines, jitter, strict=True)
    ]
    order = sorted(range(len(lines)), key=widths.__getitem__)
    result = []
    while order:
        size = min(32, max(8, PIXELS // (widths[order[0]] + 2 * PADDING)))
        batch, order = order[:size], order[size:]
        middle = widths[batch[len(batch) // 2]]
        result.append((max(middle, *(lines[i].least_width() for i in batch), 8), batch))
    return [result[i] for i in rng.permutation(len(result))]


def epoch(
    lines: list[Line], height: int, rng: np.random.Generator
) -> Iterator[tuple[torch.Tensor, list[Line]]]:
    """One pass over the lines in augmented batches."""
    for width, batch in batches(lines, height, rng):
        images = [augmented(lines[i], width, height, rng) for i in batch]
        yield torch.stack(images), [lines[i] for i in batch]


def step(model: Any, images: torch.Tensor, lines: list[Line]) -> torch.Tensor:
    """CTC loss of a batch per character, network in bfloat16, loss in full precision."""
    images = images.contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16):
        output, _ = model.nn(images, None)
    logs = output.float().squeeze(2).permute(2, 0, 1).log_softmax(2)
    steps = torch.full((len(lines),), logs.shape[0])
    targets = torch.tensor([label for line in lines for label in line.labels])
    lengths = torch.tensor([len(line.labels) for line in lines])
    loss = functional.ctc_loss(logs, targets, steps, lengths, reduction="sum", zero_infinity=True)
    return loss / lengths.sum()


@torch.inference_mode()
def read(model: Any, lines: list[Line]) -> list[str]:
    """Texts of the lines, one by one, with kraken's own transforms and greedy decoder."""
    batch, channels, height, width = model.input
    transform = ImageInputTransforms(batch, height, width, channels, (PADDING, 0), False)
    model.eval()
    texts = []
    for line in lines:
        output, _ = model.nn(transform(line.image)[None], None)
        labels = greedy_decoder(output.softmax(1).squeeze(2))[0]
        texts.append("".join(c for c, *_ in model.codec.decode(labels)))
    return texts


def error_rates(model: Any, lines: list[Line]) -> dict[str, float]:
    """Character error rate of all lines together and by collection."""
    errors: dict[str, int] = defaultdict(int)
    lengths: dict[str, int] = defaultdict(int)
    for line, text in zip(lines, read(model, lines), strict=True):
        for key in ("all", line.collection):
            errors[key] += Levenshtein.distance(text, line.text)
            lengths[key] += len(line.text)
    return {key: errors[key] / lengths[key] for key in lengths}


def save(model: Any, out: Path) -> None:
    """Writes the model for kraken, replacing an earlier file only once the new one is whole."""
    part = out.with_name(out.stem + ".part.mlmodel")
    part.unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        write_coreml([model], part)
    part.replace(out)


def learning_rate(done: float, peak: float) -> float:
    """One cycle over the run's time: 4 % up from a tenth of the peak, then a cosine to zero."""
    if done < 0.04:
        return peak * (0.1 + 0.9 * done / 0.04)
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - 0.04) / 0.96)))


@torch.no_grad()
def follow(average: Any, model: Any, steps: int) -> None:
    """Moves the averaged weights towards the model's."""
    weight = 1 - min(EMA_DECAY, (1 + steps) / (10 + steps))
    for kept, current in zip(average.parameters(), model.parameters(), strict=True):
        kept.lerp_(current, weight)


def train(model: Any, splits: dict[str, list[Line]], args: argparse.Namespace) -> None:
    """Trains for the given minutes; the averaged weights are measured and the best are kept."""
    rng = np.random.default_rng(args.seed)
    average = copy.deepcopy(model)
    model.nn.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), args.learning_rate, weight_decay=0.01)
    best = error_rates(average, splits["val"])
    print("base", {key: round(value, 4) for key, value in best.items()}, flush=True)
    start, seen, steps, passes, done = time.monotonic(), 0, 0, 0, 0.0
    while done < 1:
        losses: list[float] = []
        model.train()
        for images, lines in epoch(splits["train"], model.input[2], rng):
            done = (time.monotonic() - start) / (60 * args.minutes)
            if done >= 1:
                break
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(done, args.learning_rate)
            loss = step(model, images, lines)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
            optimizer.step()
            follow(average, model, steps := steps + 1)
            seen, losses = seen + len(lines), [*losses[-499:], loss.item()]
        passes += 1
        if done < 1 and passes % args.evaluate_every:
            continue
        rates = error_rates(average, splits["val"])
        seconds = time.monotonic() - start
        report = {key: round(value, 4) for key, value in rates.items()}
        print(f"{passes=} {done=:.3f} {seen=} {steps=} {seconds=:.0f}", end=" ")
        print(f"loss={np.mean(losses or [0]):.4f} val={report}", flush=True)
        if rates["all"] < best["all"]:
            best = rates
            save(average, args.out)


def main() -> None:
    """Reads the arguments, the base and the lines, and trains."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, required=True, help="kraken model to start from")
    parser.add_argument("--lines", type=Path, required=True, nargs="+", metavar="TAR")
    parser.add_argument("--out", type=Path, required=True, help="CoreML file to write")
    parser.add_argument("--minutes", type=float, default=80, help="how long to train")
    parser.add_argument("--evaluate-every", type=int, default=2, metavar="EPOCHS")
    parser.add_argument("--learning-rate", type=float, default=1e-3, help="the cycle's peak")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    model = load_models(args.base, tasks=["recognition"])[0]
    splits = read_lines(args.lines, model.codec)
    print({split: len(lines) for split, lines in splits.items()}, flush=True)
    train(model, splits, args)


if __name__ == "__main__":
    main()

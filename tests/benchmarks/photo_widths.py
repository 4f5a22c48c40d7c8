"""Photos in five widths and two formats compared with sharp, at the same settings: CPU, memory, bytes and quality.

    npm install --prefix NODE sharp@0.35
    python -m venv VENV; VENV/bin/pip install ssimulacra2 numpy scipy pillow
    .venv/bin/python tests/benchmarks/photo_widths.py PHOTOS NODE VENV/bin/python [avif]

PHOTOS: a folder of large JPEGs, twenty for comparable figures. WebP q75 m4 and JPEG q78 4:2:0 progressive on
both sides; with `avif` the site's own format in place of WebP, sharp's at the quality that gives about the same (58).
sharp in its best style: one decode, each width from the one before, two photos at a time. Memory: the resident sizes of
all processes of a side, summed, sampled every 20 ms. Quality: SSIMULACRA2 of the 1280 pixels wide files of the first
four photos, against the original shrunk by Lanczos.

2026-11-26, 20 photos of 4000 x 3000, two cores with no other work, Pillow 13, sharp 0.35.5, three runs of each in turn:

    campaign  16.7 15.1 16.1 s CPU, 167 167 168 MiB, webp 5.81 MB at 68.5, jpeg 10.20 MB at 77.7
    sharp     17.1 14.8 16.6 s CPU, 293 326 283 MiB, webp 6.04 MB at 68.6, jpeg 10.41 MB at 77.9

and two with `avif`:

    campaign  16.0 15.1 s CPU, 342 342 MiB, avif 6.12 MB at 74.6
    sharp     14.4 17.5 s CPU, 632 590 MiB, avif 6.19 MB at 75.2

The less of the two cores is free, the less memory sharp takes, since its two photos are then seldom at their largest
together: 204 to 240 MiB.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from campaign.cache.workers import map_in_workers
from campaign.models.outputs import Output

WIDTHS = (320, 640, 960, 1280, 1920)
# Workers have the same arguments.
MODERN = "avif" if "avif" in sys.argv else "webp"
SETTINGS = {
    MODERN: {} if MODERN == "avif" else {"format": "WEBP", "quality": 75, "method": 4},  # avif: as the site has it
    "jpeg": {"format": "JPEG", "quality": 78, "optimize": True, "progressive": True, "subsampling": "4:2:0"},
}
PEER = """
const sharp = require('sharp'); const fs = require('fs'); const path = require('path');
const [photos, out, modern] = process.argv.slice(1); sharp.concurrency(1); sharp.cache(false);
const options = { webp: { quality: 75, effort: 4 }, avif: { quality: 58, effort: 0 } }[modern];
async function make(name) {
  const stem = path.join(out, path.parse(name).name);
  let { data, info } = await sharp(path.join(photos, name)).rotate().resize(1920).removeAlpha().raw()
    .toBuffer({ resolveWithObject: true });
  for (const width of [1920, 1280, 960, 640, 320]) {
    if (width < info.width) ({ data, info } = await sharp(data, { raw: info }).resize(width).raw()
      .toBuffer({ resolveWithObject: true }));
    const same = () => sharp(data, { raw: info });
    await same()[modern](options).toFile(`${stem}-${width}.${modern}`);
    await same().jpeg({ quality: 78, progressive: true, optimizeCoding: true }).toFile(`${stem}-${width}.jpeg`);
  }
}
const left = fs.readdirSync(photos).sort();
const work = async () => { while (left.length) await make(left.shift()); };
Promise.all([work(), work()]);
"""
QUALITY = """
import sys
from ssimulacra2 import compute_ssimulacra2
for line in sys.stdin.read().splitlines():
    print(compute_ssimulacra2(*line.split("\\t")))
"""


def make(out: Path, photo: Path) -> None:
    """One photo, as `campaign build` does it, at the settings of both sides."""
    # A user who hands out photos needs nothing else from us.
    from campaign import images as pictures
    from campaign.images.recipes import RECIPES

    RECIPES.update({name: settings for name, settings in SETTINGS.items() if settings})  # type: ignore[attr-defined]
    outputs = [
        Output("picture", photo.stem, None, None, suffix, width=width) for suffix in SETTINGS for width in WIDTHS
    ]
    targets = [out / f"{photo.stem}-{output.width}.{output.format}" for output in outputs]
    result = pictures.make_all(photo.parent, photo, photo.name, outputs, targets)
    assert len(result) == len(outputs), result


def ours(photos: Path, out: Path) -> None:
    list(map_in_workers(make, out, sorted(photos.iterdir()), method="spawn"))


def family(process: int) -> Iterator[int]:
    """A process and its descendants (Linux)."""
    yield process
    try:
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from family(int(child))
    except OSError:
        return


def resident(process: int) -> int:
    """Memory of a process and its descendants in bytes."""
    total = 0
    for item in family(process):
        try:
            total += int(Path(f"/proc/{item}/statm").read_text().split()[1]) * 4096
        except OSError:
            continue
    return total


def run(command: list[str]) -> tuple[float, float, float]:
    """Seconds of CPU, seconds by the clock, MiB at the highest."""
    before, begun, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), 0
    process = subprocess.Popen(command)
    ended = threading.Event()
    threading.Thread(target=lambda: (process.wait(), ended.set())).start()
    while not ended.wait(0.02):
        most = max(most, resident(process.pid))
    if process.returncode:
        raise SystemExit(f"{command[0]} failed.")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.monotonic() - begun, most / 2**20


def quality(photos: list[Path], out: Path, ending: str, python: str, work: Path) -> float:
    """The mean SSIMULACRA2 of the 1280 pixels wide files."""
    from PIL import Image

    pairs = []
    for photo in photos:
        result = out / f"{photo.stem}-1280.{ending}"
        with Image.open(photo) as image, Image.open(result) as small:
            image.convert("RGB").resize(small.size, Image.Resampling.LANCZOS).save(work / f"{photo.stem}.png")
            small.convert("RGB").save(work / f"{result.name}.png")
        pairs.append(f"{work / photo.stem}.png\t{work / result.name}.png")
    text = subprocess.run([python, "-c", QUALITY], input="\n".join(pairs), capture_output=True, text=True, check=True)
    scores = [float(line) for line in text.stdout.split()]
    return sum(scores) / len(scores)


class Side(NamedTuple):
    """The cost of a side: seconds of CPU and by the clock, peak MiB; megabytes and likeness of its files."""

    cpu: float
    wall: float
    memory: float
    made: dict[str, tuple[float, float]]


def compare(photos: Path, node: Path, python: str) -> dict[str, Side]:
    """Both sides: campaign, sharp. node: a folder with sharp's package; python: one that has ssimulacra2."""
    names, sides_found = sorted(photos.iterdir()), {}
    os.environ["NODE_PATH"] = str(node / "node_modules")
    with TemporaryDirectory() as folder:
        sides = {name: Path(folder) / name for name in ("campaign", "sharp")}
        for out in (*sides.values(), Path(folder) / "png"):
            out.mkdir()
        commands = {
            "campaign": [sys.executable, __file__, "--ours", str(photos), str(sides["campaign"]), MODERN],
            "sharp": ["node", "-e", PEER, str(photos), str(sides["sharp"]), MODERN],
        }
        for side, out in sides.items():
            cpu, wall, memory = run(commands[side])
            result = {}
            for suffix in SETTINGS:
                size = sum(file.stat().st_size for file in out.glob(f"*.{suffix}"))
                result[suffix] = size / 1e6, quality(names[:4], out, suffix, python, Path(folder) / "png")
            sides_found[side] = Side(cpu, wall, memory, result)
    return sides_found


def main() -> None:
    sides = compare(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3])
    for name, side in sides.items():
        result = (f"{suffix} {size:.2f} MB, SSIMULACRA2 {score:.1f}" for suffix, (size, score) in side.made.items())
        print(f"{name}: {side.cpu:.1f} s CPU, {side.wall:.1f} s, {side.memory:.0f} MiB", *result, sep="; ", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ours"]:
        ours(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()

"""`campaign resize` of 20 photos to two destinations compared with sharp, at the same sizes, qualities and limits.

    npm install --prefix NODE sharp@0.35
    python tests/benchmarks/resize_photos.py NODE [RUNS]

Both sides make a WhatsApp picture (1080 x 1350, or a fifth smaller until it fits into 100 kB, at the best quality from
68 to 86) and a press picture (3508 pixels, quality 92, 4:4:4). sharp decodes each photo once, as we do, two at a time.
"""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import _write_photos
from photo_widths import run

PEER = """
const sharp = require('sharp'); const fs = require('fs'); const path = require('path');
const [photos, out] = process.argv.slice(1); sharp.concurrency(1); sharp.cache(false);
const jpeg = { progressive: true, optimizeCoding: true };
async function make(name) {
  const stem = path.join(out, path.parse(name).name);
  const { data, info } = await sharp(path.join(photos, name)).rotate().resize(3508).removeAlpha().raw()
    .toBuffer({ resolveWithObject: true });
  const press = { ...jpeg, quality: 92, chromaSubsampling: '4:4:4' };
  await sharp(data, { raw: info }).jpeg(press).toFile(`${stem}-press.jpg`);
  let phone = await sharp(data, { raw: info }).resize(1080, 1350).raw().toBuffer({ resolveWithObject: true });
  for (let best; !best; ) {
    for (let low = 68, high = 86; low <= high; ) {
      const quality = best || low < 68 ? (low + high) >> 1 : low;
      const file = await sharp(phone.data, { raw: phone.info }).jpeg({ ...jpeg, quality }).toBuffer();
      if (file.length > 100000 && quality === 68) break;
      if (file.length <= 100000) { best = file; low = quality + 1; } else high = quality - 1;
    }
    if (best) fs.writeFileSync(`${stem}-phone.jpg`, best);
    else phone = await sharp(phone.data, { raw: phone.info }).resize(Math.round(phone.info.width * 0.8)).raw()
      .toBuffer({ resolveWithObject: true });
  }
}
const left = fs.readdirSync(photos).sort();
const work = async () => { while (left.length) await make(left.shift()); };
Promise.all([work(), work()]);
"""


RESIZE = [sys.executable, "-m", "campaign", "resize", "--to", "whatsapp,press"]


def main(node: Path, runs: int) -> None:
    os.environ["NODE_PATH"] = str(node / "node_modules")
    costs: dict[str, list[float]] = {"campaign": [], "sharp": []}
    with TemporaryDirectory() as folder:
        photos, out = Path(folder) / "photos", Path(folder) / "out"
        for each in (photos, out):
            each.mkdir()
        _write_photos(photos)
        files = sorted(map(str, photos.iterdir()))
        commands = {
            "campaign": [
                sys.executable,
                "-m",
                "campaign",
                "resize",
                *files,
                "--to",
                "whatsapp,press",
                "--out",
                str(out),
            ],
            "sharp": ["node", "-e", PEER, str(photos), str(out)],
        }
        for _ in range(runs):
            for side, command in commands.items():
                cpu, wall, memory = run(command)
                costs[side].append(cpu)
                print(f"{side}: {cpu:.1f} s CPU, {wall:.1f} s, {memory:.0f} MiB", flush=True)
    ours, theirs = (statistics.median(costs[side]) for side in ("campaign", "sharp"))
    print(f"campaign {ours:.1f} s, sharp {theirs:.1f} s: {ours / theirs:.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if sys.argv[2:] else 3)

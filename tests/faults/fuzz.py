"""Let Atheris look for texts that break a reader, one reader after the other, each in a separate process.

A text that breaks one is written to tests/faults/found/ as `<reader>-<hash>`, and tests/test_readers.py includes it.
`python fuzz.py --minutes 5`, or a single reader: `python fuzz.py --reader page --minutes 1`.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOUND = Path(__file__).parent / "found"


def fuzz(name: str, seconds: float, folder: Path) -> None:
    """Feed one reader in this process until it breaks or the time is over."""
    import atheris

    with atheris.instrument_imports(include=["campaign", "yaml", "readers"], enable_loader_override=False):
        from examples import TYPED_TEXTS, good
        from readers import Desk

    desk = Desk(folder / "fresh")
    corpus, words = folder / "corpus", folder / "words"
    corpus.mkdir(exist_ok=True)
    (corpus / "good").write_bytes(good(desk.root, name))
    for number, text in enumerate(TYPED_TEXTS):
        (corpus / str(number)).write_bytes(text.encode("utf-8", "surrogatepass"))
    quoted = (text.encode("utf-8", "surrogatepass") for text in TYPED_TEXTS if text)
    lines = ('"' + "".join(f"\\x{byte:02x}" for byte in text[:60]) + '"' for text in quoted)
    words.write_text("\n".join(lines) + "\n", encoding="ascii")

    def feed(data: bytes) -> None:
        try:
            desk.feed(name, data)
        except BaseException:
            FOUND.mkdir(exist_ok=True)
            (FOUND / f"{name.replace(' ', '-')}-{hashlib.sha256(data).hexdigest()[:8]}").write_bytes(data)
            raise

    limits = (f"-max_total_time={round(seconds)}", "-max_len=20000", "-timeout=10", "-rss_limit_mb=1000")
    options = (*limits, f"-dict={words}", f"-artifact_prefix={folder}/", "-verbosity=0", "-print_final_stats=1")
    atheris.Setup([sys.argv[0], *options, str(corpus)], feed)
    atheris.Fuzz()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--reader", default="")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.folder:
        fuzz(given.reader, given.minutes * 60, given.folder)
        return
    from readers import READERS, SLOW

    names = [given.reader] if given.reader else [name for name in READERS if name not in SLOW]
    broken = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-m", "campaign", "new", f"{folder}/fresh"], check=True, capture_output=True
            )
            start_time = time.monotonic()
            one = [sys.executable, __file__, "--reader", name, "--folder", folder]
            done = subprocess.run(
                [*one, "--minutes", str(given.minutes / len(names))], capture_output=True, text=True, errors="replace"
            )
        runs = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
        print(
            f"{name}: {runs[0].split()[-1] if runs else '?'} texts in {time.monotonic() - start_time:.0f} s", flush=True
        )
        if done.returncode:
            broken.append(name)
            print(done.stdout[-3000:], done.stderr[-3000:], sep="\n")
    sys.exit(f"Broken: {', '.join(broken)}; what broke them is in {FOUND}." if broken else 0)


if __name__ == "__main__":
    main()

"""Build digests of several sizes with `alsoread build` and stock `pelican`, in turn, and print what each took."""

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from measure import ROOT, STOCK_SETTINGS, Taken, measure, write_stories


def commands(folder: Path) -> dict[str, list[str]]:
    """The same pages from both."""
    (folder / "pelicanconf.py").write_text(STOCK_SETTINGS)
    own = str(ROOT / "plugins/alsoread/pelicanconf.py")
    alsoread = ["-m", "alsoread", "build", "content", "--clean", "-s", own]
    return {
        "alsoread build": [*alsoread, "-o", "ours"],
        "alsoread build --jobs 1": [*alsoread, "-o", "ours-1", "--jobs", "1"],
        "pelican (stock)": ["-m", "pelican", "content", "-o", "theirs"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[200, 1000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--words", type=int, default=500)
    arguments = parser.parse_args()
    print(f"{'stories':>8}  {'command':<24} {'wall s':>8} {'cpu s':>8} {'MB':>6}")
    for size in arguments.sizes:
        folder = Path(tempfile.mkdtemp(prefix="alsoread-bench-"))
        try:
            write_stories(folder / "content", size, arguments.words)
            taken: dict[str, list[Taken]] = {}
            for _ in range(arguments.runs):
                for name, command in commands(folder).items():
                    taken.setdefault(name, []).append(measure(command, folder))
            for name, runs in taken.items():
                row = [statistics.median(getattr(run, field) for run in runs) for field in ("wall", "cpu", "memory")]
                print(f"{size:>8}  {name:<24} {row[0]:>8.2f} {row[1]:>8.2f} {row[2]:>6.0f}")
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()

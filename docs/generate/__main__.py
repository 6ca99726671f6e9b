"""`python -m docs.generate`: docs/reference and docs/cost.md anew; what nothing makes any more goes."""

from __future__ import annotations

from pathlib import Path

from docs.generate import cost, pages

REFERENCE = Path(__file__).resolve().parent.parent / "reference"


def write(folder: Path = REFERENCE) -> None:
    made = pages()
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for path in folder.rglob("*"):
        is_sample = "samples" in path.relative_to(folder).parts
        if path.is_file() and not is_sample and path.relative_to(folder).as_posix() not in made:
            path.unlink()


if __name__ == "__main__":
    write()
    cost.PAGE.write_text(cost.page(), "utf-8")

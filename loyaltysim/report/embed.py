"""What a page carries: its style, its scripts and its charts, and the policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from loyaltysim import __version__
from loyaltysim.experiments.files import write_whole
from loyaltysim.report.picture import Picture
from loyaltysim.report.sharing import shared
from loyaltysim.report.style import PAGE, png, settings, svg

SCRIPTS = ("embedded/vega.js", "embedded/charts.js")  # the bundle, then what draws with it
WRITTEN = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&'\u2028\u2029"})


class Shown(NamedTuple):
    """A picture as a page embeds it: the still figure as an address, the interactive one as JSON."""

    picture: Picture
    still: str
    view: str


def drawn(pictures: Iterable[Picture], folder: Path) -> dict[str, Shown]:
    """The pictures by name, each drawn once, with its files in the folder; older figures there go."""
    folder.mkdir(parents=True, exist_ok=True)
    several = list(pictures)
    with settings():
        texts = shared(partial(put, folder), several)
    found = {one.name: Shown(one, *text) for one, text in zip(several, texts, strict=True)}
    for old in folder.iterdir():
        if old.suffix in (".svg", ".png") and old.stem not in found:  # of an earlier report
            old.unlink()
    return found


def put(folder: Path, picture: Picture) -> tuple[str, str]:
    """Draw a picture and write its files; the still figure and the interactive one, as a page embeds them."""
    figure = picture.draw(PAGE)
    image = svg(figure)
    write_whole(folder / f"{picture.name}.svg", image)
    write_whole(folder / f"{picture.name}.png", png(figure))
    return address(image), as_data(picture.view())


def page_text(template: str, values: dict[str, Any]) -> str:
    """A page as text, with all it needs to be read without a network."""
    house = Environment(
        loader=PackageLoader("loyaltysim.report", "."), autoescape=True, undefined=StrictUndefined
    )
    style, scripts = text_of("style.css"), [text_of(name) for name in SCRIPTS]
    carried = {
        "version": __version__,
        "style": style,
        "scripts": scripts,
        "policy": policy(style, scripts),
    }
    return house.get_template(template).render(values | carried)


def policy(style: str, scripts: Iterable[str]) -> str:
    """The content-security policy: this style, these scripts, pictures that the page holds, nothing else."""
    allowed = " ".join(fingerprint(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {fingerprint(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def fingerprint(text: str) -> str:
    """The hash by which a policy knows a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


@cache
def text_of(name: str) -> str:
    """A file that comes with this package."""
    return (files("loyaltysim.report") / name).read_text(encoding="utf-8")


def as_data(view: dict[str, Any]) -> str:
    """A chart as JSON that no text of it can end or leave: `<` and its like are written as numbers."""
    return json.dumps(view, allow_nan=False, separators=(",", ":")).translate(WRITTEN)


def address(image: bytes) -> str:
    """An SVG as a data address; as an image it can run nothing."""
    return "data:image/svg+xml;base64," + base64.b64encode(image).decode("ascii")

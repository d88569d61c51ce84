"""The parameters that ship with the program, read once as code is. Opens no file that a user names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from timeline.kinetics.parameters import Substance, read_substances


@cache
def shipped() -> Mapping[str, Substance]:
    """Give the shipped substances by folded name.

    >>> [model.name for model in shipped()["ketamine"].models]
    ['Domino 1984', 'Clements 1981', 'Kamp 2020', 'Kamp 2020, pooled']
    """
    text = files("timeline.kinetics").joinpath("substances.toml").read_text(encoding="utf-8")
    return read_substances(text, "substances.toml")

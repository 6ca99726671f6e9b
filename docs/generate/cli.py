"""cli.md: every command with its arguments, from the parsers themselves."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from sovinto.cli import build_parser

from docs.generate.markdown import head, joined, table

INTRO = """Run as `.venv/bin/sovinto` (or `python -m sovinto.cli`). Data goes to standard output, progress
and refusals to standard error. Exit code 0: done; 1: refused, with the reason; 2: wrong usage. `clock`,
`client` and `case` need the local cloud to be running (`sovinto up`)."""
Parser = argparse.ArgumentParser


def page() -> str:
    rows = [(f"`{usage}`", about) for usage, about in commands()]
    parts = (head("Command line", "sovinto/cli"), INTRO, table(("command", "what it does"), rows))
    return joined(*parts, "## Options", table(("command", "option", "meaning"), options()))


def parsers() -> dict[str, tuple[Parser, str]]:
    """Every command by its full name, and what its help says; `clock advance` is one of its own."""
    return dict(_under("sovinto", build_parser()))


def _under(name: str, parser: Parser) -> Iterator[tuple[str, tuple[Parser, str]]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            abouts = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for word, below in action.choices.items():
                deeper = list(_under(f"{name} {word}", below))
                yield from deeper or [(f"{name} {word}", (below, abouts[word]))]


def commands() -> Iterator[tuple[str, str]]:
    for name, (parser, about) in parsers().items():
        places = [_place(action) for action in parser._actions if not action.option_strings]
        yield " ".join((name, *places)), about


def _place(action: argparse.Action) -> str:
    """What stands in this place, in brackets where it may be left out or repeated."""
    name = str(action.metavar or action.dest)
    return f"[{name} ...]" if action.nargs == "*" else name


def options() -> Iterator[tuple[str, str, str]]:
    for name, (parser, _) in parsers().items():
        for action in parser._actions:
            if action.option_strings and action.dest != "help":
                yield f"`{name}`", _names(action), _meaning(action)


def _names(action: argparse.Action) -> str:
    """Both forms of an option that can be switched off, else the long one."""
    is_switch = isinstance(action, argparse.BooleanOptionalAction)
    return ", ".join(f"`{name}`" for name in action.option_strings[0 if is_switch else -1 :])


def _meaning(action: argparse.Action) -> str:
    if action.help:
        return action.help
    if action.nargs == 0:
        return "for machines" if action.dest == "json" else ""
    return f"default {action.default}"

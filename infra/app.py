"""Synthesise one country and stage: `python -m infra.app fi local`, or the CDK with `-c stage=dev`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from infra.node import use_bundled_node
from infra.paths import ASSEMBLY, FUNCTIONS, ROOT

use_bundled_node()

from aws_cdk import App, Validations  # noqa: E402
from cdk_nag import AwsSolutionsChecks  # noqa: E402
from sovinto.errors import SovintoError  # noqa: E402

from infra import law  # noqa: E402
from infra.layers import LayerFolders, layers_for  # noqa: E402
from infra.settings import Stage, StageSettings, known, settings_for  # noqa: E402
from infra.stacks.data import DataStack  # noqa: E402
from infra.stacks.edge import EdgeStack  # noqa: E402
from infra.stacks.service import ServiceStack  # noqa: E402

if TYPE_CHECKING:
    from aws_cdk.cx_api import CloudAssembly

CONTEXT = ("page_url", "gateway_url", "gateway_provider", "mail_from", "alarm_mail", "test_clock")


def synthesise(
    settings: StageSettings,
    layers: LayerFolders,
    *,
    app: App | None = None,
    functions: Path = FUNCTIONS,
    checks: bool = True,
    unsigned: Callable[[str], tuple[str, ...]] = law.unsigned_today,
) -> CloudAssembly:
    """The cloud assembly of one stage. `checks`: run cdk-nag; an unaccepted finding fails the synthesis.

    `unsigned` tells the rules of a country that nobody signed off: for prod they raise InvalidInput.
    """
    if settings.stage is Stage.PROD:
        law.refuse_unsigned(settings.country, unsigned(settings.country))
    app = app or new_app(str(ASSEMBLY / f"{settings.country}-{settings.stage}"))
    data = DataStack(app, settings)
    service = ServiceStack(app, settings, data, layers=layers, functions=functions)
    if not settings.is_local:
        EdgeStack(app, settings, service)
    if checks:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app.synth()


def new_app(outdir: str | None = None) -> App:
    """An app with the feature flags of cdk.json, which only the CDK command line reads by itself."""
    flags = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
    return App(outdir=outdir, context=flags, analytics_reporting=False)


def main(arguments: list[str]) -> int:
    """0 when the templates are written, 1 when they are refused; the reason goes to standard error."""
    try:
        _run(arguments)
    except SovintoError as refusal:
        sys.stderr.write(f"infra.app: {refusal.message}\n")
        return 1
    return 0


def _run(arguments: list[str]) -> None:
    app = new_app()
    country, stage = known(
        arguments[0] if arguments else app.node.try_get_context("country") or "fi",
        arguments[1] if len(arguments) > 1 else app.node.try_get_context("stage") or "local",
    )
    _judge_law(country, stage)
    functions = Path(arguments[2]) if len(arguments) > 2 else FUNCTIONS
    settings = settings_for(country, stage, {name: app.node.try_get_context(name) for name in CONTEXT})
    synthesise(
        settings,
        layers_for(settings),
        app=new_app(arguments[3]) if len(arguments) > 3 else None if arguments else app,
        functions=functions,
        checks=not settings.is_local,
    )


def _judge_law(country: str, stage: Stage) -> None:
    """Before anything else: whoever may not deploy should not wait for layers, nor mend settings first."""
    found = law.unsigned_today(country)
    if stage is Stage.PROD:
        law.refuse_unsigned(country, found)
    elif found:
        sys.stderr.write(f"infra.app: {law.warning(country, found)}\n")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

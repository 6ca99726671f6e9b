"""Synthesise one country and stage: `python -m infra.app fi local`, or the CDK with `-c stage=dev`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from infra.node import use_bundled_node
from infra.paths import ASSEMBLY, FUNCTIONS, ROOT

use_bundled_node()

from aws_cdk import App, Validations  # noqa: E402
from cdk_nag import AwsSolutionsChecks  # noqa: E402

from infra.layers import LayerFolders, layers_for  # noqa: E402
from infra.settings import StageSettings, settings_for  # noqa: E402
from infra.stacks.data import DataStack  # noqa: E402
from infra.stacks.edge import EdgeStack  # noqa: E402
from infra.stacks.service import ServiceStack  # noqa: E402

if TYPE_CHECKING:
    from aws_cdk.cx_api import CloudAssembly

CONTEXT = ("page_url", "gateway_url", "mail_from", "alarm_mail", "test_clock")


def synthesise(
    settings: StageSettings,
    layers: LayerFolders,
    *,
    app: App | None = None,
    functions: Path = FUNCTIONS,
    checks: bool = True,
) -> CloudAssembly:
    """The cloud assembly of one stage. `checks`: run cdk-nag; an unaccepted finding fails the synthesis."""
    app = app or new_app(str(ASSEMBLY / settings.stage))
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
    app = new_app()
    country = arguments[0] if arguments else app.node.try_get_context("country") or "fi"
    stage = arguments[1] if len(arguments) > 1 else app.node.try_get_context("stage") or "local"
    functions = Path(arguments[2]) if len(arguments) > 2 else FUNCTIONS
    settings = settings_for(country, stage, {name: app.node.try_get_context(name) for name in CONTEXT})
    synthesise(
        settings,
        layers_for(settings),
        app=new_app(arguments[3]) if len(arguments) > 3 else None if arguments else app,
        functions=functions,
        checks=not settings.is_local,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

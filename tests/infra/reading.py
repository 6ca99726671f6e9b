"""Reading templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Template = dict[str, Any]


def of_type(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Logical id to properties of all resources of one CloudFormation type."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def one(template: Template, kind: str) -> dict[str, Any]:
    found = list(of_type(template, kind).values())
    assert len(found) == 1, f"{len(found)} resources of type {kind}"
    return found[0]


def statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """(policy's logical id, statement) of every IAM policy."""
    for name, policy in of_type(template, "AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            yield name, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def functions(template: Template) -> dict[str, dict[str, Any]]:
    """Function folder name to its properties."""
    return {
        properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]: properties
        for properties in of_type(template, "AWS::Lambda::Function").values()
    }

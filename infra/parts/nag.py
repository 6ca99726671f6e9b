"""Findings of cdk-nag that we accept: one finding at a time, each with its reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(scope: IConstruct, finding: str, reason: str) -> None:
    """Accept one finding (`AwsSolutions-X1` or `AwsSolutions-IAM5[Resource::...]`) on one construct."""
    Validations.of(scope).acknowledge(Acknowledgment(id=finding, reason=reason))

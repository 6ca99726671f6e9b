"""The journeys' fixtures: one deployed stage, a client of its own for every test."""

from tests.support.journey_stage import bank, creditor, sovinto, stage

__all__ = ["bank", "creditor", "sovinto", "stage"]

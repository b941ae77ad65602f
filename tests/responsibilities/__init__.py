"""Tests of responsibilities/."""

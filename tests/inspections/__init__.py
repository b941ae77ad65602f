"""Tests of inspections/."""

"""Tests of duban/."""

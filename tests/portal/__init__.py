"""Tests of portal/."""

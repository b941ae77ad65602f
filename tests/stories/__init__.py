"""Weeks in fast motion, through every room."""

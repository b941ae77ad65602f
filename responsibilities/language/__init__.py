"""The plan language: YAML and the plan's own phrases in, a compiled plan and problems out."""

"""A person at a terminal: the ``duban`` command and ``python -m duban``."""

"""An expansion of duties that shares nothing with the engine: see `test_expansion`."""

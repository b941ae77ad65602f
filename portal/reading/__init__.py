"""The reading room (督查阅览室): an inspector looks, and changes nothing."""

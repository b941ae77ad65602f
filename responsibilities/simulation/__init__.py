"""A year seen before it is lived: the product's own rules, with units that behave by seed."""

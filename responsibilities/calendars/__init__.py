"""Which days are worked, taught and rested, and the two clocks that count them."""

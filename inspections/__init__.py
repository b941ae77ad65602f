"""What was: facts, their proofs, and the figures and findings drawn from them. Pure."""

"""Everything with weights: generators, discriminators and what they are built from."""

"""Where each customer stands, and what is to be expected of each: counts, purchase and spend models."""

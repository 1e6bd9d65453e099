"""Customers in groups: `segmentation` is the way in, `methods/` has one way of grouping per file."""

"""Hierarchical grouping by the average (squared) distance between the members of two groups."""

from engine.segments.hierarchical import Hierarchical

SEGMENTER = Hierarchical("average")

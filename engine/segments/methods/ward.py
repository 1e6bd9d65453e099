"""Hierarchical grouping after Ward: of all mergers, always the one that blurs the groups least."""

from engine.segments.hierarchical import Hierarchical

SEGMENTER = Hierarchical("ward")

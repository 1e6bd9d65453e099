"""What is missing in a shop's data, in which pattern, what that means, and how a gap may be filled for a computation.

Frames have one row per thing and one column per field; a cell is missing where pandas says so. No frame that is
handed in is ever changed.
"""

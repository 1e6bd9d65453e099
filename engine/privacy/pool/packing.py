"""Many small numbers in few large ones, with room for their sums."""

from __future__ import annotations

from collections.abc import Sequence


def chunks(widths: Sequence[int], capacity: int) -> list[list[int]]:
    """Which fields, by place, go into which number of `capacity` bits; in order."""
    result: list[list[int]] = [[]]
    room = capacity
    for place, width in enumerate(widths):
        if width > room:
            result.append([])
            room = capacity
        result[-1].append(place)
        room -= width
    return result


def packed(values: Sequence[int], widths: Sequence[int], capacity: int) -> list[int]:
    """The values side by side, the first in the lowest bits."""
    numbers = []
    for places in chunks(widths, capacity):
        number, shift = 0, 0
        for place in places:
            number |= values[place] << shift
            shift += widths[place]
        numbers.append(number)
    return numbers


def unpacked(numbers: Sequence[int], widths: Sequence[int], capacity: int) -> list[int] | None:
    """The values again; None where something stands beside them."""
    values = []
    for number, places in zip(numbers, chunks(widths, capacity), strict=True):
        for place in places:
            values.append(number & ((1 << widths[place]) - 1))
            number >>= widths[place]
        if number:
            return None
    return values

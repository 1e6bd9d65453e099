"""Intake: from the file a shop exports to rows that count, and a receipt for those that do not.

`read` finds out what a file is and what its columns mean; `orders`, `people` and `goods` clean one kind each.
"""

from engine.intake.receipt import KeptColumn, Receipt, Returns
from engine.intake.understanding import Understood, understand

__all__ = ["KeptColumn", "Receipt", "Returns", "Understood", "understand"]

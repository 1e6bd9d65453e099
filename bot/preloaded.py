"""What every piece of long work needs, loaded once in the process that the others are forked from."""

import matplotlib.figure
import scipy.sparse
import scipy.stats
import sklearn.cluster
import sklearn.metrics
import sklearn.tree

import bot.commands

__all__ = ["bot", "matplotlib", "scipy", "sklearn"]

bot.commands.commands()

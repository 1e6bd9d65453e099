"""What every piece of long work needs, loaded once in the process that the others are forked from.

The modules, the letters that pictures are written with, and the words of each language. What a piece of work would
load by itself costs it as much as a fifth of its time, each time anew.
"""

from importlib import import_module
from pkgutil import walk_packages

import matplotlib.figure
import scipy.sparse
import scipy.stats
import sklearn.cluster
import sklearn.ensemble
import sklearn.feature_extraction
import sklearn.metrics
import sklearn.tree

import bot.commands
import engine
from bot.language import NAMES, language
from bot.replies.pictures import Canvas
from engine import Phrase

__all__ = ["bot", "matplotlib", "scipy", "sklearn"]

for found in walk_packages(engine.__path__, "engine."):
    import_module(found.name)
bot.commands.commands()
for code in NAMES:
    canvas = Canvas(100)
    canvas.lines(0, [Phrase("Working on it").say(language(code))])
    canvas.png()

"""Several rankers made one, by what they were worth on the shop's own past.

Windows of the past are foretold with what was known at their origins (`learning`): every pair of a customer and a
product that some ranker proposes is described (`pairs`), and a combiner (`combiners`) learns from the pairs which of
them were bought. What to buy again and what to discover are learned apart, since what tells the one says little of the
other. Where the past is too short for that, the lists are mixed by a stated rule instead (`engine.recommend.mixing`).
"""

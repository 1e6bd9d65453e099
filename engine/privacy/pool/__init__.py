"""Several shops add up what their campaigns brought, and nobody sees a single shop's counts.

    organiser ── invitation ──> every shop
    every shop ── join (its keys; one shop also makes the Paillier key: the key keeper) ──> organiser
    organiser ── roster (all keys; its digits are compared by voice) ──> every shop
    every shop ── submission (commitments, proofs of range, masked ciphertext) ──> organiser
    organiser ── sum (one ciphertext, every shop's commitment) ──> key keeper
    key keeper ── result (the totals, checked against all commitments) ──> every shop, which checks them again

A shop adds its share of the noise to its counts, commits to them (Pedersen), proves that each lies in its range, and
encrypts them (Paillier) together with masks that it shares with each other shop and that cancel in the sum of all. So
the organiser's sum can be opened only if it is of all the shops of the roster, each once; a ciphertext alone is noise
even to who has the key; and who changes a sum, anywhere on the way, is found out by everybody.
Source: Paillier (1999), "Public-Key Cryptosystems Based on Composite Degree Residuosity Classes"; Pedersen (1991),
"Non-Interactive and Information-Theoretic Secure Verifiable Secret Sharing"; Cramer, Damgård & Schoenmakers (1994),
"Proofs of Partial Knowledge"; Bonawitz et al. (2017), "Practical Secure Aggregation", on masks that cancel.

The modules that need the extra `pool` are imported where they are used, after `required.insist()`.
"""

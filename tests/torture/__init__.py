"""What the program survives, tried on real processes, real files and real HTTP.

`make torture` tries as much as is promised (ZHIKE_TORTURE=full); `make test` a small cut of the same.
"""

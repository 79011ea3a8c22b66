"""Compiled kernels of the search: take the shortest way through the index and keep the best twenty.

Only imported when numba is there, by ``by_numba``.
"""

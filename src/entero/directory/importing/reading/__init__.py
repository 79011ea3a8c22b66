"""Reads files that nobody vouches for, as streams, within limits; knows no framework and no tables."""

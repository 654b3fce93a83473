"""Loops compiled by numba: one thread each, without the interpreter's lock, so that workers and threads may call."""

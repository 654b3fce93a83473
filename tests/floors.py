"""The floors of the house: a package imports what stands below its own floor, never what stands beside or above it.

`tests/test_floors.py` holds this table against every import, those inside functions too. What is in no row of it is
not a package of `seeing` yet: put it in.
"""

FLOORS = [  # the ground first
    {"arrays", "moved", "renamed", "whole_file"},
    {"kernels", "recorded"},
    {"data", "ops"},
    {"metrics"},
    {"models", "calibration"},
    {"training", "plots", "explain", "fairness", "trained", "warm_up"},
    {"book"},
]

APART = ("seeing", "proctor")  # neither imports the other, and `proctor` does not even name `seeing`

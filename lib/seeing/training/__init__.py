"""One training loop for the whole course, and what it is given: groups of parameters, and parts that are frozen."""

from seeing.training.fit import fit
from seeing.training.freezing import freeze, training_mode, unfreeze
from seeing.training.groups import parameter_groups
from seeing.training.schedule import one_cycle

__all__ = ["fit", "freeze", "one_cycle", "parameter_groups", "training_mode", "unfreeze"]

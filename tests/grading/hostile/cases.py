"""Every case there is."""

from tests.grading.hostile import breakers, callers, cheats, files, forgeries, honest, intruders, oddities, planted
from tests.grading.hostile.case import Case

MODULES = (honest, cheats, forgeries, planted, breakers, intruders, callers, oddities, files)
CASES: dict[str, Case] = {case.name: case for module in MODULES for case in module.CASES}
assert len(CASES) == sum(len(module.CASES) for module in MODULES), "two cases have the same name"

"""How long each file of tests or notebook took, for the end of `make test`: `pytest -p tests.parts`."""

import os
from collections import Counter

PLACE = "TEST_PARTS"  # the file that `tests/stages.sh` names: a line a part, seconds first


def pytest_terminal_summary(terminalreporter) -> None:
    """Add this run's parts to the file, where one is named."""
    if PLACE not in os.environ:
        return
    seconds = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration") and hasattr(report, "when"):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    with open(os.environ[PLACE], "a", encoding="utf-8") as file:
        file.writelines(f"{time:9.1f} s  {part}\n" for part, time in seconds.items())

"""What a sandbox is worth on this host, in plain words: for `proctor doctor`."""

from rich.console import Console
from rich.table import Table

from proctor.sandbox.probe import Report, probe

# What it means for a class that a layer is missing, and how to get it.
MISSING = {
    "namespaces": (
        "students' code would see this machine and its network",
        "run as root (in a container: --cap-add SYS_ADMIN), or let users make namespaces: "
        "sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, "
        "kernel.apparmor_restrict_unprivileged_userns",
    ),
    "read-only root": (
        "students' code could read or change files of this machine",
        "use Linux 5.14 or newer, and put Python where this user can read it",
    ),
    "dropped capabilities": ("students' code would keep rights of this user", "report what this host is"),
    "no new privileges": ("students' code could gain rights through setuid programs", "report what this host is"),
    "limits": ("one notebook could take the whole machine", "use Linux 5.14 or newer"),
    "memory cgroup": (
        "memory is bounded for each process, not for a notebook with all its processes",
        "run as root, or under `systemd-run --user --scope`",
    ),
    "landlock": ("one safety net less below the read-only root", "use Linux 5.13 or newer with Landlock switched on"),
    "seccomp": (
        "one safety net less against mistakes in the kernel",
        "pip install pyseccomp, and install the system's libseccomp (libseccomp2)",
    ),
}


def doctor(console: Console) -> int:
    """Try the sandbox and say what is enforced, what is missing, what that means and how to get it.

    Args:
        console: where to print.

    Returns:
        The exit status: 0 if strangers' code can be confined here, else 1.
    """
    return show(probe(), console)


def show(report: Report, console: Console) -> int:
    """Print a report; returns the exit status."""
    table = Table(box=None, pad_edge=False)
    for heading in ("layer", "", "what was seen"):
        table.add_column(heading, overflow="fold")
    for layer in report.layers:
        word = "[green]holds[/]" if layer.available else "[red]missing[/]" if layer.required else "[yellow]missing[/]"
        table.add_row(layer.name, word, layer.detail)
    console.print(table)
    for layer in report.layers:
        if not layer.available and layer.detail != "not tried":
            meaning, remedy = MISSING[layer.name]
            console.print(f"\n[bold]{layer.name}[/]: {meaning}.\n  To get it: {remedy}.", highlight=False)
    if report.confines:
        console.print("\nStudents' code is confined on this host.")
        return 0
    console.print("\n[bold red]Students' code cannot be confined on this host:[/]", end=" ")
    console.print(report.sentence, markup=False, highlight=False)
    return 1

"""How much of the machine a process of the sandbox may take."""

import os

from proctor.sandbox.policy import Policy, SandboxError, layer

LAYER = "limits"


def has_memory_cgroup(policy: Policy) -> bool:
    """Whether one of the policy's cgroups bounds the memory; asked while the host's files are visible."""
    names = ("memory.max", "memory.limit_in_bytes")
    return any(os.path.exists(f"{directory}/{name}") for directory in policy.cgroups for name in names)


def limit_resources(policy: Policy, memory: bool) -> None:
    """Bound file sizes, file descriptors and core dumps, and with `memory` the data of each process.

    Args:
        policy: the sizes.
        memory: bound the data of each process to what it has now and `policy.memory` more: a list without end then
            ends in a MemoryError. Shared memory is not counted, which is why a memory cgroup is better.

    Raises:
        SandboxError: if a limit of this process is already lower than the policy's.
    """
    limit("CORE", 0)
    limit("FSIZE", policy.disk)
    limit("NOFILE", policy.open_files)
    limit("MEMLOCK", 0)
    limit("MSGQUEUE", 0)
    if memory:
        limit("DATA", data_size() + policy.memory)


def limit_processes(policy: Policy) -> None:
    """Bound processes and threads together. Called where the count starts at 0: in the last user namespace."""
    limit("NPROC", policy.processes)


def limit(name: str, value: int) -> None:
    """Set a limit for good, unless it is lower already."""
    import resource  # Windows lacks it

    kind = getattr(resource, f"RLIMIT_{name}")
    _, now = resource.getrlimit(kind)
    value = value if now == resource.RLIM_INFINITY else min(value, now)
    with layer(LAYER, f"the limit {name} could not be set to {value}"):
        try:
            resource.setrlimit(kind, (value, value))
        except ValueError as error:
            raise SandboxError(LAYER, f"{name} = {value}: {error}") from error


def data_size() -> int:
    """Bytes of data that this process has, as the kernel counts them for the limit DATA."""
    with open("/proc/self/status", encoding="ascii") as status:
        lines = dict(line.split(":", 1) for line in status)
    return int(lines["VmData"].split()[0]) * 1024

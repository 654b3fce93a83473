"""The order in which a process gives up the host: each step needs rights that a later one takes away."""

import os

from proctor.sandbox import landlock, libc, limits, privileges, root, syscalls
from proctor.sandbox.policy import Policy, layer


def preload() -> None:
    """Do the work that every sandbox shares; a program that forks many calls it once, and its children are faster."""
    libc.require_linux()
    libc.library()
    syscalls.program()


def confine(policy: Policy) -> None:
    """Lock this process in, for good; call it in the child that is forked after `enter`.

    It ends in the work folder /submission, as process 1 of its own process namespace, in a session of its own. File
    descriptors and the environment are as the caller left them: an open descriptor is a way out.

    Args:
        policy: what may be seen and used.

    Raises:
        SandboxError: if a layer fails; the process must then end, as it is neither in nor out.
    """
    os.umask(0o022)
    if os.getsid(0) != os.getpid():
        os.setsid()  # kill(0) reaches the whole process group, which would be the grader's
    program = syscalls.program()
    only_limits = not limits.has_memory_cgroup(policy)
    root.build(policy)
    limits.limit_resources(policy, memory=only_limits)
    privileges.become_nobody(policy)
    limits.limit_processes(policy)
    privileges.drop_capabilities()
    privileges.forbid_new_privileges()
    landlock.restrict()
    if program is not None:
        syscalls.restrict(program)
    with layer("read-only root", "the work folder should be there: report this as a bug"):
        os.chdir(root.WORK)

"""A sandbox for strangers' notebooks: a forked process that loses the host, its network and its rights.

`policy` says what a sandbox may see and use; `namespaces` leaves the host behind; `view` plans what is visible and
`root` builds it; `files` brings files in; `limits`, `privileges`, `landlock` and `syscalls` take rights away, in the
order that `confinement` gives; `cgroups` bounds memory from outside. `probe` tries it all on this host (`trial` is what
it runs) and `doctor` says the result in plain words. Linux 5.14 or newer, as root or as an ordinary user.

```python
if (child := os.fork()) == 0:
    enter(policy)            # new namespaces; the next fork is process 1 in them
    if os.fork() == 0:
        confine(policy)      # from here on the process may run anybody's code
```
"""

from proctor.sandbox.confinement import confine, preload
from proctor.sandbox.namespaces import enter
from proctor.sandbox.policy import Policy, SandboxError
from proctor.sandbox.probe import Layer, Report, probe

__all__ = ["Layer", "Policy", "Report", "SandboxError", "confine", "enter", "preload", "probe"]

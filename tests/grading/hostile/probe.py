"""A harmless submission that tells whether the dangerous ones may be handed in here."""

from tests.grading.hostile.case import answering

# As much as a fork bomb would do before it is noticed, and no more: 1,500 processes that sleep, then end.
SOURCE = """
import os, signal, socket, time
faults = []
if os.path.exists("$gradebook"):
    faults.append("the gradebook is in sight")
try:
    open("$canary/probe", "w").close()
    faults.append("files can be written outside")
except OSError:
    pass
try:
    socket.create_connection(("127.0.0.1", $tcp), timeout=0.5).close()
    faults.append("the network is there")
except OSError:
    pass
for name in filter(str.isdigit, os.listdir("/proc")):
    try:
        if b"autograde" in open(f"/proc/{name}/cmdline", "rb").read():
            faults.append("other processes are in sight")
    except OSError:
        pass
for place in (".", "/tmp", "/dev/shm"):
    if os.access(place, os.W_OK) and os.statvfs(place).f_blocks * os.statvfs(place).f_frsize > 8 << 30:
        faults.append(f"files in {place} may fill the disk")
started = []
try:
    while len(started) < 1500:
        process = os.fork()
        if process == 0:
            time.sleep(5)
            os._exit(0)
        started.append(process)
    faults.append("processes are not limited")
except OSError:
    pass
for process in started:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
print("; ".join(faults) or "SA" "FE")
"""

PROBE = answering("probe", before=SOURCE)

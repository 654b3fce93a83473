"""A harmless submission that tells whether the dangerous ones may be handed in here."""

from tests.grading.hostile.case import answering

# Threads count as processes do, and start in no time: as many as a fork bomb would have before it is noticed.
SOURCE = """
import os, socket, threading
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
threading.stack_size(1 << 16)
done, started = threading.Event(), []
try:
    while len(started) < 3000:
        thread = threading.Thread(target=done.wait)
        thread.start()
        started.append(thread)
    faults.append("processes are not limited")
except RuntimeError:
    pass
done.set()
for thread in started:
    thread.join()
print("; ".join(faults) or "SA" "FE")
"""

PROBE = answering("probe", before=SOURCE)

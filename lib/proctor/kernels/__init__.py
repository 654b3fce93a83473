"""Kernels that are ready in a moment: forks of a process that imported everything once.

zygote.py      the handle: starts that process, asks it for forks
server.py      that process
child.py       what each fork does before a stranger's code runs in it: sandbox, seeds, environment
student.py     a fork that runs the student's cells: an IPython kernel on given sockets
tester.py      a fork that runs the locked cells: a plain IPython shell on a socket
memory.py      large pages, so that a fork is quick
messages.py    JSON and file descriptors over a socket
"""

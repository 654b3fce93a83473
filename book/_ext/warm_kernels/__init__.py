"""Kernels that begin with their imports done: one process imports what pages share, and forks a kernel for each page.

`server` is that process, run by the interpreter that the kernels need; `shelf` hides in a fork what it has yet to
install; `handle` starts the server and puts a fork where jupyter_client would start a process. Only `handle` needs more
than Python and ipykernel.
"""

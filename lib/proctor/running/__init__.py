"""Running a submission: a sanitised notebook in, an executed notebook out, whatever the student's code does.

notebook.py       one notebook from its first cell to its last
plan.py           which cell runs where, and which names cross
student.py        driving the student's kernel: cells, time limits, death
tester.py         driving the process that runs the locked cells
canaries.py       cells that must fail, around a test that has to run in the student's process
outputs.py        what of a stranger's output is kept
job.py            what one run needs, as data that can cross to another machine
ahead.py          running submissions ahead of the one that nbgrader is writing
cluster.py        the same on a dask.distributed cluster
preprocessor.py   the step in nbgrader's pipeline
"""

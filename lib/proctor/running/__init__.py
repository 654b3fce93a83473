"""Running a submission: a sanitised notebook in, an executed notebook out, whatever the student's code does.

`preprocessor` is the step in nbgrader's pipeline; `ahead` runs submissions before that step asks for them, with `local`
on this machine or with `cluster` on several. What crosses to them is a `job`; `notebook` runs it, `plan` having said
which cell runs where. `student` and `tester` drive the two processes, `patience` and `outputs` bound what they take and
say, `confinement` is how confined they are. `canaries` guard a test that has to run in the student's process, and
`in_process` is all of it in one process with the instructor's rights, for machines without Linux.
"""

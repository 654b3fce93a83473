"""A test in one process, the student's functions and objects in another.

The test's process trusts nothing that comes back: values cross as JSON and raw buffers (`wire`, `values`), every
message is checked, and what is no plain value stays with the student and is spoken to through a stand-in
(`objects`, `modules`). `session` is the test's side, `student` the other.
"""

"""How the course is graded: masters, releases, classes, strangers' notebooks and the rules of an exercise.

    kernels/   forks of a warm process, one for each process that a submission needs
    remote/    a test in one process, the student's functions and objects in another
    running/   one submission from its first cell to its last, and many of them ahead
    sandbox/   what a student's process may see and do

The modules beside these read, repair, save and report, each a step in nbgrader's pipeline or a command: `proctor` lists
those. Students' notebooks import only `proctor.rules`, so this package and that module import nothing that a student's
machine lacks.
"""

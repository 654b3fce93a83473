"""How the course is graded: masters, releases, classes and the rules of an exercise.

`python -m proctor` lists the commands. Students' notebooks import only `proctor.rules`, so this package
and that module import nothing that a student's machine lacks.
"""

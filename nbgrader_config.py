"""How nbgrader releases and grades this course. Every verb reads it: `nbgrader autograde <id>`, formgrader, export.

A class in another folder loads this file and says where it lives:

    load_subconfig("nbgrader_config.py", path="/path/to/this/folder")
    c.CourseDirectory.root = "/path/to/the/class"
"""

import os
import sys
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import AssignLatePenalties, GetGrades, LimitOutput

from proctor import guard
from proctor.beside import trust_nothing_beside
from proctor.exporter import SubmissionExporter
from proctor.feedback import FeedbackExporter, HideTests
from proctor.gradebook import keep_open
from proctor.repair import RepairSubmission
from proctor.running.preprocessor import ExecuteSubmission, check_first
from proctor.saving import SaveGrades

HERE = Path(__file__).resolve().parent

# nbgrader looks for its helper `alembic` on the PATH; so no environment has to be activated
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"

c = get_config()

# where things are: a class's own folders (submitted, autograded, feedback, gradebook.db) lie in its root
c.CourseDirectory.course_id = "seeing-fairly"
c.CourseDirectory.source_directory = str(HERE / "_build" / "source")
c.CourseDirectory.release_directory = str(HERE / "assignments")
c.NbGrader.logfile = ".nbgrader.log"
c.Application.logging_config = {
    "formatters": {"console": {"class": "proctor.terminal.OneLineFormatter"}},
    "handlers": {"console": {"class": "proctor.terminal.ConsoleHandler"}},
}

# what students see in place of an answer
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# a submission: read whatever came, repaired from the gradebook, run in a sandbox with the tests outside it
c.Autograde.exporter_class = SubmissionExporter
c.Autograde.sanitize_preprocessors = [RepairSubmission]
c.Autograde.autograde_preprocessors = [ExecuteSubmission, LimitOutput, SaveGrades, AssignLatePenalties]
c.Execute.timeout = 20  # seconds a cell; `proctor` in the book says what else can be set for ExecuteSubmission
# what students' notebooks import, there before they start; of the library also the compiled loops (module:function)
c.ExecuteSubmission.preload = [
    "numpy",
    "torch",
    "torch.nn.functional",
    "torch.testing",
    "matplotlib.pyplot",
    "seeing.ops",
    "seeing.warm_up:warm_up",
]
trust_nothing_beside()
check_first()
keep_open()

# what students get back: points, advice and comments; not the hidden tests
c.GenerateFeedback.exporter_class = FeedbackExporter
c.GenerateFeedback.preprocessors = [GetGrades, HideTests, CSSHTMLHeaderPreprocessor]

# a mistyped id, a lost gradebook, a folder without its notebook: one line on the terminal, before anything runs
guard.check_command(c, HERE)

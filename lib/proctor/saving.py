"""Saving a submission's points: as nbgrader does, in one transaction instead of one for each cell."""

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from proctor.gradebook import kept_open
from proctor.running.credit import broken, settle_printed

NOTHING = "No response."


class SaveGrades(NbGraderPreprocessor):
    """Writes what the cells' outputs earn into the gradebook; what a person decided stays."""

    def preprocess(self, nb, resources):
        """Save the points of an executed notebook, all of them or, when interrupted, none.

        Args:
            nb: executed; only read.
            resources: nbconvert's.
        """
        names = resources["nbgrader"]
        with kept_open(names["db_url"]) as gradebook:
            submission = gradebook.find_submission_notebook(names["notebook"], names["assignment"], names["student"])
            grades = {grade.name: grade for grade in submission.grades}
            comments = {comment.name: comment for comment in submission.comments}
            for cell in nb.cells:
                if utils.is_grade(cell):
                    self.save_points(cell, grades[cell.metadata.nbgrader.grade_id])
                if utils.is_solution(cell) or utils.is_task(cell):
                    comments[cell.metadata.nbgrader.grade_id].auto_comment = NOTHING if unanswered(cell) else None
            gradebook.db.commit()
        return nb, resources

    def save_points(self, cell: NotebookNode, grade) -> None:
        """Note what a cell earned; a person looks where a person has decided before, and where the test is broken."""
        cell = nbformat.from_dict(cell)
        settle_printed(cell)  # of whoever runs notebooks in another way than ours
        wrong = broken(cell)
        if wrong:
            self.log.warning("the test %s %s; a person has to give its points", grade.name, wrong)
        grade.auto_score = None if wrong else utils.determine_grade(cell, self.log)[0]
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None


def unanswered(cell: NotebookNode) -> bool:
    """Whether a solution cell is as it was handed out."""
    return cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)

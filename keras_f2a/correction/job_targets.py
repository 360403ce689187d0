"""Checks the targets of a job's tasks: existing results, files in the way, and name collisions."""

from keras_f2a.correction.folders import Folder
from keras_f2a.correction.photo_task import PhotoTask, ResultOwners, collision_message
from keras_f2a.correction.settings import OutputSettings
from keras_f2a.support.errors import InputError, TakenError


class JobTargets:
    """The targets of a job's tasks in the folder for the results.

    Args:
        output: The folder for the results.
        settings: Which existing files count as results or are replaced.
    """

    def __init__(self, output: Folder, settings: OutputSettings):
        self._output, self._settings = output, settings
        self._owners = ResultOwners(output)

    def needs_correction(self, task: PhotoTask) -> bool:
        """Return whether there is no result yet, and check that one can be written.

        Raises:
            InputError: No result can be written, or another photograph has the same result.
        """
        if self.is_finished(task):
            return False
        try:
            self._check_writable(task)
        except TakenError:
            if self.is_finished(task):  # Another process wrote it in the meantime.
                return False
            raise
        return True

    def is_finished(self, task: PhotoTask) -> bool:
        """Return whether an earlier run corrected the photograph.

        Raises:
            InputError: Another photograph has the same result.
        """
        owner = self._owners.owner(task.target, task.source)
        if owner != task.source:
            raise self.collision(task, owner)
        return self._resumes(task) and self._output.has_result(task.target, task.source)

    def is_outdated(self, task: PhotoTask) -> bool:
        """Return whether a before/after picture shows a result that was deleted."""
        return self._resumes(task) and self._output.has_result(task.comparison, task.source)

    def claim(self, task: PhotoTask) -> PhotoTask:
        """Record which photograph the result belongs to, and return the task.

        Call it once the photograph is decoded, because a damaged one has no result.
        """
        self._owners.add(task.target, task.source)
        return task

    def collision(self, task: PhotoTask, owner: str) -> InputError:
        """Return the error for a photograph whose result belongs to another one.

        Args:
            task: The photograph.
            owner: The other photograph, for messages.
        """
        target = self._output.display_path(task.target)
        return InputError(collision_message(target, owner), file=task.source)

    def _check_writable(self, task: PhotoTask) -> None:
        force = self._settings.force
        if not force and self._output.is_photograph(task.target, task.source):
            raise InputError("is the photograph itself; choose another `output`", file=task.source)
        self._output.check_target(task.target, force)
        if self._settings.compare:
            self._output.check_target(task.comparison, force or self.is_outdated(task))

    def _resumes(self, task: PhotoTask) -> bool:
        return self._settings.resume and not self._settings.force and not task.fixed_name

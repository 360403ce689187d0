"""A watcher of a folder, without its loop."""

import time

from keras_f2a.services.settings import WatchSettings
from keras_f2a.services.watch import FolderWatcher


def watcher_of(library, target, **settings):
    """Return a watcher for which a file settles quickly."""
    return FolderWatcher(library, target, settings=WatchSettings(settle=0.1, **settings))


def look(watcher):
    """Look twice, with a pause in which files settle."""
    watcher.correct_settled()
    time.sleep(0.15)
    watcher.correct_settled()

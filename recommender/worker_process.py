"""Worker process of a pool: it ends with its parent."""

import multiprocessing
import os
import threading


def end_with_parent() -> None:
    """End this worker process when its parent ends, even if the parent is killed.

    A pool's worker waits for work on a pipe whose other end it also holds. After its parent was
    killed, it would wait for ever.
    """

    def watch() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

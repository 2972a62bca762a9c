"""Patching of Gradio: every patch, applied before the page is built."""

import os

import gradio.mcp
import gradio.routes
import gradio.screen_recording_utils
from gradio import route_utils

from recommender.interface.gradio_patches.agent_tools import AgentTools
from recommender.interface.gradio_patches.answer_files import hand_out_answers
from recommender.interface.gradio_patches.arguments import name_arguments
from recommender.interface.gradio_patches.event_queue import wait_for_events
from recommender.interface.gradio_patches.sessions import keep_no_sessions
from recommender.interface.gradio_patches.uploads import receive_uploads
from recommender.interface.upload_folder import UploadFolder

_WITH_TEMPORARY_FOLDER = (
    route_utils,
    gradio.routes,
    gradio.mcp,
    gradio.screen_recording_utils,
)


def patch_gradio(folder: UploadFolder) -> None:
    """Make Gradio keep its files in a folder and nothing of its callers, and check what they send.

    Args:
        folder: where uploads and answers go.
    """
    os.environ["GRADIO_TEMP_DIR"] = str(folder.path)
    for module in _WITH_TEMPORARY_FOLDER:  # They read the variable when they were imported.
        module.DEFAULT_TEMP_DIR = str(folder.path)  # type: ignore[attr-defined]
    # Gradio would report to its makers that the server runs, and that an agent called it.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Nobody may look at Gradio's statistics of traffic here; yet it would work them out anew after
    # every event, for a tenth of what an answer costs.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
    # The records behind those statistics, of which it keeps 10,000 and copies all at every event.
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
    keep_no_sessions()
    receive_uploads()
    hand_out_answers(folder)
    wait_for_events()
    name_arguments()
    gradio.mcp.GradioMCPServer = AgentTools  # type: ignore[misc]

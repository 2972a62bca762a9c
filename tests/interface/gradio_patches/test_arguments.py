"""Arguments by name: Gradio matches them with the function that tells the names."""

import pytest
from gradio_client import utils as client_utils

from recommender.interface.gradio_patches.arguments import ArgumentsError, name_arguments


def test_a_missing_argument_is_named() -> None:
    name_arguments()
    info = [{"parameter_name": "k", "parameter_has_default": False}]
    with pytest.raises(ArgumentsError, match=r"The arguments are: k \(needed\)\."):
        client_utils.construct_args(info, (), {})

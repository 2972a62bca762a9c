#!/usr/bin/env python
"""Command line from a clone: fine-tuning of a backbone (`--help` says how)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # runs from a clone, uninstalled

from recommender.commands.tune_backbone import program

if __name__ == "__main__":
    program()

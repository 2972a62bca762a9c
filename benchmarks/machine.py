"""Machine description for benchmark reports, and resident memory."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from recommender.features.encoder import supports_bfloat16

_PACKAGES = (
    "openvino",
    "numkong",
    "numpy",
    "pillow",
    "pyarrow",
    "gradio",
    "tensorflow-cpu",
    "tensorflow",
    "keras",
    "scikit-learn",
)


def cores() -> int:
    """Number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def describe_machine() -> dict[str, str]:
    """Processor, cores, memory, bfloat16, load average and versions, by name."""
    versions = {"Python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "processor": _processor(),
        "cores": str(cores()),
        "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "bfloat16": "yes" if supports_bfloat16() else "no",
        "load average before": f"{os.getloadavg()[0]:.1f}",
        "versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }


def resident(pid: int | None = None) -> float:
    """Resident memory of a process and its children, megabytes (10^6 bytes)."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) / 1e6


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()

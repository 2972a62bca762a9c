"""Backbones: convolutional networks pre-trained on ImageNet, their registry and their weights."""

from recommender.features.backbones.registry import BACKBONES, Backbone, get_backbone

__all__ = ["BACKBONES", "Backbone", "get_backbone"]

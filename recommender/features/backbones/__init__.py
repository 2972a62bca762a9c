"""Networks pre-trained on ImageNet, built by Keras; nothing else here imports TensorFlow."""

from recommender.features.backbones.registry import BACKBONES, Backbone, get_backbone

__all__ = ["BACKBONES", "Backbone", "get_backbone"]

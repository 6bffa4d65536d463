"""Inference from an exported archive. No database, no torch."""

from modelyard.serving.predictor import (
    ArchiveDamaged,
    ClassScore,
    Overloaded,
    Prediction,
    Predictor,
    PredictorClosed,
)

__all__ = ["ArchiveDamaged", "ClassScore", "Overloaded", "Prediction", "Predictor", "PredictorClosed"]

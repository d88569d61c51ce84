"""What stands beside every estimate of a level, whatever the substance. Computes nothing."""

from __future__ import annotations

from typing import Final

CAVEATS: Final = (
    "a model, not a measurement: means of volunteers and patients, not of this person",
    "fitted to hours, not days: what it says of days is extrapolation, and only the order of magnitude is claimed",
    (
        "levels move after death (post-mortem redistribution): two published cases had 2.7 and 3.8 times as much in "
        "heart as in femoral blood (Lalonde 2004)"
    ),
    "whole blood is not plasma, and early levels differ between arterial and venous blood",
    "no opinion on a cause of death: fatal, incidental and anaesthetic levels overlap",
)

"""What a substance that was given could leave in blood: models, their parameters, sound bounds. Knows no view."""

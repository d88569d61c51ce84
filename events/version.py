"""The program's own version; nothing else."""

VERSION = "0.1.0"

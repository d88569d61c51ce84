"""Shortest paths behind the network: distances, potentials, contradictions. Knows no event."""

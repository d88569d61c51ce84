"""Every reader, given what no author of it thought of."""

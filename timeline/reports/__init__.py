"""Reports: an answer or a case as text, Markdown or JSON. Asks nothing of a log and decides nothing about a case."""

"""The report as one page of HTML: its words, its replay as data, its seal. No network, no file but the templates."""

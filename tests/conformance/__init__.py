"""Our log under another project's tests of event stores, and under stricter ones."""

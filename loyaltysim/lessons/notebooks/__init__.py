"""The lessons as marimo notebooks: one file a lesson."""

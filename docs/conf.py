"""How the documentation is built: Markdown by MyST, drawn by furo, nothing fetched from elsewhere."""

from loyaltysim import __version__

project = "loyaltysim"
author = "the loyaltysim engineers"
release = version = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"loyaltysim {release}"
html_show_sourcelink = False
# Formulas are written as text or code: Sphinx's way with LaTeX would load MathJax from another site.

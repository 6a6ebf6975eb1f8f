"""A whole course as one open package (``denggao-course``, version 1; docs/course-package.md): read, compared, written."""

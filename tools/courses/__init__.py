"""What drew, sounded and set the files of the demo's courses: ``python -m tools.courses`` makes them anew (needs ffmpeg and the
Noto CJK fonts). The courses' texts lie in ``denggao/demo/university``."""

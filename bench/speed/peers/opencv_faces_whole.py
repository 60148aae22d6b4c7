"""As opencv_faces, looking at every pixel of the frame: as exact as our two looks."""

from functools import partial

from bench.speed.peers import opencv_faces

version = opencv_faces.version
prepare = partial(opencv_faces.prepare, max_side_px=100_000)

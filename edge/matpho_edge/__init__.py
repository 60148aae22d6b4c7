"""The camera gateway: a small box beside the cameras that uploads what is worth a request, and loses nothing unsaid.

It shares no code with the chain, because it is installed alone; the keys it writes are held to chalicelib's by a test.
Its modules import each other relatively, so that the installed package and a checkout's `edge.matpho_edge` are one.
"""

import os

# OpenCV reads these when it is imported, which any module here may be first to do: streams over TCP, as half a picture
# is worse than none; no word of FFmpeg's, as it prints addresses; no picture larger than the box can hold.
os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", "50000000")

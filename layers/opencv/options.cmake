# OpenCV as small as matpho can use it, as an initial cache for `cmake -C`: every entry says why it is there.
# What is off here is on by default in a build of OpenCV and is never called by chalicelib/vision.

set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(BUILD_SHARED_LIBS OFF CACHE BOOL "one extension module, nothing beside it")
set(CMAKE_MODULE_LINKER_FLAGS "-s" CACHE STRING "no symbols: a quarter of the file")
set(BUILD_LIST "core,imgproc,imgcodecs,python3" CACHE STRING "decode, resize, warp, blur, fill; no calib3d, dnn, videoio")

# One extension for every Python from 3.6 on, as in the official wheel.
set(PYTHON3_LIMITED_API ON CACHE BOOL "")
set(PYTHON3_CVPY_SUFFIX ".abi3.so" CACHE STRING "")
set(OPENCV_SKIP_PYTHON_LOADER ON CACHE BOOL "the extension itself is the package")
set(OPENCV_PYTHON3_INSTALL_PATH "." CACHE STRING "")

# The codecs that decode_image lets through, from the sources that OpenCV brings: Lambda has no such libraries.
foreach(codec JPEG PNG WEBP)
  set(WITH_${codec} ON CACHE BOOL "")
  set(BUILD_${codec} ON CACHE BOOL "")
endforeach()
set(BUILD_ZLIB ON CACHE BOOL "for PNG")

# The other codecs would only widen what a hostile file can reach.
foreach(codec AVIF GDAL GDCM IMGCODEC_GIF IMGCODEC_HDR IMGCODEC_PFM IMGCODEC_PXM IMGCODEC_SUNRASTER JASPER JPEGXL OPENEXR
    OPENJPEG SPNG TIFF)
  set(WITH_${codec} OFF CACHE BOOL "")
endforeach()

# Accelerators: none is in Lambda, and IPP alone is larger than all the rest.
foreach(accelerator CAROTENE EIGEN IPP ITT KLEIDICV LAPACK OPENCL OPENCLAMDBLAS OPENCLAMDFFT VA VA_INTEL)
  set(WITH_${accelerator} OFF CACHE BOOL "")
endforeach()

# One code path: each further one is compiled again for the same functions. All of Lambda's x86_64 machines have AVX2,
# https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html; aarch64 begins with NEON.
if(MATPHO_ARCH STREQUAL x86_64)
  set(CPU_BASELINE AVX2 CACHE STRING "")
endif()
set(CPU_DISPATCH "" CACHE STRING "")

# Cameras, windows and networks.
foreach(library FFMPEG FLATBUFFERS GSTREAMER GTK OBSENSOR PROTOBUF QUIRC V4L VTK)
  set(WITH_${library} OFF CACHE BOOL "")
endforeach()

set(WITH_ADE OFF CACHE BOOL "for G-API, which is not built, and yet downloaded while configuring")
foreach(extra DOCS EXAMPLES JAVA PACKAGE PERF_TESTS TESTS opencv_apps)
  set(BUILD_${extra} OFF CACHE BOOL "")
endforeach()
set(CV_TRACE OFF CACHE BOOL "")
set(OPENCV_GENERATE_SETUPVARS OFF CACHE BOOL "")

# The same sources give the same bytes, whenever and wherever they are built.
set(BUILD_INFO_SKIP_TIMESTAMP ON CACHE BOOL "")
set(BUILD_INFO_SKIP_SYSTEM_VERSION ON CACHE BOOL "")
set(BUILD_INFO_SKIP_EXTRA_MODULES ON CACHE BOOL "")

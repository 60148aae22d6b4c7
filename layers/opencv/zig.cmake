# zig as a cross compiler: one way for both architectures, whatever the machine that builds.
# -D MATPHO_ARCH=x86_64|aarch64, -D MATPHO_WRAPPERS=folder of cc, c++, ar and ranlib.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${MATPHO_ARCH})
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MATPHO_ARCH MATPHO_WRAPPERS)
# Every link makes zig build its C++ library for that set of flags, minutes each: the questions of CMake need none.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_C_COMPILER ${MATPHO_WRAPPERS}/cc)
set(CMAKE_CXX_COMPILER ${MATPHO_WRAPPERS}/c++)
set(CMAKE_AR ${MATPHO_WRAPPERS}/ar CACHE FILEPATH "")
set(CMAKE_RANLIB ${MATPHO_WRAPPERS}/ranlib CACHE FILEPATH "")

# Nothing of the building machine may slip in.
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(CMAKE_FIND_ROOT_PATH ${MATPHO_WRAPPERS})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)

# Fuzz targets of the wire formats: clang's libFuzzer with address and undefined-behaviour sanitizers.
#   cmake -DCMAKE_CXX_COMPILER=clang++ -DSENTIO_FUZZ=ON ...
# Their sources are compiled once more, with the fuzzer's coverage, so the room's own library stays as it is.
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_FLAGS -fsanitize=fuzzer)
check_cxx_source_compiles("extern \"C\" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }"
  SENTIO_HAVE_FUZZER)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT SENTIO_HAVE_FUZZER)
  message(STATUS "SENTIO_FUZZ needs clang++ and its libFuzzer (Debian: libclang-rt-14-dev); no fuzz targets")
  return()
endif()
set(fuzz_flags -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g1)
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/alpaca/*.cpp)
add_library(sentio_fuzzed STATIC ${fuzz_sources} ${CMAKE_SOURCE_DIR}/core/account/money.cpp
  ${CMAKE_SOURCE_DIR}/core/market/calendar.cpp ${CMAKE_SOURCE_DIR}/core/numeric/plain_text.cpp)
target_compile_options(sentio_fuzzed PUBLIC ${fuzz_flags})
target_link_libraries(sentio_fuzzed PUBLIC nlohmann_json::nlohmann_json)
foreach(format stream_frame trading_message rest_bodies polygon timestamps)
  add_executable(fuzz_${format} ${CMAKE_SOURCE_DIR}/tests/fuzz/${format}.cpp)
  target_link_libraries(fuzz_${format} PRIVATE sentio_fuzzed)
  target_link_options(fuzz_${format} PRIVATE -fsanitize=fuzzer,address,undefined)
  # libFuzzer adds what it finds to the first folder; the seeds in the source tree come second and stay clean.
  set(found ${CMAKE_BINARY_DIR}/fuzz/${format})
  file(MAKE_DIRECTORY ${found})
  add_test(NAME fuzz_${format} COMMAND fuzz_${format} -runs=20000 -seed=1 -timeout=10 -rss_limit_mb=1024
    -artifact_prefix=${found}/ ${found} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${format})
  set_tests_properties(fuzz_${format} PROPERTIES TIMEOUT 600 FAIL_REGULAR_EXPRESSION
    "ERROR:;runtime error;does not hold;checks: 0")
endforeach()

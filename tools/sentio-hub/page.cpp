// The page's bytes are taken into the program by the assembler, so that they are the file's.
#include "tools/sentio-hub/page.hpp"

#include <cstddef>

__asm__(".section .rodata\n"
        ".global sentio_page_begin\n"
        ".global sentio_page_end\n"
        "sentio_page_begin:\n"
        ".incbin \"" SENTIO_PAGE_FILE "\"\n"
        "sentio_page_end:\n"
        ".byte 0\n"
        ".previous\n");

extern "C" const char sentio_page_begin;
extern "C" const char sentio_page_end;

namespace sentio::hub {

std::string_view built_page() {
  return {&sentio_page_begin, static_cast<std::size_t>(&sentio_page_end - &sentio_page_begin)};
}

} // namespace sentio::hub

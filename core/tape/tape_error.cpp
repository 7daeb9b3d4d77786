#include "core/tape/tape_error.hpp"

namespace sentio {

std::string_view to_string(tape_fault fault) {
  switch (fault) {
  case tape_fault::none:
    return "none";
  case tape_fault::unreadable:
    return "unreadable";
  case tape_fault::not_a_tape:
    return "not_a_tape";
  case tape_fault::wrong_version:
    return "wrong_version";
  case tape_fault::truncated:
    return "truncated";
  case tape_fault::missing_end:
    return "missing_end";
  case tape_fault::wrong_length:
    return "wrong_length";
  case tape_fault::checksum:
    return "checksum";
  case tape_fault::malformed:
    return "malformed";
  case tape_fault::sequence:
    return "sequence";
  case tape_fault::chain:
    return "chain";
  case tape_fault::trailing:
    return "trailing";
  }
  return "unknown";
}

} // namespace sentio

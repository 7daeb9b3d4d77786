// The fields of every payload, by name.
#pragma once

#include "core/tape/field_sink.hpp"
#include "core/tape/record.hpp"

namespace sentio {

void describe(field_sink& sink, const record_payload& payload);

} // namespace sentio

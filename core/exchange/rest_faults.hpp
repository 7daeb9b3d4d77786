// Faults of REST calls as a hostile network or a strange venue makes them: no connection, no answer, another
// answer, or rows that nobody expects (rows F28 and F40 to F43).
#pragma once

#include "core/exchange/exchange.hpp"
#include "core/exchange/fault_board.hpp"

#include <optional>

namespace sentio::venue {

/// The answer of a call that a fault keeps from being carried out. Empty: it is to be carried out.
std::optional<http_response> answer_of_fault(fault_board& faults, const http_request& request, time_ms now);

/// What faults make of the answer of a call that was carried out.
void alter_by_fault(fault_board& faults, const http_request& request, time_ms now, http_response& response);

} // namespace sentio::venue

// The fields of a request's body: texts, amounts, prices, and what is wrong with them in Alpaca's words.
#pragma once

#include "core/exchange/refusal.hpp"

#include <optional>
#include <string>

namespace sentio::venue {

using problem = std::optional<http_response>;

/// Neither absent nor null nor an empty text.
bool given(const json& body, const char* key);
/// A text of the body; empty when absent. A value of another kind is a problem.
problem read_word(const json& body, const char* key, std::string& out);
/// A positive amount with `places` decimals; left as it is when absent.
problem read_amount(const json& body, const char* key, int places, std::optional<std::int64_t>& out);
/// A positive price with two decimals from one dollar, four below; left as it is when absent. `name` is what messages
/// call it, for example "stop_loss.stop_price".
problem read_price(const json& body, const char* key, std::optional<micros>& out, const std::string& name);

} // namespace sentio::venue

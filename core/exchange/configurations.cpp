#include "core/exchange/account_api.hpp"

#include <array>

namespace sentio::venue {

namespace {

enum class setting_type : std::uint8_t { flag, word, number };

struct setting {
  const char* name;
  setting_type type;
  std::array<const char*, 3> words; ///< that are allowed, of a word
};

/// The last three are shown only after a client has set them; the checks of day trading ended in 2026, but older
/// clients still send them.
constexpr std::array<setting, 10> settings{{{"no_shorting", setting_type::flag, {}},
                                            {"suspend_trade", setting_type::flag, {}},
                                            {"fractional_trading", setting_type::flag, {}},
                                            {"max_margin_multiplier", setting_type::word, {"1"}},
                                            {"trade_confirm_email", setting_type::word, {"all", "none"}},
                                            {"ptp_no_exception_entry", setting_type::flag, {}},
                                            {"max_options_trading_level", setting_type::number, {}},
                                            {"disable_overnight_trading", setting_type::flag, {}},
                                            {"dtbp_check", setting_type::word, {"both", "entry", "exit"}},
                                            {"pdt_check", setting_type::word, {"both", "entry", "exit"}}}};

/// What is wrong with a value; empty when it is good.
std::string problem_of(const setting& one, const json& value) {
  const std::string name = one.name;
  if (one.type == setting_type::flag)
    return value.is_boolean() ? "" : name + " must be true or false";
  if (one.type == setting_type::number)
    return value == 0 ? "" : name + " can only be 0: there are no options on this exchange";
  std::string allowed;
  for (const char* word : one.words) {
    if (!word)
      break;
    if (value == word)
      return {};
    allowed += (allowed.empty() ? "" : ", ") + std::string(word);
  }
  if (name == "max_margin_multiplier")
    return name + " can only be \"1\": this exchange gives no margin";
  return "invalid " + name + ": it must be one of " + allowed;
}

} // namespace

json configurations_of(const books& account) {
  json shown{{"no_shorting", false},           {"suspend_trade", false},
             {"fractional_trading", true},     {"max_margin_multiplier", "1"},
             {"trade_confirm_email", "all"},   {"ptp_no_exception_entry", false},
             {"max_options_trading_level", 0}};
  if (const json& changed = account.document("configurations"); changed.is_object())
    shown.update(changed);
  return shown;
}

http_response configurations(const http_request& request, books& account) {
  if (request.method == "GET")
    return answer(200, configurations_of(account));
  if (request.method != "PATCH")
    return refuse(405, 40510000, "method not allowed");
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object())
    return refuse(400, 40010000, "request body format is invalid");
  json changed = account.document("configurations");
  if (!changed.is_object())
    changed = json::object();
  for (const setting& one : settings) { // members that Alpaca does not know are ignored, as Alpaca does
    const auto given = body.find(one.name);
    if (given == body.end() || given->is_null())
      continue;
    if (const std::string problem = problem_of(one, *given); !problem.empty())
      return unprocessable(problem);
    changed[one.name] = *given;
  }
  account.set_document("configurations", std::move(changed));
  return answer(200, configurations_of(account));
}

} // namespace sentio::venue

#include "core/exchange/account_api.hpp"

#include <algorithm>

namespace sentio::venue {

namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t most_lists = 200;   ///< bounds of the state file, no rule of Alpaca's
constexpr std::size_t most_symbols = 1'000;

http_response not_found() { return refuse(404, 40410000, "watchlist not found"); }
http_response name_taken() { return refuse(422, 40010001, "watchlist name must be unique"); }

/// The lists of an account, as they are kept: rows of id, name, created_at, updated_at and symbols.
class watchlist_call {
public:
  watchlist_call(books& account, std::uint64_t seed, const std::function<json(const std::string&)>& asset_of, time_ms now)
    : account_(account), seed_(seed), asset_of_(asset_of), now_(now), kept_(account.document("watchlists")) {
    if (!kept_.is_object())
      kept_ = {{"created", 0}, {"lists", json::array()}};
  }

  http_response all() {
    json rows = json::array();
    for (const json& list : lists())
      rows.push_back(shown(list, false));
    return answer(200, rows);
  }

  http_response create(const json& body) {
    const auto name = name_in(body);
    if (!name)
      return unprocessable("name is required: a text of 1 to 64 characters");
    if (find("name", *name))
      return name_taken();
    if (lists().size() >= most_lists)
      return unprocessable("an account has at most 200 watchlists");
    std::string problem;
    const json symbols = symbols_in(body, problem);
    if (!problem.empty())
      return unprocessable(problem);
    const auto number = kept_["created"].get<std::uint64_t>() + 1;
    kept_["created"] = number;
    const std::string at = utc_text(account_.stamp(now_));
    lists().push_back({{"id", uuid_of(seed_, "watchlist", number)}, {"name", *name}, {"created_at", at},
                       {"updated_at", at}, {"symbols", symbols}});
    return saved(lists().back());
  }

  http_response one(const std::string& method, json* list, const json& body) {
    if (!list)
      return not_found();
    if (method == "GET")
      return answer(200, shown(*list, true));
    if (method == "DELETE") {
      lists().erase(lists().begin() + (list - &lists()[0]));
      account_.set_document("watchlists", kept_);
      return no_content();
    }
    if (method == "POST")
      return add(*list, body);
    // Alpaca's own method is PUT; its TypeScript client sends PATCH.
    return method == "PUT" || method == "PATCH" ? update(*list, body) : refuse(405, 40510000, "method not allowed");
  }

  http_response remove(json* list, const std::string& symbol) {
    if (!list)
      return not_found();
    json& symbols = (*list)["symbols"];
    const auto place = std::find(symbols.begin(), symbols.end(), symbol);
    if (place == symbols.end())
      return refuse(404, 40410000, "symbol not found in the watchlist: " + symbol);
    symbols.erase(place);
    return touched(*list);
  }

  json* find(const char* key, const std::string& value) {
    for (json& list : lists())
      if (list[key] == value)
        return &list;
    return nullptr;
  }

private:
  json::array_t& lists() { return kept_["lists"].get_ref<json::array_t&>(); }

  static std::optional<std::string> name_in(const json& body) {
    const auto found = body.is_object() ? body.find("name") : body.end();
    if (!body.is_object() || found == body.end() || !found->is_string())
      return std::nullopt;
    auto name = found->get<std::string>();
    return name.empty() || name.size() > longest_name ? std::nullopt : std::optional(std::move(name));
  }

  /// The symbols of a body, each once, in their order.
  json symbols_in(const json& body, std::string& problem) {
    json symbols = json::array();
    const auto found = body.is_object() ? body.find("symbols") : body.end();
    if (!body.is_object() || found == body.end() || found->is_null())
      return symbols;
    if (!found->is_array() || found->size() > most_symbols) {
      problem = "symbols must be a list of at most 1000 symbols";
      return symbols;
    }
    for (const json& symbol : *found) {
      if (!symbol.is_string() || asset_of_(symbol.get<std::string>()).is_null()) {
        problem = "asset not found: " + plain_text(symbol);
        return symbols;
      }
      if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end())
        symbols.push_back(symbol);
    }
    return symbols;
  }

  http_response add(json& list, const json& body) {
    const auto found = body.is_object() ? body.find("symbol") : body.end();
    if (!body.is_object() || found == body.end() || !found->is_string())
      return unprocessable("symbol is required");
    if (asset_of_(found->get<std::string>()).is_null())
      return unprocessable("asset not found: " + found->get<std::string>());
    json& symbols = list["symbols"];
    if (std::find(symbols.begin(), symbols.end(), *found) != symbols.end())
      return refuse(422, 40010001, "duplicate symbol in the watchlist: " + found->get<std::string>());
    if (symbols.size() >= most_symbols)
      return unprocessable("a watchlist has at most 1000 symbols");
    symbols.push_back(*found);
    return touched(list);
  }

  http_response update(json& list, const json& body) {
    const bool has_symbols = body.is_object() && body.contains("symbols") && !body["symbols"].is_null();
    const auto name = name_in(body);
    if (!name && !has_symbols)
      return unprocessable("name or symbols is required");
    if (name && *name != list["name"] && find("name", *name))
      return name_taken();
    std::string problem;
    json symbols = symbols_in(body, problem);
    if (!problem.empty())
      return unprocessable(problem);
    if (name)
      list["name"] = *name;
    if (has_symbols)
      list["symbols"] = std::move(symbols);
    return touched(list);
  }

  http_response touched(json& list) {
    list["updated_at"] = utc_text(account_.stamp(now_));
    return saved(list);
  }

  http_response saved(const json& list) {
    account_.set_document("watchlists", kept_);
    return answer(200, shown(list, true));
  }

  json shown(const json& list, bool with_assets) const {
    json row{{"id", list["id"]},
             {"account_id", uuid_of(seed_, "account", 0)},
             {"created_at", list["created_at"]},
             {"updated_at", list["updated_at"]},
             {"name", list["name"]}};
    if (!with_assets)
      return row;
    row["assets"] = json::array();
    for (const json& symbol : list["symbols"])
      if (json asset = asset_of_(symbol.get<std::string>()); !asset.is_null()) // other bars than at the last start
        row["assets"].push_back(std::move(asset));
    return row;
  }

  books& account_;
  std::uint64_t seed_;
  const std::function<json(const std::string&)>& asset_of_;
  time_ms now_;
  json kept_;
};

} // namespace

http_response watchlists(const http_request& request, books& account, std::uint64_t seed,
                         const std::function<json(const std::string&)>& asset_of, time_ms now) {
  watchlist_call call(account, seed, asset_of, now);
  const std::string& method = request.method;
  const bool has_body = method == "POST" || method == "PUT" || method == "PATCH";
  const json body = has_body ? json::parse(request.body, nullptr, false) : json();
  if (has_body && !body.is_object())
    return refuse(400, 40010000, "request body format is invalid");
  const std::string rest = request.path.substr(std::string("/v2/watchlists").size());
  if (rest.empty() && method == "GET")
    return call.all();
  if (rest.empty())
    return method == "POST" ? call.create(body) : refuse(405, 40510000, "method not allowed");
  if (rest == ":by_name")
    return call.one(method, call.find("name", query_value(request, "name")), body);
  if (rest[0] != '/')
    return refuse(404, 40410000, "endpoint not found");
  const std::size_t slash = rest.find('/', 1);
  json* const list = call.find("id", rest.substr(1, slash == std::string::npos ? slash : slash - 1));
  if (slash == std::string::npos)
    return call.one(method, list, body);
  return method == "DELETE" ? call.remove(list, rest.substr(slash + 1)) : refuse(405, 40510000, "method not allowed");
}

} // namespace sentio::venue

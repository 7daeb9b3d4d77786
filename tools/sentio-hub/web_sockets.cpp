// /live: what pages say, and what they are told.
#include "tools/sentio-hub/web_service.hpp"

#include <algorithm>
#include <limits>

namespace sentio::hub {

namespace {

constexpr std::size_t longest_frame = 512;
constexpr int most_frames_a_second = 20;
constexpr std::uint16_t token_refused = 4401;

std::string word_of(const nlohmann::json& message, const char* name) {
  const auto found = message.find(name);
  return found == message.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

/// TOKEN of "sentio.1, sentio.token.TOKEN".
std::string offered_token(const std::string& protocols) {
  constexpr std::string_view head = "sentio.token.";
  for (std::size_t begin = 0; begin < protocols.size();) {
    const std::size_t end = std::min(protocols.find(',', begin), protocols.size());
    std::string_view word = std::string_view(protocols).substr(begin, end - begin);
    while (!word.empty() && word.front() == ' ')
      word.remove_prefix(1);
    while (!word.empty() && word.back() == ' ')
      word.remove_suffix(1);
    if (word.starts_with(head))
      return std::string(word.substr(head.size()));
    begin = end + 1;
  }
  return {};
}

/// Browsers always say where a page comes from; programs that are none need not.
bool same_origin(const std::string& origin, const std::string& host) {
  const auto scheme = origin.find("://");
  return origin.empty() || (scheme != origin.npos && origin.substr(scheme + 3) == host);
}

} // namespace

/// 1: the upgrade was answered with an error; 0: it goes on.
int web_service::on_upgrade(lws* wsi, const char* protocol) {
  if (!protocol || std::string_view(protocol) != "websocket")
    return refuse_upgrade(wsi, 400, "only web sockets are understood here\n");
  const std::string host = header_of(wsi, WSI_TOKEN_HOST);
  if (header_of(wsi, WSI_TOKEN_GET_URI) != "/live" || config_.finished_only)
    return refuse_upgrade(wsi, 404, "not found; web sockets are at /live\n");
  if (!host_known(host) || !same_origin(header_of(wsi, WSI_TOKEN_ORIGIN), host))
    return refuse_upgrade(wsi, 403, "a page of another origin, or an unknown name of this hub\n");
  if (viewers_.size() >= most_viewers)
    return refuse_upgrade(wsi, 503, "as many pages look already as this hub serves\n");
  viewer& made = viewers_[wsi];
  made = viewer{};
  // A browser hides the status of a refused upgrade, so this one is accepted and closed with a code.
  made.refused = !token_good(offered_token(header_of(wsi, WSI_TOKEN_PROTOCOL)));
  if (made.refused)
    made.close_code = token_refused;
  return 0;
}

void web_service::count_viewers() {
  const auto looking = std::count_if(viewers_.begin(), viewers_.end(), [](const auto& each) {
    return each.second.open && !each.second.refused;
  });
  store_.count_viewers(static_cast<std::uint64_t>(looking), std::numeric_limits<std::uint64_t>::max());
}

void web_service::close_soon(lws* wsi, viewer& of, std::uint16_t code) {
  if (of.close_code == 0)
    of.close_code = code;
  lws_callback_on_writable(wsi);
}

/// A piece of a frame, or all of it.
int web_service::on_frame(lws* wsi, const char* data, std::size_t length) {
  const auto found = viewers_.find(wsi);
  if (found == viewers_.end() || found->second.close_code != 0)
    return 0;
  viewer& from = found->second;
  if (lws_is_first_fragment(wsi))
    from.received.clear();
  if (from.received.size() + length > longest_frame) {
    close_soon(wsi, from, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE);
    return 0;
  }
  from.received.append(data, length);
  if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) != 0)
    return 0;
  const auto now = steady::now();
  if (now - from.window >= std::chrono::seconds(1)) {
    from.window = now;
    from.frames = 0;
  }
  if (++from.frames > most_frames_a_second || lws_frame_is_binary(wsi) || on_message(from) != 0)
    close_soon(wsi, from, LWS_CLOSE_STATUS_POLICY_VIOLATION);
  else
    lws_callback_on_writable(wsi);
  return 0;
}

/// 1: it is none of the page's messages.
int web_service::on_message(viewer& from) {
  refused_message refused;
  const auto message = parse_object(from.received, longest_frame, refused);
  from.received.clear();
  if (!message)
    return 1;
  const std::string type = word_of(*message, "type"), id = word_of(*message, "instance");
  if (!is_instance_id(id))
    return 1;
  if (type == "select") {
    store_.select(from.place, id);
    return 0;
  }
  const auto symbol = message->find("symbol");
  if (type != "prices" || symbol == message->end() || !is_symbol_text(*symbol))
    return 1;
  store_.want_prices(from.place, id, symbol->get<std::string>());
  return 0;
}

int web_service::send_next(lws* wsi) {
  const auto found = viewers_.find(wsi);
  if (found == viewers_.end())
    return 0;
  viewer& to = found->second;
  if (to.close_code != 0) {
    lws_close_reason(wsi, static_cast<lws_close_status>(to.close_code), nullptr, 0);
    return -1;
  }
  const auto text = store_.next(to.place);
  if (!text)
    return 0;
  std::string framed(LWS_PRE, '\0');
  framed += *text;
  if (lws_write(wsi, reinterpret_cast<unsigned char*>(framed.data()) + LWS_PRE, text->size(),
                LWS_WRITE_TEXT) < static_cast<int>(text->size()))
    return -1;
  if (store_.has_next(to.place))
    lws_callback_on_writable(wsi);
  return 0;
}

} // namespace sentio::hub

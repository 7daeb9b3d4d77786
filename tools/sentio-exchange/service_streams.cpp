// Web sockets: frames in and out.
#include "tools/sentio-exchange/service.hpp"

#include <sys/socket.h>

namespace sentio::serving {

namespace {

constexpr std::size_t longest_message = 1u << 20; ///< of a client, bytes
constexpr std::size_t overhead = 64;              ///< bytes that a queued frame costs besides its own

} // namespace

/// The peer sees the connection end without a close frame, and without TLS's good-bye.
void service::cut(lws* wsi) {
  if (SSL* tls = lws_get_ssl(wsi))
    SSL_set_quiet_shutdown(tls, 1);
  const linger at_once{1, 0};
  setsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/// A piece of a client's message: of a frame, of several frames, or all of it.
int service::on_frame(lws* wsi, const char* data, std::size_t length) {
  connection& at = connections_[wsi];
  if (lws_is_first_fragment(wsi))
    at.received.clear();
  if (at.received.size() + length > longest_message) {
    lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, nullptr, 0);
    return -1;
  }
  if (length > 0)
    at.received.append(data, length);
  if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) != 0)
    return 0;
  if (!at.stream || at.ending)
    return 0;
  // A client of the trading stream may answer binary frames with JSON, so the bytes decide there.
  nlohmann::json message = decode(at.received, at.codec);
  if (message.is_null() && at.codec == stream_codec::msgpack)
    message = decode(at.received, stream_codec::json);
  at.received.clear();
  {
    const std::lock_guard lock(mutex_);
    exchange_->advance(venue_now());
    exchange_->on_message(*at.stream, message);
    distribute();
  }
  schedule();
  return 0;
}

int service::send_frame(lws* wsi, connection& at) {
  if (at.black_hole || at.outgoing.empty())
    return 0;
  connection::frame frame = std::move(at.outgoing.front());
  at.outgoing.pop_front();
  const std::size_t length = frame.bytes.size() - LWS_PRE;
  at.queued_bytes -= length + overhead;
  if (frame.abort) {
    cut(wsi);
    return -1;
  }
  if (length > 0) {
    // Alpaca's paper trading stream sends its JSON in binary frames.
    const bool binary = at.codec == stream_codec::msgpack || at.kind == stream_kind::trading;
    if (lws_write(wsi, reinterpret_cast<unsigned char*>(frame.bytes.data()) + LWS_PRE, length,
                  binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT) < static_cast<int>(length))
      return -1;
  }
  if (frame.close) {
    lws_close_reason(wsi, static_cast<lws_close_status>(frame.code), nullptr, 0);
    return -1;
  }
  if (!at.outgoing.empty())
    lws_callback_on_writable(wsi);
  return 0;
}

/// Puts what the exchange said into the queues of the sockets. The mutex is held.
void service::distribute() {
  for (const stream_output& output : exchange_->take()) {
    const auto found = streams_.find(output.stream);
    if (found == streams_.end())
      continue;
    connection& at = connections_[found->second];
    if (!at.ending)
      queue_output(found->second, at, output);
  }
}

void service::queue_output(lws* wsi, connection& at, const stream_output& output) {
  const auto push = [&](connection::frame frame) {
    at.queued_bytes += frame.bytes.size() - LWS_PRE + overhead;
    at.outgoing.push_back(std::move(frame));
  };
  connection::frame frame;
  frame.bytes.assign(LWS_PRE, '\0');
  if (!output.raw.empty())
    frame.bytes += output.raw;
  else if (!output.message.empty())
    frame.bytes += at.codec == stream_codec::json
                       ? output.message
                       : encode(nlohmann::json::parse(output.message), at.codec);
  const bool has_bytes = frame.bytes.size() > LWS_PRE;
  frame.close = output.close && !output.abort;
  frame.code = output.close_code;
  if (has_bytes || frame.close)
    push(std::move(frame));
  if (output.abort) {
    connection::frame end;
    end.bytes.assign(LWS_PRE, '\0');
    end.abort = true;
    push(std::move(end));
  }
  at.ending = output.close || output.abort;
  if (!at.ending &&
      (at.outgoing.size() > config_.stream_queue_messages || at.queued_bytes > config_.stream_queue_bytes))
    end_slow(wsi, at);
  if (at.open)
    lws_callback_on_writable(wsi);
}

/// The client does not read: what waits for it is thrown away, it is told so if it ever reads again, and cut
/// off.
void service::end_slow(lws* wsi, connection& at) {
  at.outgoing.clear();
  at.queued_bytes = 0;
  at.ending = true;
  nlohmann::json error;
  if (at.kind == stream_kind::stock_data)
    error = nlohmann::json::array({{{"T", "error"}, {"code", 407}, {"msg", "slow client"}}});
  else if (at.kind == stream_kind::polygon)
    error = nlohmann::json::array({{{"ev", "status"}, {"status", "error"}, {"message", "slow consumer"}}});
  else
    error = {{"action", "error"}, {"data", {{"error_message", "slow client"}}}};
  connection::frame last;
  last.bytes.assign(LWS_PRE, '\0');
  last.bytes += encode(error, at.codec);
  last.close = true;
  last.code = 1008;
  at.queued_bytes = last.bytes.size() - LWS_PRE + overhead;
  at.outgoing.push_back(std::move(last));
  lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, 3);
}

} // namespace sentio::serving

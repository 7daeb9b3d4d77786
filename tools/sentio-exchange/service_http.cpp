// REST and the upgrade of web sockets.
#include "tools/sentio-exchange/answer_text.hpp"
#include "tools/sentio-exchange/request_text.hpp"
#include "tools/sentio-exchange/service.hpp"

#include <algorithm>
#include <charconv>
#include <openssl/bio.h>

namespace sentio::serving {

namespace {

constexpr std::size_t longest_body = 1u << 20; ///< of a request, bytes
constexpr std::size_t piece = 32'768;          ///< of a reply's body, written at once
/// Bodies of one TCP segment, such as an order, gain nothing by compression; gigabytes of a fault are left as they are.
constexpr std::size_t shortest_gzip = 1'400, longest_gzip = 96u << 20;

struct method_token {
  lws_token_indexes token;
  const char* name;
};
constexpr method_token methods[] = {{WSI_TOKEN_GET_URI, "GET"},     {WSI_TOKEN_POST_URI, "POST"},
                                    {WSI_TOKEN_PATCH_URI, "PATCH"}, {WSI_TOKEN_DELETE_URI, "DELETE"},
                                    {WSI_TOKEN_PUT_URI, "PUT"},     {WSI_TOKEN_OPTIONS_URI, "OPTIONS"},
                                    {WSI_TOKEN_HEAD_URI, "HEAD"}};

std::string header(lws* wsi, lws_token_indexes token) {
  const int length = lws_hdr_total_length(wsi, token);
  if (length <= 0)
    return {};
  std::string out(static_cast<std::size_t>(length) + 1, '\0');
  const int copied = lws_hdr_copy(wsi, out.data(), length + 1, token);
  out.resize(copied > 0 ? static_cast<std::size_t>(copied) : 0);
  return out;
}

/// A header that libwebsockets has no number for; the name in lower case with its colon.
std::string header(lws* wsi, std::string_view name) {
  const int length = lws_hdr_custom_length(wsi, name.data(), static_cast<int>(name.size()));
  if (length <= 0)
    return {};
  std::string out(static_cast<std::size_t>(length) + 1, '\0');
  const int copied =
      lws_hdr_custom_copy(wsi, out.data(), length + 1, name.data(), static_cast<int>(name.size()));
  out.resize(copied > 0 ? static_cast<std::size_t>(length) : 0);
  return out;
}

std::vector<std::pair<std::string, std::string>> query_of(lws* wsi) {
  std::vector<std::pair<std::string, std::string>> out;
  char part[8'192];
  for (int i = 0; lws_hdr_copy_fragment(wsi, part, sizeof part, WSI_TOKEN_HTTP_URI_ARGS, i) >= 0; ++i) {
    // libwebsockets has decoded all but the equals sign, which it keeps as %3d to tell it from the first one.
    const std::string_view text(part);
    const auto equals = text.find('=');
    const auto plain = [](std::string_view coded) {
      std::string value;
      for (std::size_t at = 0; at < coded.size(); ++at) {
        const bool equals_sign = coded.substr(at, 3) == "%3d" || coded.substr(at, 3) == "%3D";
        value += equals_sign ? '=' : coded[at];
        at += equals_sign ? 2 : 0;
      }
      return value;
    };
    out.emplace_back(plain(text.substr(0, equals)),
                     equals == text.npos ? std::string() : plain(text.substr(equals + 1)));
  }
  return out;
}

const char* reason_of(int status) {
  return status == 404 ? "not found." : status == 401 || status == 403 ? "forbidden." : "refused.";
}

} // namespace

std::string service::method_and_path(lws* wsi, std::string& path) const {
  for (const auto& [token, name] : methods)
    if (lws_hdr_total_length(wsi, token) > 0) {
      path = header(wsi, token);
      return name;
    }
  return {};
}

void service::read_head(lws* wsi, http_request& out) const {
  out.method = method_and_path(wsi, out.path);
  out.query = query_of(wsi);
  out.key_id = header(wsi, "apca-api-key-id:");
  out.secret = header(wsi, "apca-api-secret-key:");
  if (const auto given = basic_credentials(header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION));
      given && out.key_id.empty()) {
    out.key_id = given->first;
    out.secret = given->second;
  }
  if (out.key_id.empty())
    out.token = bearer_token(header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION)).value_or("");
  out.host = header(wsi, WSI_TOKEN_HOST);
}

/// The head of a request is complete; `path` is decoded.
int service::on_request(lws* wsi, const char* path) {
  connection& at = connections_[wsi];
  at = connection{}; // an earlier request of this connection
  read_head(wsi, at.request);
  if (path && *path)
    at.request.path = path;
  std::string& method = at.request.method;
  at.head_only = method == "HEAD";
  at.gzip = allows_gzip(header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING));
  if (at.head_only)
    method = "GET"; // whose head it is
  const bool has_body = method == "POST" || method == "PATCH" || method == "PUT";
  if (method != "GET" && method != "DELETE" && !has_body) {
    refuse(wsi, 405, "method not allowed");
    return 0;
  }
  if (!read_framing(wsi, at, has_body))
    return 0;
  if (at.body_expected == 0 && !at.chunks)
    ask_exchange(wsi, at);
  return 0;
}

/// How the request's body is framed. False when it was refused.
bool service::read_framing(lws* wsi, connection& at, bool has_body) {
  const std::string length = header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
  const std::string coding = header(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING);
  const auto refused = [&](int status, const char* message) {
    refuse(wsi, status, message);
    return false;
  };
  if (!coding.empty()) {
    if (!length.empty()) // two frames for one body: what one party takes for it, another takes for a request
      return refused(400, "a request has a Content-Length or a Transfer-Encoding, not both");
    if (coding != "chunked")
      return refused(501, "the only Transfer-Encoding understood is chunked");
    if (has_body)
      at.chunks.emplace();
    else
      at.close_after = true; // the body of a GET or DELETE is not read
    return true;
  }
  if (length.empty())
    return !has_body || refused(411, "a request with a body needs a Content-Length or chunks");
  const auto [end, problem] = std::from_chars(length.data(), length.data() + length.size(), at.body_expected);
  if (problem != std::errc() || end != length.data() + length.size())
    return refused(400, "the Content-Length is no number");
  return at.body_expected <= longest_body || refused(413, "a request body has at most 1 MiB");
}

int service::on_body(lws* wsi, const char* data, std::size_t length) {
  connection& at = connections_[wsi];
  if (at.asked || at.close_after)
    return 0; // of a request that is refused already
  if (at.chunks)
    return on_chunks(wsi, at, {data, length});
  at.request.body.append(data, length);
  if (at.request.body.size() > longest_body)
    return -1;
  if (at.request.body.size() >= at.body_expected)
    ask_exchange(wsi, at);
  return 0;
}

int service::on_chunks(lws* wsi, connection& at, std::string_view bytes) {
  switch (at.chunks->read(bytes, at.request.body, longest_body)) {
  case chunked_body::progress::more:
    return 0;
  case chunked_body::progress::complete:
    // libwebsockets does not know where the body ended and would take the next request for more of it.
    at.close_after = true;
    ask_exchange(wsi, at);
    return 0;
  case chunked_body::progress::too_long:
    refuse(wsi, 413, "a request body has at most 1 MiB");
    return 0;
  case chunked_body::progress::malformed:
    break;
  }
  refuse(wsi, 400, "the chunks of the request body are malformed");
  return 0;
}

/// Answers without asking the exchange. What else the client sends is not understood, so the connection ends.
void service::refuse(lws* wsi, int status, const char* message) {
  connection& at = connections_[wsi];
  at.reply.status = status;
  at.reply.body = nlohmann::json{{"code", status * 100'000}, {"message", message}}.dump();
  at.close_after = true;
  at.asked = true;
  identify(at.reply);
  reply_later(wsi, at);
}

void service::ask_exchange(lws* wsi, connection& at) {
  at.asked = true;
  {
    const std::lock_guard lock(mutex_);
    const time_ms now = venue_now();
    exchange_->advance(now);
    at.reply = exchange_->handle(at.request);
    if (at.request.path == "/faults" && at.request.method != "GET" && at.reply.status < 300) {
      fault_plan plan; // empty after DELETE
      if (at.request.method == "DELETE" || parse_faults(at.request.body, plan).empty()) {
        faults_.set(plan, now);
        follow_faults(now);
      }
    }
    distribute();
  }
  reply_later(wsi, at);
  schedule();
}

void service::reply_later(lws* wsi, connection& at) {
  at.replying = true;
  lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0); // else it is cut off while the reply waits
  if (at.reply.delay_ms > 0) {
    at.due = steady::now() + std::chrono::milliseconds(at.reply.delay_ms);
    late_replies_.emplace(at.due, wsi);
  } else {
    lws_callback_on_writable(wsi);
  }
}

void service::identify(http_response& answer) {
  const std::lock_guard lock(mutex_);
  exchange_->advance(venue_now());
  exchange_->identify(answer);
}

/// What the body is on the wire: compressed when the client allows it and it is worth it.
void service::shape_body(connection& at) {
  std::string& body = at.reply.body;
  if (at.reply.status == 204)
    body.clear();
  if (!at.gzip || body.size() < shortest_gzip || body.size() > longest_gzip)
    return;
  auto compressed = gzipped(body);
  if (!compressed)
    return;
  body = std::move(*compressed);
  at.reply.headers.emplace_back("Content-Encoding", "gzip");
  at.reply.headers.emplace_back("Vary", "Accept-Encoding");
}

bool service::send_head(lws* wsi, const connection& at) {
  const bool has_body = at.reply.status != 204;
  std::string framed(LWS_PRE, '\0');
  framed += answer_head(at.reply, has_body ? std::optional(at.reply.body.size()) : std::nullopt, at.close_after);
  const std::size_t length = framed.size() - LWS_PRE;
  return lws_write(wsi, reinterpret_cast<unsigned char*>(framed.data()) + LWS_PRE, length, LWS_WRITE_HTTP_HEADERS) ==
         static_cast<int>(length);
}

int service::send_reply(lws* wsi, connection& at) {
  if (!at.replying || at.due > steady::now())
    return 0;
  if (at.reply.drop_connection) {
    cut(wsi);
    return -1;
  }
  if (!at.head_sent) {
    at.head_sent = true;
    shape_body(at);
    if (!send_head(wsi, at))
      return -1;
    if (at.head_only)
      at.reply.body.clear();
    if (!at.reply.body.empty()) {
      lws_callback_on_writable(wsi);
      return 0;
    }
  }
  if (at.sent < at.reply.body.size()) {
    const std::size_t length = std::min(piece, at.reply.body.size() - at.sent);
    std::string framed(LWS_PRE, '\0');
    framed.append(at.reply.body, at.sent, length);
    at.sent += length;
    const bool last = at.sent == at.reply.body.size();
    if (lws_write(wsi, reinterpret_cast<unsigned char*>(framed.data()) + LWS_PRE, length,
                  last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) != static_cast<int>(length))
      return -1;
    if (!last) {
      lws_callback_on_writable(wsi);
      return 0;
    }
  }
  at.replying = false;
  const bool close = at.close_after;
  return close || lws_http_transaction_completed(wsi) ? -1 : 0;
}

/// 1: the upgrade was answered with an error; 0: it goes on.
int service::on_upgrade(lws* wsi, const char* protocol) {
  connection& at = connections_[wsi];
  at = connection{};
  if (!protocol || !lws_hdr_total_length(wsi, WSI_TOKEN_KEY) || std::string_view(protocol) != "websocket")
    return refuse_upgrade(wsi, 400);
  if (black_hole_) {
    // Nothing that is written from now on reaches the client, neither the answer nor the end.
    at.black_hole = true;
    SSL_set_quiet_shutdown(lws_get_ssl(wsi), 1);
    SSL_set0_wbio(lws_get_ssl(wsi), BIO_new(BIO_s_null()));
    return 0;
  }
  read_head(wsi, at.request);
  std::string& path = at.request.path;
  if (path.size() > 1 && path.ends_with('/')) // "/stream/" is "/stream", as at Alpaca
    path.pop_back();
  if (path == "/stream")
    at.kind = stream_kind::trading;
  else if (path == "/stocks")
    at.kind = stream_kind::polygon;
  else if (path != "/v2/iex" && path != "/v2/sip" && path != "/v2/test" && !path.starts_with("/v1beta1/"))
    return refuse_upgrade(wsi, 404);
  if (header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE).starts_with("application/msgpack"))
    at.codec = stream_codec::msgpack;
  int status = 0;
  {
    const std::lock_guard lock(mutex_);
    const time_ms now = venue_now();
    exchange_->advance(now);
    at.stream = exchange_->open_stream(at.kind, path, at.request, status);
    if (at.stream)
      streams_[*at.stream] = wsi;
    distribute();
  }
  schedule();
  return at.stream ? 0 : refuse_upgrade(wsi, status == 0 ? 503 : status);
}

int service::refuse_upgrade(lws* wsi, int status) {
  connection& at = connections_[wsi];
  at.reply.status = status;
  identify(at.reply);
  if (status == 429)
    at.reply.headers.emplace_back("Retry-After", std::to_string(retry_after_s_));
  at.reply.body = nlohmann::json{{"code", status * 100'000}, {"message", reason_of(status)}}.dump();
  at.close_after = true;
  if (!send_head(wsi, at))
    return -1;
  std::string framed(LWS_PRE, '\0');
  framed += at.reply.body;
  lws_write(wsi, reinterpret_cast<unsigned char*>(framed.data()) + LWS_PRE, at.reply.body.size(),
            LWS_WRITE_HTTP_FINAL);
  return 1;
}

/// X-Request-ID and Date of an upgrade that is accepted, too: libwebsockets writes that head itself.
int service::on_upgrade_head(void* in) {
  auto& room = *static_cast<lws_process_html_args*>(in);
  http_response answer;
  identify(answer);
  std::string text;
  for (const auto& [name, value] : answer.headers)
    text += name + ": " + value + "\r\n";
  if (static_cast<int>(text.size()) < room.max_len)
    room.p = std::copy(text.begin(), text.end(), room.p);
  return 0;
}

} // namespace sentio::serving

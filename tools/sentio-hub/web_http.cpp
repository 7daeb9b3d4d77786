// Requests: the page, documents, health and metrics.
#include "tools/sentio-hub/web_service.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace sentio::hub {

namespace {

constexpr std::size_t piece = 32'768; ///< of a body, written at once
constexpr const char* json_type = "application/json; charset=utf-8";
constexpr const char* text_type = "text/plain; charset=utf-8";

bool is_loopback(std::string_view name) {
  if (name == "localhost" || name == "::1")
    return true;
  return name.starts_with("127.") && name.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The host of "name:port", "[::1]:port" or "name", in lower case.
std::string host_name(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    return std::string(host.substr(1, end == host.npos ? host.npos : end - 1));
  }
  std::string name(host.substr(0, host.find(':')));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

} // namespace

std::string header_of(lws* wsi, lws_token_indexes token) {
  const int length = lws_hdr_total_length(wsi, token);
  if (length <= 0)
    return {};
  std::string out(static_cast<std::size_t>(length) + 1, '\0');
  const int copied = lws_hdr_copy(wsi, out.data(), length + 1, token);
  out.resize(copied > 0 ? static_cast<std::size_t>(copied) : 0);
  return out;
}

/// A foreign name that resolves to this address must not do: it could be another site's.
bool web_service::host_known(const std::string& host) const {
  const std::string name = host_name(host);
  return is_loopback(name) || name == config_.listen.host ||
         std::find(config_.host_names.begin(), config_.host_names.end(), name) != config_.host_names.end();
}

bool web_service::token_good(std::string_view shown) const {
  return config_.token.empty() || (shown.size() == config_.token.size() &&
                                   CRYPTO_memcmp(shown.data(), config_.token.data(), shown.size()) == 0);
}

bool web_service::bearer_good(lws* wsi) const {
  constexpr std::string_view scheme = "Bearer ";
  const std::string shown = header_of(wsi, WSI_TOKEN_HTTP_AUTHORIZATION);
  return config_.token.empty() ||
         (shown.starts_with(scheme) && token_good(std::string_view(shown).substr(scheme.size())));
}

int web_service::on_request(lws* wsi, const char* path) {
  reply& made = replies_[wsi];
  made = reply{}; // an earlier request of this connection
  const bool head = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0;
  if (lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) <= 0 && !head)
    made = {405, text_type, "only GET is understood here\n"};
  else if (!host_known(header_of(wsi, WSI_TOKEN_HOST)))
    made = {
        403, text_type,
        "this hub was not told of the name that you use for it; start it with --host-name NAME, or use its "
        "address\n"};
  else
    made = answer(wsi, path ? path : "");
  made.head_only = head;
  lws_callback_on_writable(wsi);
  return 0;
}

web_service::reply web_service::answer(lws* wsi, const std::string& path) {
  if (path == "/" || path == "/view") {
    reply page;
    page.type = "text/html; charset=utf-8";
    page.page = config_.page;
    return page;
  }
  if (path == "/healthz")
    return {200, text_type, "ok\n"};
  if (path == "/readyz")
    return config_.ready() ? reply{200, text_type, "ready\n"}
                           : reply{503, text_type, "no instance is connected and fresh\n"};
  if (path == "/session.json")
    return session_answer(wsi);
  if (path == "/metrics")
    return bearer_good(wsi) ? reply{200, metrics_content_type, store_.metrics()}
                            : reply{401, text_type, "a token is needed: Authorization: Bearer TOKEN\n"};
  return {404, text_type,
          "not found; there are /, /view, /session.json, /live, /healthz, /readyz and /metrics\n"};
}

web_service::reply web_service::session_answer(lws* wsi) {
  if (!bearer_good(wsi))
    return {401, json_type, R"({"error":"a token is needed"})"};
  std::string id;
  char part[256];
  for (int i = 0; lws_hdr_copy_fragment(wsi, part, sizeof part, WSI_TOKEN_HTTP_URI_ARGS, i) >= 0; ++i)
    if (const std::string_view text(part); text.starts_with("instance="))
      id = text.substr(std::string_view("instance=").size());
  if (!id.empty() && !is_instance_id(id))
    return {404, json_type, R"({"error":"there is no such session"})"};
  try {
    if (auto document = config_.session(id))
      return {200, json_type, std::move(*document)};
    return {404, json_type, R"({"error":"there is no such session"})"};
  } catch (const std::exception& error) {
    return {500, json_type, text_of({{"error", error.what()}})};
  }
}

bool web_service::send_head(lws* wsi, const reply& what) {
  std::string buffer(LWS_PRE + 4'096, '\0');
  auto* begin = reinterpret_cast<unsigned char*>(buffer.data()) + LWS_PRE;
  auto* position = begin;
  unsigned char* const end = begin + 4'096 - 16;
  const auto add = [&](const char* name, std::string_view value) {
    return lws_add_http_header_by_name(wsi, reinterpret_cast<const unsigned char*>(name),
                                       reinterpret_cast<const unsigned char*>(value.data()),
                                       static_cast<int>(value.size()), &position, end) == 0;
  };
  return lws_add_http_header_status(wsi, static_cast<unsigned>(what.status), &position, end) == 0 &&
         add("content-type:", what.type) && add("cache-control:", "no-store") &&
         add("x-content-type-options:", "nosniff") && add("x-frame-options:", "DENY") &&
         add("referrer-policy:", "no-referrer") &&
         lws_add_http_header_content_length(wsi, what.bytes().size(), &position, end) == 0 &&
         lws_finalize_write_http_header(wsi, begin, &position, end) == 0;
}

int web_service::send_reply(lws* wsi) {
  const auto found = replies_.find(wsi);
  if (found == replies_.end())
    return 0;
  reply& what = found->second;
  const std::string_view bytes = what.bytes();
  if (!what.head_sent) {
    what.head_sent = true;
    if (!send_head(wsi, what))
      return -1;
    if (!bytes.empty() && !what.head_only) {
      lws_callback_on_writable(wsi);
      return 0;
    }
  } else {
    const std::size_t length = std::min(piece, bytes.size() - what.sent);
    std::string framed(LWS_PRE, '\0');
    framed.append(bytes.substr(what.sent, length));
    what.sent += length;
    const bool last = what.sent == bytes.size();
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, 30); // from the last piece that was taken
    if (lws_write(wsi, reinterpret_cast<unsigned char*>(framed.data()) + LWS_PRE, length,
                  last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) != static_cast<int>(length))
      return -1;
    if (!last) {
      lws_callback_on_writable(wsi);
      return 0;
    }
  }
  replies_.erase(found);
  return lws_http_transaction_completed(wsi) ? -1 : 0;
}

/// 1: the upgrade was answered with an error.
int web_service::refuse_upgrade(lws* wsi, int status, const char* why) {
  const reply made{status, text_type, why};
  if (!send_head(wsi, made))
    return -1;
  std::string framed(LWS_PRE, '\0');
  framed += made.body;
  lws_write(wsi, reinterpret_cast<unsigned char*>(framed.data()) + LWS_PRE, made.body.size(),
            LWS_WRITE_HTTP_FINAL);
  return 1;
}

} // namespace sentio::hub

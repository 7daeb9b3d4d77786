#include "actors/transport/rest_client.hpp"

#include "actors/transport/thread_signals.hpp"
#include "core/numeric/plain_text.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <deque>
#include <fstream>
#include <future>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace sentio {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t body_cap = 32u << 20; ///< bytes, decompressed; a page of 10,000 bars has about 1.5 MiB
constexpr std::size_t header_cap = 256u << 10;
constexpr std::size_t ordinary_at_once = 4; ///< ordinary requests under way; urgent ones know no such limit
constexpr long kept_connections = 16;       ///< libcurl's own limit falls to 4 between bursts of requests
/// Servers and balancers close what is idle for a minute; a request that meets that moment has an unknown
/// outcome.
constexpr long longest_idle_s = 45;
constexpr long connect_timeout_ms = 3'000;
constexpr auto longest_wait = std::chrono::milliseconds(1'000);

struct job {
  rest_request request;
  rest_client::answer callback;
  steady::time_point deadline;
};

struct transfer {
  job work;
  rest_response response;
  CURL* handle = nullptr;
  curl_slist* headers = nullptr;
  std::size_t header_bytes = 0;
  bool began = false;  ///< a byte of the request was handed to the kernel
  std::string refusal; ///< why this side broke the transfer off
  char error[CURL_ERROR_SIZE] = {};

  ~transfer() {
    curl_easy_cleanup(handle);
    curl_slist_free_all(headers);
  }
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
    text.remove_suffix(1);
  return text;
}

extern "C" std::size_t sentio_rest_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& moved = *static_cast<transfer*>(user);
  const std::size_t length = size * count;
  if (moved.response.body.size() + length > body_cap) {
    moved.refusal = "the answer is longer than 32 MiB";
    return 0;
  }
  moved.response.body.append(data, length);
  return length;
}

extern "C" std::size_t sentio_rest_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& moved = *static_cast<transfer*>(user);
  const std::size_t length = size * count;
  moved.header_bytes += length;
  if (moved.header_bytes > header_cap) {
    moved.refusal = "the answer's header is longer than 256 KiB";
    return 0;
  }
  const std::string_view line(data, length);
  if (line.starts_with("HTTP/"))
    moved.response.headers.clear(); // of an earlier answer: 100 Continue
  else if (const auto colon = line.find(':'); colon != line.npos)
    moved.response.headers.emplace_back(lower(trimmed(line.substr(0, colon))),
                                        trimmed(line.substr(colon + 1)));
  return length;
}

/// Only notes when bytes of the request left; what they were is never kept, for they hold the keys.
extern "C" int sentio_rest_trace(CURL*, curl_infotype kind, char*, std::size_t, void* user) {
  auto& moved = *static_cast<transfer*>(user);
  if (kind == CURLINFO_HEADER_OUT || kind == CURLINFO_DATA_OUT) {
    moved.began = true;
    moved.response.sent_at = steady::now();
  }
  return 0;
}

/// libcurl repeats a request by itself when a kept connection died under it. What may change something at the
/// other side must not be sent twice behind the caller's back.
extern "C" int sentio_rest_before_request(void* user, char*, char*, int, int) {
  auto& moved = *static_cast<transfer*>(user);
  if (!moved.began || moved.work.request.method == "GET")
    return CURL_PREREQFUNC_OK;
  moved.refusal = "the connection died after the request was sent";
  return CURL_PREREQFUNC_ABORT;
}

void start_libcurl() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK)
    throw std::runtime_error("libcurl cannot be started");
}

/// Leaves a request out of the minute's count until there is room. A tenth of the minute may go at once: a
/// venue that counts in whole minutes then never sees more than 1.1 times the rate in one of them.
class token_bucket {
public:
  explicit token_bucket(int per_minute)
      : per_second_(per_minute / 60.0), capacity_(std::max(1.0, per_minute / 10.0)), tokens_(capacity_),
        last_(steady::now()) {}

  /// Time until there is a token; zero: take() may be called.
  std::chrono::milliseconds wait(steady::time_point now) {
    if (per_second_ <= 0)
      return {};
    tokens_ = std::min(capacity_, tokens_ + per_second_ * std::chrono::duration<double>(now - last_).count());
    last_ = now;
    if (tokens_ >= 1)
      return {};
    return std::chrono::milliseconds(static_cast<int>((1 - tokens_) / per_second_ * 1'000) + 1);
  }
  void take() { tokens_ -= 1; }

private:
  double per_second_;
  double capacity_;
  double tokens_;
  steady::time_point last_;
};

} // namespace

struct rest_client::impl {
  explicit impl(const rest_config& given) : config(given), bucket(given.requests_per_minute) {
    while (!config.base_url.empty() && config.base_url.back() == '/')
      config.base_url.pop_back();
    for (const auto& [name, value] : config.headers)
      keys.push_back(value.substr(value.rfind(' ') + 1)); // behind "Bearer "
  }

  void run();
  std::chrono::milliseconds start_waiting();
  bool start_first(std::deque<job>& lane, steady::time_point now, std::chrono::milliseconds& wait);
  void expire(std::deque<job>& lane, steady::time_point now);
  void start(job work, steady::time_point now);
  void configure(transfer& moved, steady::time_point now);
  bool finish_done();
  void finish(CURL* handle, CURLcode result);

  /// Keys that the other side echoes must not reach a log, a tape or a page.
  void mask(rest_response& response) const {
    mask_keys(response.body, keys);
    mask_keys(response.error, keys);
    for (auto& [name, value] : response.headers)
      mask_keys(value, keys);
  }

  rest_config config;
  std::vector<std::string> keys; ///< that are sent
  token_bucket bucket;
  CURLM* multi = nullptr;
  std::mutex mutex;
  std::deque<job> arriving; ///< guarded by mutex
  std::atomic<bool> stop{false};
  std::deque<job> urgent_lane; ///< from here on: the thread's own
  std::deque<job> ordinary_lane;
  std::list<transfer> under_way;
  std::size_t ordinary_under_way = 0;
  std::thread thread;
};

namespace {

/// An answer that never left this machine.
void deliver_failure(job& work, std::string why) {
  rest_response response;
  response.error = std::move(why);
  response.received_at = steady::now();
  work.callback(std::move(response));
}

} // namespace

void rest_client::impl::expire(std::deque<job>& lane, steady::time_point now) {
  for (auto it = lane.begin(); it != lane.end() && !stop;) {
    if (it->deadline > now) {
      ++it;
      continue;
    }
    job late = std::move(*it);
    it = lane.erase(it);
    deliver_failure(late, "timed out before it was sent");
  }
}

void rest_client::impl::configure(transfer& moved, steady::time_point now) {
  CURL* handle = moved.handle;
  const rest_request& request = moved.work.request;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(moved.work.deadline - now).count();
  const long timeout_ms = std::max(1L, static_cast<long>(left));
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
  set(CURLOPT_URL, (config.base_url + request.target).c_str());
  set(CURLOPT_PROTOCOLS_STR, "https");
  set(CURLOPT_FOLLOWLOCATION, 0L); // keys must not follow a redirect
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_PROXY, ""); // nor go through a proxy that an environment variable names
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L); // a stalled name server must not hold the destructor up
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_MAXAGE_CONN, longest_idle_s);
  set(CURLOPT_CONNECTTIMEOUT_MS, std::min(connect_timeout_ms, timeout_ms));
  set(CURLOPT_TIMEOUT_MS, timeout_ms);
  set(CURLOPT_ACCEPT_ENCODING, "");
  if (!config.ca_file.empty()) {
    set(CURLOPT_CAINFO, config.ca_file.c_str());
    set(CURLOPT_CAPATH,
        static_cast<char*>(nullptr)); // these authorities instead of, not besides the system's
  }
  if (request.method != "GET")
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (!request.body.empty() || request.method == "POST" || request.method == "PATCH") {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str()); // lives as long as the transfer
    moved.headers = curl_slist_append(moved.headers, "Content-Type: application/json");
  }
  moved.headers = curl_slist_append(moved.headers, "Expect:");
  for (const auto& [name, value] : config.headers)
    moved.headers = curl_slist_append(moved.headers, (name + ": " + value).c_str());
  set(CURLOPT_HTTPHEADER, moved.headers);
  set(CURLOPT_ERRORBUFFER, moved.error);
  set(CURLOPT_PRIVATE, static_cast<void*>(&moved));
  set(CURLOPT_WRITEFUNCTION, &sentio_rest_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&moved));
  set(CURLOPT_HEADERFUNCTION, &sentio_rest_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&moved));
  set(CURLOPT_VERBOSE, 1L); // libcurl calls the debug function only then
  set(CURLOPT_DEBUGFUNCTION, &sentio_rest_trace);
  set(CURLOPT_DEBUGDATA, static_cast<void*>(&moved));
  set(CURLOPT_PREREQFUNCTION, &sentio_rest_before_request);
  set(CURLOPT_PREREQDATA, static_cast<void*>(&moved));
}

void rest_client::impl::start(job work, steady::time_point now) {
  auto& moved = under_way.emplace_back();
  moved.work = std::move(work);
  moved.handle = curl_easy_init();
  if (moved.handle) {
    configure(moved, now);
    if (curl_multi_add_handle(multi, moved.handle) == CURLM_OK) {
      ordinary_under_way += moved.work.request.urgent ? 0 : 1;
      return;
    }
  }
  job failed = std::move(moved.work);
  under_way.pop_back();
  deliver_failure(failed, "libcurl has no room for another request");
}

/// Starts the first request of a lane when there is a token for it.
bool rest_client::impl::start_first(std::deque<job>& lane, steady::time_point now,
                                    std::chrono::milliseconds& wait) {
  if (lane.empty())
    return false;
  if (const auto until_token = bucket.wait(now); until_token.count() > 0) {
    wait = std::min(wait, until_token);
    return false;
  }
  bucket.take();
  job work = std::move(lane.front());
  lane.pop_front();
  start(std::move(work), now);
  return true;
}

/// Urgent ones first, whatever was queued before them. Returns how long the thread may sleep.
std::chrono::milliseconds rest_client::impl::start_waiting() {
  std::deque<job> arrived;
  {
    const std::lock_guard lock(mutex);
    arrived.swap(arriving);
  }
  for (job& work : arrived)
    (work.request.urgent ? urgent_lane : ordinary_lane).push_back(std::move(work));
  const auto now = steady::now();
  expire(urgent_lane, now);
  expire(ordinary_lane, now);
  auto wait = longest_wait;
  while (start_first(urgent_lane, now, wait)) {
  }
  while (urgent_lane.empty() && ordinary_under_way < ordinary_at_once &&
         start_first(ordinary_lane, now, wait)) {
  }
  for (const auto* lane : {&urgent_lane, &ordinary_lane})
    for (const job& work : *lane)
      wait = std::min(wait, std::chrono::duration_cast<std::chrono::milliseconds>(work.deadline - now) +
                                std::chrono::milliseconds(1));
  return wait;
}

void rest_client::impl::finish(CURL* handle, CURLcode result) {
  transfer* moved = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &moved);
  curl_multi_remove_handle(multi, handle);
  ordinary_under_way -= moved->work.request.urgent ? 0 : 1;
  rest_response response = std::move(moved->response);
  response.received_at = steady::now();
  if (result == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    response.status = static_cast<int>(status);
  } else {
    // Half an answer is none: a status without its body must not be taken for the outcome.
    response.body.clear();
    response.headers.clear();
    response.error = !moved->refusal.empty() ? moved->refusal
                     : moved->error[0]       ? std::string(moved->error)
                                             : std::string(curl_easy_strerror(result));
  }
  mask(response);
  const auto callback = std::move(moved->work.callback);
  under_way.remove_if([&](const transfer& other) { return &other == moved; });
  if (!stop)
    callback(std::move(response));
}

/// True: something finished, so that another request may begin.
bool rest_client::impl::finish_done() {
  bool any = false;
  int queued = 0;
  while (CURLMsg* message = curl_multi_info_read(multi, &queued))
    if (message->msg == CURLMSG_DONE) {
      finish(message->easy_handle, message->data.result);
      any = true;
    }
  return any;
}

void rest_client::impl::run() {
  leave_signals_to_others();
  while (!stop) {
    const auto wait = start_waiting();
    int running = 0;
    curl_multi_perform(multi, &running);
    if (!finish_done() && !stop) // what arrives meanwhile wakes the poll
      curl_multi_poll(multi, nullptr, 0, static_cast<int>(wait.count()), nullptr);
  }
  for (transfer& moved : under_way)
    curl_multi_remove_handle(multi, moved.handle);
  under_way.clear();
}

rest_client::rest_client(const rest_config& config) : impl_(std::make_unique<impl>(config)) {
  start_libcurl();
  if (!config.base_url.starts_with("https://"))
    throw std::runtime_error("a REST address begins with https://, not " + config.base_url);
  if (!config.ca_file.empty() && !std::ifstream(config.ca_file).good())
    throw std::runtime_error("the CA file " + config.ca_file + " cannot be read");
  impl_->multi = curl_multi_init();
  if (!impl_->multi)
    throw std::runtime_error("libcurl cannot be started");
  curl_multi_setopt(impl_->multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  curl_multi_setopt(impl_->multi, CURLMOPT_MAXCONNECTS, kept_connections);
  impl_->thread = std::thread([this] { impl_->run(); });
}

rest_client::~rest_client() {
  impl_->stop = true;
  curl_multi_wakeup(impl_->multi);
  impl_->thread.join();
  curl_multi_cleanup(impl_->multi);
}

void rest_client::send(rest_request request, answer callback) {
  job work{std::move(request), std::move(callback), {}};
  work.deadline = steady::now() + work.request.timeout;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->arriving.push_back(std::move(work));
  }
  curl_multi_wakeup(impl_->multi);
}

rest_response rest_client::get(const rest_request& request) {
  std::promise<rest_response> promise;
  auto future = promise.get_future();
  send(request, [&promise](rest_response response) { promise.set_value(std::move(response)); });
  return future.get();
}

} // namespace sentio

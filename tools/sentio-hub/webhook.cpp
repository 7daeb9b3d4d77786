#include "tools/sentio-hub/webhook.hpp"

#include "actors/transport/thread_signals.hpp"
#include "core/monitor/private_files.hpp"

#include <curl/curl.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <stdexcept>
#include <thread>

namespace sentio::hub {

using nlohmann::json;

namespace {

constexpr std::size_t most_waiting = 256;
constexpr std::size_t most_joined = 20;        ///< notices in one message
constexpr std::size_t longest_message = 3'500; ///< Telegram takes 4,096 characters
constexpr double most_at_once = 5;
constexpr int most_attempts = 6;
constexpr std::chrono::seconds first_wait{1}, longest_wait{30}, last_words{3};

const std::set<std::string>& all_events() {
  static const std::set<std::string> all{"start", "stop", "fills", "halts", "errors", "summary"};
  return all;
}

bool is_local_address(const std::string& url) {
  for (const char* head :
       {"http://127.0.0.1:", "http://127.0.0.1/", "http://localhost:", "http://localhost/"})
    if (url.starts_with(head))
      return true;
  return false;
}

std::size_t ignore_body(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

/// Does the answer say that another attempt can help?
bool try_again(CURLcode code, long status) {
  return code != CURLE_OK || status == 429 || status == 408 || status >= 500;
}

} // namespace

webhook_config read_webhook_file(const std::filesystem::path& file) {
  const auto wrong = [&](const std::string& what) -> std::invalid_argument {
    return std::invalid_argument(file.string() + ": " + what);
  };
  refused_message refused;
  const auto given = parse_object(read_guarded(file, file_guard::owner_only, 65'536), 65'536, refused);
  if (!given)
    throw wrong("is no JSON object; it should be {\"url\":\"https://...\",\"format\":\"json\"}");
  webhook_config config;
  for (const auto& [name, value] : given->items()) {
    if (name == "events") {
      if (!value.is_array())
        throw wrong("events should be a list of start, stop, fills, halts, errors, summary");
      for (const json& each : value) {
        if (!each.is_string() || !all_events().contains(each.get<std::string>()))
          throw wrong("events has " + text_of(each) +
                      "; there are start, stop, fills, halts, errors, summary");
        config.events.insert(each.get<std::string>());
      }
    } else if (name == "chat_id" && value.is_number_integer()) {
      config.chat_id = value.dump();
    } else if (!value.is_string()) {
      throw wrong(name + " should be a text");
    } else if (name == "url") {
      config.url = value;
    } else if (name == "chat_id") {
      config.chat_id = value;
    } else if (name == "format") {
      config.telegram = value == "telegram";
      if (!config.telegram && value != "json")
        throw wrong("format is " + text_of(value) + "; there are json and telegram");
    } else {
      throw wrong(name + " is unknown; there are url, format, chat_id and events");
    }
  }
  if (!config.url.starts_with("https://") && !is_local_address(config.url))
    throw wrong("url should begin with https:// (http:// only to 127.0.0.1 or localhost)");
  if (config.telegram && config.chat_id.empty())
    throw wrong("chat_id is missing; the format telegram needs it");
  if (!given->contains("events"))
    config.events = all_events();
  return config;
}

std::string webhook_body(const webhook_config& config, const notice& what) {
  const std::string text = clean_text(what.instance + " " + what.kind + ": " + what.text, longest_message);
  if (config.telegram)
    return text_of({{"chat_id", config.chat_id}, {"text", text}});
  return text_of({{"text", text}, {"kind", what.kind}, {"instance", what.instance}, {"at", what.at}});
}

struct webhook::parts {
  webhook_config config;
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<notice> waiting;
  std::uint64_t dropped = 0;
  bool stopping = false;
  steady::time_point give_up = steady::time_point::max();
  std::thread thread;

  /// The next message, its neighbours with it; false: the end.
  bool take(notice& out) {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return stopping || !waiting.empty(); });
    if (waiting.empty())
      return false;
    out = std::move(waiting.front());
    waiting.pop_front();
    for (std::size_t joined = 1; joined < most_joined && !waiting.empty(); ++joined) {
      const notice& next = waiting.front();
      if (next.kind != out.kind || next.instance != out.instance)
        break;
      out.text += "\n" + next.text;
      waiting.pop_front();
    }
    return true;
  }

  /// False when the program's last words are over.
  bool rest(steady::duration time) {
    std::unique_lock lock(mutex);
    const auto until = steady::now() + time;
    while (steady::now() < std::min(until, give_up))
      wake.wait_until(lock, std::min(until, give_up));
    return steady::now() < give_up;
  }

  static int watch(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& p = *static_cast<parts*>(self);
    const std::lock_guard lock(p.mutex);
    return steady::now() >= p.give_up ? 1 : 0;
  }

  CURLcode post(CURL* handle, const std::string& body, long& status) {
    curl_easy_reset(handle);
    curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
    curl_easy_setopt(handle, CURLOPT_URL, config.url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, 5'000L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 10'000L);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ignore_body);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watch);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
    const CURLcode code = curl_easy_perform(handle);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    return code;
  }

  void send(CURL* handle, const notice& what) {
    const std::string body = webhook_body(config, what);
    steady::duration wait = first_wait;
    for (int attempt = 1; attempt <= most_attempts; ++attempt) {
      long status = 0;
      const CURLcode code = post(handle, body, status);
      if (code == CURLE_OK && status >= 200 && status < 300)
        return;
      // The address may be a secret: it is not logged.
      if (!try_again(code, status) || attempt == most_attempts)
        return spdlog::warn("a notice of {} could not be delivered: {}", what.kind,
                            code == CURLE_OK ? "the answer was " + std::to_string(status)
                                             : curl_easy_strerror(code));
      if (!rest(wait))
        return;
      wait = std::min<steady::duration>(2 * wait, longest_wait);
    }
  }

  void run() {
    leave_signals_to_others();
    CURL* handle = curl_easy_init();
    double allowed = most_at_once;
    auto at = steady::now();
    notice next;
    while (handle && take(next)) {
      allowed = std::min(most_at_once, allowed + std::chrono::duration<double>(steady::now() - at).count());
      at = steady::now();
      if (allowed < 1 && !rest(std::chrono::milliseconds(static_cast<long>(1'000 * (1 - allowed)))))
        break;
      allowed -= 1;
      send(handle, next);
    }
    curl_easy_cleanup(handle);
  }
};

webhook::webhook(webhook_config config) : parts_(std::make_unique<parts>()) {
  parts_->config = std::move(config);
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    throw std::runtime_error("libcurl cannot be used");
  parts_->thread = std::thread([this] { parts_->run(); });
}

webhook::~webhook() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->stopping = true;
    parts_->give_up = steady::now() + last_words;
  }
  parts_->wake.notify_all();
  parts_->thread.join();
  if (parts_->dropped > 0)
    spdlog::warn("{} notices were dropped: the webhook was too slow", parts_->dropped);
}

void webhook::offer(notice what) {
  if (!parts_->config.events.contains(what.kind))
    return;
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->waiting.push_back(std::move(what));
    if (parts_->waiting.size() > most_waiting) {
      parts_->waiting.pop_front();
      ++parts_->dropped;
    }
  }
  parts_->wake.notify_all();
}

} // namespace sentio::hub

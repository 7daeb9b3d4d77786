#include "tools/sentio-actors/run_console.hpp"

#include "core/numeric/plain_text.hpp"
#include "tools/sentio-actors/line_writer.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <poll.h>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace {

/// For the last lines on standard error. What they say is in the logs and the exit code as well.
constexpr std::chrono::seconds error_patience{2};
/// For the report, which somebody may be paging through.
constexpr std::chrono::seconds output_patience{60};

struct console {
  line_writer out{STDOUT_FILENO, "standard output"};
  line_writer error{STDERR_FILENO, "standard error"};
};

/// Null: whoever speaks waits for the reader, as most programs do.
std::unique_ptr<console>& spoken() {
  static std::unique_ptr<console> one;
  return one;
}

/// A signal that was heard before is no reason to leave a reader out who takes things at once.
bool drain_unless_interrupted(line_writer& to, std::chrono::milliseconds patience) {
  return to.drain(std::chrono::milliseconds(300)) || to.drain(patience, interrupted);
}

/// The last words of a process that ends by itself, as far as somebody takes them at once.
[[noreturn]] void end_without_waiting() {
  char text[1'024] = "sentio-actors: terminated\n";
  if (const auto thrown = std::current_exception())
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& problem) {
      std::snprintf(text, sizeof text, "sentio-actors: terminated: %s\n", problem.what());
    } catch (...) {
      // Nothing is known of it.
    }
  pollfd place{STDERR_FILENO, POLLOUT, 0};
  const std::string_view words(text);
  if (::poll(&place, 1, 0) == 1 && (place.revents & POLLOUT) != 0 &&
      ::write(STDERR_FILENO, words.data(), words.size()) < 0)
    std::abort(); // as it was about to
  std::abort();
}

} // namespace

void speak_without_waiting() {
  if (spoken())
    return;
  spoken() = std::make_unique<console>();
  std::set_terminate(end_without_waiting);
}

void say_line(const std::string& said) {
  const auto text = plain_text(said, line_ends::kept);
  if (auto& to = spoken())
    to->error.write(text + "\n");
  else
    std::fprintf(stderr, "%s\n", text.c_str());
}

void print_text(const std::string& said) {
  const auto text = plain_text(said, line_ends::kept);
  if (auto& to = spoken()) {
    drain_unless_interrupted(to->error, error_patience); // one terminal may show both
    to->out.write(text);
    drain_unless_interrupted(to->out, error_patience);
  } else {
    std::fputs(text.c_str(), stdout);
  }
}

namespace {

std::string formatted(const char* format, va_list values) {
  va_list again;
  va_copy(again, values);
  const int length = std::vsnprintf(nullptr, 0, format, values);
  std::string text(length > 0 ? static_cast<std::size_t>(length) + 1 : 0, '\0'); // vsnprintf adds a zero
  std::vsnprintf(text.data(), text.size(), format, again);
  va_end(again);
  if (!text.empty())
    text.pop_back();
  return text;
}

} // namespace

void print(const char* format, ...) {
  va_list values;
  va_start(values, format);
  print_text(formatted(format, values));
  va_end(values);
}

void print_error(const char* format, ...) {
  va_list values;
  va_start(values, format);
  const auto text = plain_text(formatted(format, values), line_ends::kept);
  va_end(values);
  if (auto& to = spoken())
    to->error.write(text);
  else
    std::fputs(text.c_str(), stderr);
}

console_counts console_state() {
  const auto& to = spoken();
  if (!to)
    return {};
  return {to->out.dropped() + to->error.dropped(), to->out.waiting() + to->error.waiting()};
}

void drain_console(std::chrono::milliseconds patience) {
  if (auto& to = spoken()) {
    to->error.drain(patience);
    to->out.drain(patience);
  }
}

bool finish_console() {
  auto& to = spoken();
  if (!to)
    return true;
  const bool whole = drain_unless_interrupted(to->out, output_patience) && to->out.dropped() == 0;
  drain_unless_interrupted(to->error, error_patience);
  return whole;
}

progress_bar::progress_bar(std::string what, std::uint64_t total, bool wanted)
    : what_(std::move(what)), total_(std::max<std::uint64_t>(total, 1)),
      active_(wanted && isatty(STDERR_FILENO)) {}

void progress_bar::show(std::uint64_t done, const std::string& note) {
  if (!active_)
    return;
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ && now - last_ < std::chrono::milliseconds(100))
    return;
  last_ = now;
  drawn_ = true;
  constexpr std::uint64_t width = 30;
  const auto filled = std::min(width, done * width / total_);
  char numbers[16];
  std::snprintf(numbers, sizeof numbers, "%3u %%",
                static_cast<unsigned>(std::min<std::uint64_t>(100, done * 100 / total_)));
  const auto text = "\r" + what_ + " [" + std::string(filled, '#') + std::string(width - filled, '.') + "] " +
                    numbers + "  " + note + "\033[K";
  if (auto& to = spoken())
    to->error.write_in_passing(text);
  else if (std::fputs(text.c_str(), stderr) >= 0)
    std::fflush(stderr);
}

void progress_bar::clear() {
  constexpr const char* nothing = "\r\033[K";
  if (active_ && drawn_) {
    if (auto& to = spoken())
      to->error.write(nothing);
    else
      std::fputs(nothing, stderr);
  }
  drawn_ = false;
}

} // namespace sentio

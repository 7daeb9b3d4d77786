#include "actors/log_sink.hpp"

#include "core/journal/log_lines.hpp"
#include "core/journal/session_log.hpp"
#include "core/numeric/hash.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace {

[[noreturn]] void fail_writing(const std::filesystem::path& file, int error) {
  throw std::runtime_error("cannot write " + file.string() + ": " + std::strerror(error) +
                           "; the day's logs were removed, earlier days are complete");
}

class file_sink final : public log_sink {
public:
  explicit file_sink(std::filesystem::path directory) : directory_(std::move(directory)) {}

  ~file_sink() override { drop_day(); }

  void open_day(civil_date date) override {
    close_descriptors(); // of a day that is opened anew: it is written from its beginning
    date_ = date;
    open_ = true;
    for (std::size_t i = 0; i < log_kind_count; ++i) {
      const auto file = partial(static_cast<log_kind>(i));
      descriptors_[i] = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0644);
      if (descriptors_[i] < 0)
        abandon(file, errno);
    }
  }

  void write(log_kind kind, std::string_view lines) override {
    write_all(descriptors_[static_cast<std::size_t>(kind)], partial(kind), lines);
  }

  void close_day() override {
    if (std::exchange(open_, false))
      finish_files();
  }

  void drop_day() override {
    if (!open_)
      return;
    open_ = false;
    close_descriptors();
    for (std::size_t i = 0; i < log_kind_count; ++i) {
      std::error_code ignored; // the run has failed already: its first error is the one to tell
      std::filesystem::remove(partial(static_cast<log_kind>(i)), ignored);
    }
  }

private:
  std::filesystem::path partial(log_kind kind) const {
    return directory_ / (log_name(kind, date_) + ".partial");
  }

  void write_all(int descriptor, const std::filesystem::path& file, std::string_view bytes) {
    while (!bytes.empty()) {
      const auto written = ::write(descriptor, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        abandon(file, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  /// A log that lacks lines would be a lie: the day's files go.
  [[noreturn]] void abandon(const std::filesystem::path& file, int error) {
    drop_day();
    fail_writing(file, error);
  }

  void close_descriptors() {
    for (int& descriptor : descriptors_)
      if (descriptor >= 0)
        ::close(std::exchange(descriptor, -1));
  }

  void finish_files() {
    close_descriptors();
    for (std::size_t i = 0; i < log_kind_count; ++i) {
      const auto kind = static_cast<log_kind>(i);
      const auto name = directory_ / log_name(kind, date_);
      std::error_code problem;
      std::filesystem::rename(partial(kind), name, problem);
      // Of a disk that has become read-only everybody has been told, and there is nothing to be tried again.
      if (problem && problem != std::errc::read_only_file_system)
        throw std::runtime_error("cannot rename " + partial(kind).string() + " to " + name.string() + ": " +
                                 problem.message() +
                                 "; its lines are complete and stand under the first name");
    }
  }

  std::filesystem::path directory_;
  civil_date date_;
  bool open_ = false;
  std::array<int, log_kind_count> descriptors_{-1, -1, -1, -1, -1};
};

class hash_sink final : public log_sink {
public:
  explicit hash_sink(std::shared_ptr<log_hash> into) : into_(std::move(into)) {
    into_->kinds.fill(fnv1a64(""));
  }
  void open_day(civil_date) override {}
  void write(log_kind kind, std::string_view lines) override { add(static_cast<std::size_t>(kind), lines); }
  void close_day() override {}
  void drop_day() override {}

private:
  void add(std::size_t kind, std::string_view lines) {
    into_->kinds[kind] = fnv1a64(lines, into_->kinds[kind]);
    into_->bytes += lines.size();
  }
  std::shared_ptr<log_hash> into_;
};

} // namespace

std::string log_name(log_kind kind, civil_date date) {
  static constexpr std::array<std::string_view, log_kind_count> kinds{"signals", "decisions", "trades",
                                                                      "positions"};
  return kind == log_kind::session_text
             ? session_log_name(to_string(date))
             : log_file_name(kinds[static_cast<std::size_t>(kind)], to_string(date));
}

std::uint64_t log_hash::combined() const {
  std::string all;
  for (const auto kind : kinds)
    all += std::to_string(kind) + ",";
  return fnv1a64(all);
}

std::unique_ptr<log_sink> make_file_sink(std::filesystem::path directory) {
  return std::make_unique<file_sink>(std::move(directory));
}
std::unique_ptr<log_sink> make_hash_sink(std::shared_ptr<log_hash> into) {
  return std::make_unique<hash_sink>(std::move(into));
}

} // namespace sentio

// The account and the venue's time on disk: each change in a transaction, before anyone is told of it.
#pragma once

#include "core/exchange/books.hpp"

#include <string>

struct sqlite3;

namespace sentio::venue {

class state_file {
public:
  /// Opens or makes the file and reads what is in it. Without a name nothing is kept. Throws std::runtime_error.
  state_file(const std::string& name, books& account);
  ~state_file();
  state_file(const state_file&) = delete;
  state_file& operator=(const state_file&) = delete;

  /// Whether the file held an account already.
  bool found() const { return found_; }
  /// Writes what changed since the last call. Throws std::runtime_error.
  void write(books& account);
  /// Writes the venue's time when a second of it has passed since it was written last, so that an exchange that was
  /// killed goes on where it was. Throws as write.
  void write_time(const books& account);

private:
  static constexpr time_ms time_interval_ms = 1'000;

  void check_version();
  void put_time(const books& account);
  void run(const char* sql);
  void load(books& account);
  void put(const char* sql, std::int64_t number, const std::string& key, const std::string& body);
  [[noreturn]] void fail(const char* what);

  sqlite3* database_ = nullptr;
  std::string name_;
  std::string facts_; ///< as written last
  bool found_ = false;
  time_ms written_time_ = 0;
};

} // namespace sentio::venue

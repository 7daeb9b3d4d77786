#include "tools/sentio-actors/keys.hpp"

#include "tools/sentio-actors/usage_error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace sentio {

namespace {

constexpr const char* file_name = "config.env";
constexpr std::size_t largest_file = 64 * 1024;
constexpr std::size_t longest_key = 512;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF"; ///< some editors begin a file with it

struct key_names {
  const char* id;
  const char* secret; ///< null when there is one key only
};

key_names names_of(key_kind kind) {
  switch (kind) {
  case key_kind::paper:
    return {"ALPACA_PAPER_API_KEY", "ALPACA_PAPER_SECRET_KEY"};
  case key_kind::real:
    return {"ALPACA_API_KEY", "ALPACA_SECRET_KEY"};
  default:
    return {"POLYGON_API_KEY", nullptr};
  }
}

/// A line break in a key would end a header and begin another one.
void check_value(const char* name, const std::string& value, const std::string& place) {
  const bool plain =
      std::all_of(value.begin(), value.end(), [](char letter) { return letter > ' ' && letter <= '~'; });
  if (!plain || value.size() > longest_key)
    throw usage_error(std::string(name) + " in " + place +
                      " holds a character that no key has, or is too long");
}

using lookup = std::function<std::optional<std::string>(const char*)>;

std::optional<venue_keys> take_keys(key_kind kind, const lookup& value_of, const std::string& place) {
  const key_names names = names_of(kind);
  const auto id = value_of(names.id);
  const auto secret = names.secret ? value_of(names.secret) : std::nullopt;
  if (!id && !secret)
    return std::nullopt;
  if (!id || (names.secret && !secret))
    throw usage_error(std::string(id ? names.id : names.secret) + " is in " + place + ", but " +
                      (id ? names.secret : names.id) + " is not; " + how_to_give_keys(kind));
  check_value(names.id, *id, place);
  if (secret)
    check_value(names.secret, *secret, place);
  return venue_keys{*id, secret.value_or("")};
}

std::optional<std::string> from_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value && *value ? std::optional<std::string>(value) : std::nullopt;
}

/// Closes at the end of the scope.
struct descriptor {
  int value = -1;
  ~descriptor() {
    if (value >= 0)
      ::close(value);
  }
};

/// The text of the key file; empty when there is none.
std::optional<std::string> read_key_file(const std::filesystem::path& file) {
  // Not blocking: a pipe of that name must not hang the program.
  const descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (opened.value < 0) {
    if (errno == ENOENT)
      return std::nullopt;
    throw usage_error(file.string() + " cannot be read (" + std::strerror(errno) + ")");
  }
  struct stat status {};
  if (::fstat(opened.value, &status) != 0 || !S_ISREG(status.st_mode))
    throw usage_error(file.string() + " is no regular file; keys are read from a file of your own");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    char mode[8];
    std::snprintf(mode, sizeof(mode), "%04o", static_cast<unsigned>(status.st_mode & 07777));
    throw usage_error(file.string() + " has mode " + mode +
                      ", so others may read your keys; run: chmod 600 " + file.string());
  }
  if (status.st_uid != ::geteuid())
    throw usage_error(file.string() + " belongs to another user; keys are read from a file of your own");
  std::string text;
  char piece[4096];
  for (ssize_t got = 0; (got = ::read(opened.value, piece, sizeof(piece))) > 0;) {
    text.append(piece, static_cast<std::size_t>(got));
    if (text.size() > largest_file)
      throw usage_error(file.string() + " is longer than 64 KiB; it should hold a few NAME=value lines");
  }
  return text;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The last NAME=value line of that name; "export" and quotes around the value may stand there as in a shell.
std::optional<std::string> from_lines(std::string_view text, std::string_view name) {
  std::optional<std::string> found;
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  while (!text.empty()) {
    const auto line_end = std::min(text.find('\n'), text.size());
    std::string_view line = trimmed(text.substr(0, line_end));
    text.remove_prefix(std::min(line_end + 1, text.size()));
    if (line.starts_with("export "))
      line = trimmed(line.substr(7));
    const auto equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos || trimmed(line.substr(0, equals)) != name)
      continue;
    std::string_view value = trimmed(line.substr(equals + 1));
    if (value.size() >= 2 && (value[0] == '"' || value[0] == '\'') && value.back() == value[0])
      value = value.substr(1, value.size() - 2);
    if (!value.empty())
      found = std::string(value);
  }
  return found;
}

} // namespace

std::string how_to_give_keys(key_kind kind) {
  const key_names names = names_of(kind);
  const std::string both = names.secret ? std::string(names.id) + " and " + names.secret : names.id;
  const std::string lines = names.secret ? std::string(names.id) + "=... and " + names.secret + "=..."
                                         : std::string(names.id) + "=...";
  return "set " + both + " in the environment, or write " + lines + " into " + file_name +
         " in this directory (chmod 600 " + file_name + ")";
}

std::optional<venue_keys> find_keys(key_kind kind, const std::filesystem::path& directory) {
  if (auto keys = take_keys(kind, from_environment, "the environment"))
    return keys;
  const auto file = directory == "." ? std::filesystem::path(file_name) : directory / file_name;
  const auto text = read_key_file(file);
  if (!text)
    return std::nullopt;
  return take_keys(
      kind, [&](const char* name) { return from_lines(*text, name); }, file.string());
}

venue_keys load_keys(key_kind kind, const std::filesystem::path& directory) {
  if (auto keys = find_keys(kind, directory))
    return *keys;
  const char* const whose = kind == key_kind::polygon ? "of Polygon"
                            : kind == key_kind::paper ? "of an Alpaca paper account"
                                                      : "of an Alpaca account";
  throw usage_error(std::string("there are no keys ") + whose + "; " + how_to_give_keys(kind));
}

} // namespace sentio

#include "core/learning/checkpoint_file.hpp"

#include "core/learning/learner_error.hpp"
#include "core/numeric/bytes.hpp"
#include "core/numeric/hash.hpp"
#include "core/numeric/special_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace sentio {
namespace {

constexpr std::string_view magic = "SENTIOCF";
constexpr std::uint32_t version = 2; // 2: two updates of a covariance may wait
constexpr std::uint32_t endianness_mark = 0x01020304;
constexpr std::size_t checksum_size = sizeof(std::uint64_t);

std::string system_problem(std::string_view doing, const std::filesystem::path& path, int error) {
  return "cannot " + std::string(doing) + " the checkpoint " + path.string() + ": " + std::strerror(error);
}

/// Writes everything or reports errno.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

} // namespace

std::string encode(const checkpoint_file& file) {
  byte_writer out;
  out.put_raw(magic);
  out.put(version);
  out.put(endianness_mark);
  out.put(file.parameters_fingerprint);
  out.put_text(file.warmup);
  out.put(days_since_epoch(file.last_session));
  out.put(static_cast<std::uint32_t>(file.models.size()));
  const std::string* previous = nullptr;
  for (const auto& [symbol, model] : file.models) {
    if (previous && symbol <= *previous)
      throw learner_error("a checkpoint file lists " + symbol + " after " + *previous +
                          "; symbols must be sorted by name, each once");
    previous = &symbol;
    out.put_text(symbol);
    out.put_text(model);
  }
  out.put(fnv1a64(out.bytes()));
  return out.take();
}

std::string decode(std::string_view bytes, checkpoint_file& file) {
  byte_reader in(bytes);
  if (in.get_raw(magic.size()) != magic)
    return "this is no checkpoint file: it should begin with " + std::string(magic);
  if (const auto found = in.get<std::uint32_t>(); found != version)
    return "its format version is " + std::to_string(found) + ", but " + std::to_string(version) +
           " is expected";
  if (in.get<std::uint32_t>() != endianness_mark)
    return "its byte order mark is wrong: it was altered, or written on a big-endian machine";
  if (in.remaining() < checksum_size)
    return "it ends after " + std::to_string(bytes.size()) + " bytes: it was cut short";
  const std::string_view body = bytes.substr(0, bytes.size() - checksum_size);
  byte_reader tail(bytes.substr(body.size()));
  if (tail.get<std::uint64_t>() != fnv1a64(body))
    return "its checksum is wrong: its " + std::to_string(bytes.size()) + " bytes were altered or cut short";
  checkpoint_file found;
  found.parameters_fingerprint = in.get<std::uint64_t>();
  found.warmup = in.get_text();
  found.last_session = date_from_days(in.get<std::int64_t>());
  const auto count = in.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
    std::string symbol = in.get_text();
    std::string model = in.get_text();
    found.models.emplace_back(std::move(symbol), std::move(model));
  }
  if (in.failed() || in.remaining() != checksum_size)
    return "its contents do not fill it exactly: it was written by another version of this program";
  file = std::move(found);
  return "";
}

std::string write_checkpoint(const std::filesystem::path& path, const checkpoint_file& file) {
  const std::string bytes = encode(file);
  std::filesystem::path temporary = path;
  temporary += ".part";
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0644);
  if (descriptor < 0)
    return system_problem("create", temporary, errno);
  int error = write_all(descriptor, bytes);
  if (::close(descriptor) != 0 && error == 0)
    error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) == 0)
    return "";
  if (error == 0)
    error = errno;
  ::unlink(temporary.c_str());
  return system_problem("write", path, error);
}

std::string read_checkpoint(const std::filesystem::path& path, checkpoint_file& file) {
  if (const auto why = why_no_regular_file(path); !why.empty())
    return "cannot read the checkpoint " + path.string() + ": " + why;
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return system_problem("open", path, errno);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (in.bad() || bytes.fail())
    return system_problem("read", path, errno != 0 ? errno : EIO);
  const std::string problem = decode(bytes.view(), file);
  return problem.empty() ? "" : "cannot use the checkpoint " + path.string() + ": " + problem;
}

} // namespace sentio

// The keys of a venue: from the environment, or from config.env in the working directory. They are never
// printed, logged or passed on a command line.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace sentio {

enum class key_kind { paper, real, polygon };

/// Has no stream operator on purpose.
struct venue_keys {
  std::string id;     ///< Alpaca's key id; Polygon's key
  std::string secret; ///< empty with Polygon
};
std::ostream& operator<<(std::ostream&, const venue_keys&) = delete;

/// Keys of a kind, read from
///   paper    ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY
///   real     ALPACA_API_KEY and ALPACA_SECRET_KEY
///   polygon  POLYGON_API_KEY
/// in the environment or, when none of them is there, as NAME=value lines of config.env in the directory.
/// That file must be a regular one that its owner alone may read (mode 0600). Empty when neither has them.
/// Throws usage_error, without any key in it: one of two is missing, a value that no key can be, a file that
/// others may read.
std::optional<venue_keys> find_keys(key_kind kind, const std::filesystem::path& directory = ".");
/// The same; throws usage_error naming both ways when there are none.
venue_keys load_keys(key_kind kind, const std::filesystem::path& directory = ".");
/// "set A and B in the environment, or write them as A=... and B=... into config.env (chmod 600 config.env)"
std::string how_to_give_keys(key_kind kind);

} // namespace sentio

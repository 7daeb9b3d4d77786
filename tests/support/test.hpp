// Our thin layer over CAF's unit test framework: the only header that tests include for it.
// Each test source defines CAF_SUITE (one suite per component) before including this.
#pragma once

#include <caf/test/unit_test.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#define CHECK(...) CAF_CHECK((__VA_ARGS__))
// Copies both sides: CAF_CHECK_EQUAL binds references, and one into a temporary (`CHECK_EQUAL(f().member,
// 1)`) would dangle by the time it is read.
#define CHECK_EQUAL(x, y)                                                                                    \
  do {                                                                                                       \
    const auto x_copied = x;                                                                                 \
    const auto y_copied = y;                                                                                 \
    static_cast<void>(                                                                                       \
        ::caf::test::detail::check(::caf::test::engine::current_test(), __FILE__, __LINE__, #x " == " #y,    \
                                   false, ::caf::test::equal_to{}(x_copied, y_copied), x_copied, y_copied)); \
    ::caf::test::engine::last_check_file(__FILE__);                                                          \
    ::caf::test::engine::last_check_line(__LINE__);                                                          \
  } while (false)
#define REQUIRE(...) CAF_REQUIRE((__VA_ARGS__))
#define TEST(name) CAF_TEST(name)

namespace sentio::test {

/// |x - y| <= tolerance * max(1, |x|, |y|)
inline bool close_to(double x, double y, double tolerance) {
  return std::abs(x - y) <= tolerance * std::max({1.0, std::abs(x), std::abs(y)});
}

/// The folder of real bars, or empty: a test that needs it says so and returns.
inline std::optional<std::filesystem::path> real_bars() {
  std::filesystem::path folder;
  if (const char* given = std::getenv("SENTIO_REAL_BARS"))
    folder = given;
  else
    folder = std::filesystem::path(SENTIO_SOURCE_DIR) / ".." / "shared" / "data" / "bars";
  if (std::filesystem::exists(folder / "TQQQ_RTH_NH.csv"))
    return folder;
  CAF_MESSAGE("skipped: no real bars (set SENTIO_REAL_BARS to their folder)");
  return std::nullopt;
}

/// A fresh folder under the build tree's temporary directory, removed at the end of the scope.
class scratch_folder {
public:
  scratch_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sentio-test-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("cannot make a scratch folder at " + pattern);
    path_ = pattern;
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code ignored; // a leftover folder must not hide the test's own result
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace sentio::test

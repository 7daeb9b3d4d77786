#define CAF_SUITE report_page

#include "core/report/report.hpp"
#include "tests/report/synthetic_run.hpp"
#include "tests/support/test.hpp"

#include <cstdlib>
#include <set>

using namespace sentio;

namespace {

/// Every opened tag is closed in order; void and self-closed ones aside. Returns what is wrong first.
std::string first_imbalance(const std::string& page) {
  static const std::set<std::string> void_tags{"meta", "!DOCTYPE"};
  std::vector<std::string> open;
  std::size_t at = 0;
  while ((at = page.find('<', at)) != std::string::npos) {
    const std::size_t end = page.find('>', at);
    if (end == std::string::npos)
      return "a tag without end";
    const bool closing = page[at + 1] == '/';
    const std::size_t first = at + (closing ? 2 : 1);
    const std::string name = page.substr(first, page.find_first_of(" >\n/", first) - first);
    at = end + 1;
    if (closing) {
      if (open.empty() || open.back() != name)
        return "</" + name + "> closes <" + (open.empty() ? "nothing" : open.back()) + ">";
      open.pop_back();
    } else if (!void_tags.contains(name) && page[end - 1] != '/') {
      open.push_back(name);
      if (name == "style" || name == "script")
        at = page.find("</" + name, at);
    }
  }
  return open.empty() ? "" : "<" + open.back() + "> is never closed";
}

} // namespace

TEST(the page stands alone and is well formed) {
  const test::scratch_folder folder;
  test::write_synthetic_run(folder.path(), {});
  const report_data data = load_report(folder.path());
  const std::string page = report_html(data);
  CHECK_EQUAL(first_imbalance(page), "");
  CHECK(page.find("http://") == std::string::npos);
  CHECK(page.find("https://") == std::string::npos);
  CHECK(page.find("src=") == std::string::npos);
  CHECK(page.find("url(") == std::string::npos);
  CHECK(page.find("nan") == std::string::npos);
  CHECK(page.find("synthetic data with a planted edge") != std::string::npos);
  CHECK(page.find("no investment advice") != std::string::npos);
  CHECK(page.size() < 3'000'000);
  if (const char* keep = std::getenv("SENTIO_KEEP_REPORT"))
    test::write_text(keep, page);
}

TEST(the same logs give the same bytes) {
  const test::scratch_folder one;
  const test::scratch_folder other;
  test::write_synthetic_run(one.path(), {});
  test::write_synthetic_run(other.path(), {});
  const report_data first = load_report(one.path());
  const report_data second = load_report(other.path());
  CHECK(report_html(first) == report_html(second));
  CHECK(report_text(first) == report_text(second));
  CHECK(report_json(first) == report_json(second));
}

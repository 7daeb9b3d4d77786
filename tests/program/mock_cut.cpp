#define CAF_SUITE program_cut

#include "tests/program/mock_lab.hpp"

using namespace sentio;
using test::mock_lab;
using test::program;

namespace {

/// The lines of a log whose time is not after `until_ms`; lines stand in order of time.
std::string lines_until(const std::string& log, std::int64_t until_ms) {
  static const std::string key = R"({"timestamp_ms":)";
  std::size_t line = 0;
  while (line < log.size()) {
    if (log.compare(line, key.size(), key) != 0)
      throw std::runtime_error("not a line of a log: " + log.substr(line, 80));
    if (std::stoll(log.substr(line + key.size(), 13)) > until_ms)
      break;
    line = log.find('\n', line) + 1;
  }
  return log.substr(0, line);
}

/// The four logs of both days.
std::map<std::string, std::string> logs_of_run(const std::filesystem::path& folder) {
  std::map<std::string, std::string> logs;
  for (const auto& date : {test::half_day, test::last_day})
    for (const auto& [stem, text] : test::logs_of(folder, date))
      logs[stem + date] = text;
  return logs;
}

/// The bars whose minute begins before the cut.
test::bar_texts cut_at(test::bar_texts bars, std::int64_t cut_s) {
  for (auto& [symbol, text] : bars)
    std::erase_if(text.rows, [&](const std::string& row) { return test::epoch_of(row) >= cut_s; });
  return bars;
}

/// A minute of one of the two sessions, the first of each excepted: something must be left to trade.
std::int64_t random_minute(std::uint64_t& seed) {
  constexpr std::int64_t half_day_open_s = test::half_day_midnight_s + 9 * 3600 + 30 * 60;
  constexpr std::int64_t last_day_open_s = half_day_open_s + 3 * 86400;
  const auto minute = static_cast<std::int64_t>(test::next_random(seed) % (209 + 390));
  return minute < 209 ? half_day_open_s + 60 * (minute + 1) : last_day_open_s + 60 * (minute - 209);
}

/// Runs whole and cut data, and compares all that was said before the cut.
class cut_trial {
public:
  cut_trial() {
    const auto run = sentio_actors_.run("mock" + mock_lab::get().from_checkpoint() + "--log-dir whole");
    if (run.code != 0)
      throw std::runtime_error("the whole run failed: " + run.error);
    whole_ = logs_of_run(sentio_actors_.folder() / "whole");
  }

  /// False, with the reason told, when the run fails or a line before the cut is another one.
  bool unchanged_before(std::int64_t cut_s, const test::bar_texts& bars) {
    test::write_bars(sentio_actors_.folder() / "bars", bars);
    const auto run = sentio_actors_.run("mock --no-report --overwrite --log-dir cut --data-dir bars" +
                                        mock_lab::get().with_checkpoint());
    if (run.code != 0) {
      CAF_MESSAGE("cut at " << cut_s << ": " << run.error);
      return false;
    }
    bool same = true;
    const auto cut = logs_of_run(sentio_actors_.folder() / "cut");
    for (const auto& [name, text] : whole_) {
      // A decision at t has seen bars that began before t, so all up to the cut itself must stand.
      const auto expected = lines_until(text, cut_s * 1000);
      compared_ += expected.size();
      if (expected == lines_until(cut.at(name), cut_s * 1000))
        continue;
      CAF_MESSAGE("cut at " << cut_s << " changed " << name << " before it");
      same = false;
    }
    return same;
  }
  std::size_t compared() const { return compared_; }

private:
  program sentio_actors_;
  std::map<std::string, std::string> whole_;
  std::size_t compared_ = 0;
};

void cut_at_random(std::uint64_t seed, int points) {
  cut_trial trial;
  for (int i = 0; i < points; ++i) {
    const auto cut_s = random_minute(seed);
    CHECK(trial.unchanged_before(cut_s, cut_at(mock_lab::get().bars(), cut_s)));
  }
  CHECK(trial.compared() > 1'000'000);
}

} // namespace

// Several tests and not one, since the framework ends a test after 30 s.
TEST(cutting the data changes nothing before the cut) {
  cut_at_random(1, 50);
}
TEST(cutting the data changes nothing before the cut at other points) {
  cut_at_random(2, 50);
}
TEST(cutting the data changes nothing before the cut at more points) {
  cut_at_random(3, 50);
}
TEST(cutting the data changes nothing before the cut at a last set of points) {
  cut_at_random(4, 50);
}

TEST(the future of one symbol is not seen by the others) {
  cut_trial trial;
  std::uint64_t seed = 7;
  for (const std::string symbol : test::sample_symbols) {
    const auto cut_s = random_minute(seed);
    auto bars = mock_lab::get().bars();
    bars.at(symbol) = cut_at(bars, cut_s).at(symbol);
    CHECK(trial.unchanged_before(cut_s, bars));
  }
  CHECK(trial.compared() > 100'000);
}

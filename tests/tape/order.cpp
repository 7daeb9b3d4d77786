// Tapes whose checksums are good and whose records are not in their place.
#define CAF_SUITE record_order

#include "core/tape/record_order.hpp"

#include "core/tape/tape_text.hpp"
#include "tests/support/test.hpp"
#include "tests/tape/samples.hpp"

#include <algorithm>
#include <limits>

using namespace sentio;

namespace {

struct tape_file {
  test::scratch_folder folder;
  std::filesystem::path path = folder.path() / "a.tape";
  std::vector<test::sample_record> records = test::sample_records();

  std::size_t first(record_kind kind) const {
    const auto found = std::find_if(records.begin(), records.end(),
                                    [kind](const test::sample_record& one) { return one.kind == kind; });
    return static_cast<std::size_t>(found - records.begin());
  }
  auto at(std::size_t i) { return records.begin() + static_cast<std::ptrdiff_t>(i); }

  /// Refused at that record, with its place and these words.
  bool refused(std::size_t record, const std::string& words) const {
    write_tape(path, records);
    const auto summary = verify_tape(path);
    const bool good =
        summary.fault == tape_fault::malformed && summary.records == record &&
        summary.error.starts_with(path.string() + ": record " + std::to_string(record) + " at byte ") &&
        summary.error.find(words) != std::string::npos;
    if (!good)
      CAF_MESSAGE(summary.error);
    return good;
  }
};

} // namespace

TEST(the header is the first record and the only one) {
  tape_file tape;
  std::rotate(tape.records.begin(), tape.at(1), tape.at(5));
  CHECK(tape.refused(0, "a tape has one header, and it is its first record"));
  tape_file twice;
  twice.records.insert(twice.at(6), twice.records.front());
  CHECK(twice.refused(6, "a tape has one header"));
}

TEST(nothing of a session comes before it or behind its end) {
  tape_file early;
  std::iter_swap(early.at(early.first(record_kind::session)), early.at(early.first(record_kind::bar)));
  CHECK(early.refused(3, "a record of kind bar comes before the first session"));
  tape_file late;
  std::iter_swap(late.at(late.first(record_kind::data_counts)), late.at(late.first(record_kind::halt)));
  CHECK(late.refused(17, "a record of kind command follows the end of the session of 2025-06-03"));
  tape_file open;
  open.records.insert(open.at(6), open.records[open.first(record_kind::session)]);
  CHECK(open.refused(6, "a session begins while the one of 2025-06-03 is open"));
}

TEST(a symbol that the header does not name is refused in every kind that names one) {
  const auto naming = [](std::size_t record, auto change) {
    tape_file tape;
    change(tape.records[record].payload);
    return tape.refused(record, "the header names 3");
  };
  const tape_file good;
  CHECK(naming(good.first(record_kind::learner_state),
               [](auto& p) { std::get<learner_state_record>(p).symbol = 3; }));
  CHECK(naming(good.first(record_kind::bar), [](auto& p) { std::get<bar_record>(p).symbol = 3; }));
  CHECK(naming(good.first(record_kind::revision), [](auto& p) { std::get<bar_record>(p).symbol = 99; }));
  CHECK(naming(good.first(record_kind::cut_off), [](auto& p) {
    std::get<cut_off_record>(p).delivered = {0, 7};
  }));
  CHECK(naming(good.first(record_kind::round_closed),
               [](auto& p) { std::get<round_closed_record>(p).missing = {4}; }));
  CHECK(naming(good.first(record_kind::venue), [](auto& p) { std::get<venue_event>(p).fill.symbol = 3; }));
  CHECK(naming(good.first(record_kind::halt), [](auto& p) { std::get<halt_record>(p).symbol = 3; }));
  CHECK(naming(good.first(record_kind::symbol_state),
               [](auto& p) { std::get<symbol_state_record>(p).symbol = 3; }));
  CHECK(naming(good.first(record_kind::decision), [](auto& p) { std::get<decision>(p).symbol = 3; }));
  CHECK(naming(good.first(record_kind::order), [](auto& p) { std::get<order_intent>(p).symbol = 3; }));
  CHECK(naming(good.first(record_kind::ranked_round),
               [](auto& p) { std::get<ranked_round>(p).symbols.resize(4); }));
}

TEST(bars lists and times that cannot be true are refused) {
  tape_file bar;
  const auto where = bar.first(record_kind::bar);
  std::get<bar_record>(bar.records[where].payload).value.close = std::numeric_limits<double>::quiet_NaN();
  CHECK(bar.refused(where, "no bar: "));
  tape_file outside;
  std::get<bar_record>(outside.records[where].payload).value.label += 24 * 60 * minute_ms;
  CHECK(outside.refused(where, "lies outside its session"));
  tape_file again;
  again.records.insert(again.at(where + 1), again.records[where]);
  CHECK(again.refused(where + 1, "comes after that of"));
  tape_file list;
  const auto minute = list.first(record_kind::cut_off);
  std::get<cut_off_record>(list.records[minute].payload).delivered = {1, 0};
  CHECK(list.refused(minute, "its symbols do not ascend"));
  tape_file time;
  const auto command = time.first(record_kind::command);
  std::get<command_record>(time.records[command].payload).at = std::numeric_limits<std::int64_t>::max();
  CHECK(time.refused(command, "is no time from 1970 to 9999"));
  tape_file hours;
  const auto session = hours.first(record_kind::session);
  std::get<session_hours>(hours.records[session].payload).close = 0;
  CHECK(hours.refused(session, "are no session's"));
}

// bench_parts: what each step on a bar's way costs, in nanoseconds of CPU time per symbol-bar.
//   bench_parts [--data-dir DIR] [--symbols A,B,...] [--bare-loop] [Google Benchmark's own arguments]
#include "core/features/feature_engine.hpp"
#include "core/journal/log_lines.hpp"
#include "core/learning/symbol_model.hpp"
#include "core/market/csv_reader.hpp"
#include "core/tape/writer.hpp"
#include "tools/bench.d/bench_report.hpp"
#include "tools/bench.d/part_data.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <stdexcept>

namespace sentio {
namespace {

constexpr std::size_t session_count = 25;
constexpr std::size_t round_count = 390;

void set_items(benchmark::State& state, std::size_t items) {
  state.counters["items"] = static_cast<double>(items);
}

template <class Run>
void register_part(const char* name, std::size_t items, Run run) {
  benchmark::RegisterBenchmark(name, [=](benchmark::State& state) {
    for (auto _ : state)
      run();
    set_items(state, items);
  });
}

void register_parse(const part_data& data) {
  std::size_t rows = 0;
  bar row;
  for (csv_bar_reader reader(data.file); reader.next(row);)
    ++rows;
  register_part("parse", rows, [&data] {
    bar b;
    csv_bar_reader reader(data.file);
    while (reader.next(b))
      benchmark::DoNotOptimize(b);
  });
}

void register_features(const char* name, feature_set set, const part_data& data) {
  register_part(name, data.bars(), [set, &data] {
    feature_engine engine(set);
    for (const market_day& day : data.sessions) {
      engine.begin_session(day.hours);
      for (const bar& b : day.bars[0]) {
        engine.update(b);
        benchmark::DoNotOptimize(engine.values(set).data());
      }
    }
  });
}

void register_model(const char* name, const learner_parameters& parameters, const part_data& data) {
  register_part(name, data.bars(), [parameters, &data] {
    symbol_model model(parameters, best_instruction_set());
    for (const market_day& day : data.sessions) {
      model.begin_session(day.hours);
      for (const bar& b : day.bars[0])
        benchmark::DoNotOptimize(model.update(b));
      model.end_session();
    }
  });
}

void register_logs(const part_data& data, const std::vector<ranked_round>& rounds) {
  register_part("signal_line", rounds.size() * data.symbols.size(), [&] {
    std::string out;
    log_stamp stamp{"2025-06-03"};
    for (const ranked_round& round : rounds) {
      append_signal_lines(out, stamp, round, data.symbols);
      benchmark::DoNotOptimize(out.data());
      out.clear();
    }
  });
  register_part("decision_line", rounds.size(), [&] {
    std::string out;
    log_stamp stamp{"2025-06-03"};
    decision made;
    made.reason = "edge -0.83 bp < exit threshold -0.5 bp";
    for (const ranked_round& round : rounds) {
      made.at = round.at;
      made.strength = round.symbols[0].strength;
      append_decision_line(out, stamp, made, data.symbols);
      benchmark::DoNotOptimize(out.data());
      out.clear();
    }
  });
  register_part("position_line", rounds.size(), [&] {
    std::string out;
    log_stamp stamp{"2025-06-03"};
    book_snapshot book;
    book.positions.resize(3);
    book.cash = book.equity = {100'000'123'456};
    for (const ranked_round& round : rounds) {
      book.at = round.at;
      for (auto& position : book.positions)
        position = {0, 444, {71'230'000}, {71'250'000}, {8'880'000}, 1, round.symbols[0].strength, 7};
      append_position_line(out, stamp, book, data.symbols);
      benchmark::DoNotOptimize(out.data());
      out.clear();
    }
  });
}

/// A tape whose name is gone at once: nothing stays behind.
void open_scratch_tape(tape_writer& writer) {
  const auto path = std::filesystem::temp_directory_path() / "sentio-bench.tape";
  if (const std::string error = writer.create(path, true); !error.empty())
    throw std::runtime_error(error);
  std::filesystem::remove(path);
}

void register_tape(const part_data& data, const std::vector<ranked_round>& rounds) {
  // Flushed once a minute, as in a replay.
  register_part("tape_bar", data.bars(), [&] {
    tape_writer writer;
    open_scratch_tape(writer);
    std::size_t waiting = 0;
    for (const market_day& day : data.sessions)
      for (const bar& b : day.bars[0]) {
        writer.append(record_kind::bar, decision_time(b), bar_record{0, b});
        if (++waiting % data.symbols.size() == 0)
          writer.flush();
      }
  });
  register_part("tape_round", rounds.size() * data.symbols.size(), [&] {
    tape_writer writer;
    open_scratch_tape(writer);
    for (const ranked_round& round : rounds) {
      writer.append(record_kind::ranked_round, round.at, round);
      writer.flush();
    }
  });
}

void print_summary(const median_reporter& reporter) {
  const double bare = reporter.median_ns(bare_loop_name);
  if (bare <= 0)
    return;
  std::printf("\nMedian CPU time per symbol-bar (a line: per line); the bare loop took %.0f ns\n", bare);
  for (const auto& [name, ns] : reporter.medians_ns())
    if (name != bare_loop_name)
      std::printf("  %-18s %9.0f ns %8.2f x the bare loop\n", name.c_str(), ns, ns / bare);
  for (const auto& [name, ns] : reporter.medians_ns())
    print_figure(name, ns, "ns");
}

/// Median of 15 short measurements, for scripts that time something else.
void print_bare_loop() {
  std::vector<double> times;
  for (int i = 0; i < 15; ++i) {
    constexpr int runs = 5000;
    const std::clock_t begin = std::clock(); // CPU time, as of the runs it is compared with
    for (int run = 0; run < runs; ++run)
      benchmark::DoNotOptimize(bare_loop());
    times.push_back(1e9 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / runs);
  }
  std::sort(times.begin(), times.end());
  print_figure(bare_loop_name, times[times.size() / 2], "ns");
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    words.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

void run(int argc, char** argv) {
  std::filesystem::path directory = SENTIO_SAMPLE_DIR;
  std::vector<std::string> symbols;
  std::vector<char*> others{argv[0]};
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--bare-loop")
      return print_bare_loop();
    if ((argument == "--data-dir" || argument == "--symbols") && i + 1 == argc)
      throw std::invalid_argument(argument + " needs a value");
    if (argument == "--data-dir")
      directory = argv[++i];
    else if (argument == "--symbols")
      symbols = split(argv[++i]);
    else
      others.push_back(argv[i]);
  }
  const part_data data = load_part_data(directory, symbols, session_count);
  const std::vector<ranked_round> rounds = make_rounds(data, round_count);
  const std::string note = data_note(directory);
  std::printf("bars: %s, %zu sessions, first symbol %s with %zu bars%s%s\n", directory.string().c_str(),
              data.sessions.size(), data.symbols[0].c_str(), data.bars(), note.empty() ? "" : "; ",
              note.c_str());
  register_bare_loop();
  register_parse(data);
  register_features("features_full", feature_set::full126, data);
  register_features("features_compact", feature_set::compact16, data);
  register_model("model_default", learner_parameters{}, data);
  learner_parameters compact;
  std::erase_if(compact.experts,
                [](const expert_parameters& expert) { return expert.features == feature_set::full126; });
  register_model("model_compact", compact, data);
  register_logs(data, rounds);
  register_tape(data, rounds);
  median_reporter reporter;
  run_all(static_cast<int>(others.size()), others.data(), reporter);
  print_summary(reporter);
}

} // namespace
} // namespace sentio

int main(int argc, char** argv) {
  try {
    sentio::run(argc, argv);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_parts: %s\n", error.what());
    return EXIT_FAILURE;
  }
}

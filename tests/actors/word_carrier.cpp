#define CAF_SUITE word_carrier
#include "tests/support/live_tape_bench.hpp"

#include "actors/live/word_carrier.hpp"

using namespace sentio;

namespace {

/// A live tape, and a carrier that knows of it.
struct carrier_bench : test::live_tape_bench {
  std::shared_ptr<graph_handles> handles = std::make_shared<graph_handles>();
  caf::actor carrier = sys.spawn(word_carrier, handles);
  std::vector<std::string> confirmed;

  ~carrier_bench() { stop(carrier); }

  void show(const live_tape_actor& seen) { handles->set({{}, caf::actor_cast<tape_actor>(seen)}); }
  /// An operator's word; its confirmation is kept.
  void say(const std::string& sender) {
    sys.spawn([this, sender](caf::event_based_actor* self) {
      self->request(carrier, caf::infinite, operator_command{command_kind::maintenance_on, at(1), sender})
          .then([this, sender](bool) { confirmed.push_back(sender); });
    });
    run();
  }
  void wait() {
    scheduler().advance_time(std::chrono::milliseconds{21});
    run();
  }
  /// The tape ends, with everything that waits in it.
  void lose_tape() {
    caf::anon_send_exit(tape, caf::exit_reason::kill);
    run();
  }
  std::size_t on_record(const std::string& sender) const {
    return static_cast<std::size_t>(
        std::count(to_portfolio.begin(), to_portfolio.end(), "command 0 " + sender));
  }
};

using words = std::vector<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(word_carrier_tests, carrier_bench)

TEST(a word is confirmed when it is on the record) {
  decide_at_once = false;
  start();
  show(tape);
  give(0, 0);
  give(1, 0); // a round is being decided
  say("ann");
  CHECK(confirmed.empty());
  CHECK_EQUAL(on_record("ann"), 0u);
  decide(1);
  CHECK(confirmed == words{"ann"});
  CHECK_EQUAL(on_record("ann"), 1u);
  wait();
  CHECK_EQUAL(on_record("ann"), 1u); // told once
}

TEST(a word that waited in a tape that died is told to its successor) {
  decide_at_once = false;
  start();
  show(tape);
  give(0, 0);
  give(1, 0);
  say("ann");
  say("bob");
  lose_tape();
  wait();
  CHECK(confirmed.empty());
  decide_at_once = true;
  config.tape.place.file = (folder.path() / "successor.tape").string();
  start();
  wait();
  CHECK(confirmed.empty()); // nobody has named the successor yet
  show(tape);
  wait();
  CHECK(confirmed == (words{"ann", "bob"}));
  CHECK_EQUAL(on_record("ann"), 1u);
  CHECK_EQUAL(on_record("bob"), 1u);
}

TEST(a word that is said while there is no tape waits for one) {
  say("ann");
  wait();
  CHECK(confirmed.empty());
  start();
  show(tape);
  wait();
  CHECK(confirmed == words{"ann"});
}

CAF_TEST_FIXTURE_SCOPE_END()

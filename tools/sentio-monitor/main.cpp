// sentio-monitor: what runs, in a terminal.
#include "core/monitor/certificates.hpp"
#include "core/monitor/command.hpp"
#include "core/numeric/plain_text.hpp"
#include "tools/sentio-monitor/command_desk.hpp"
#include "tools/sentio-monitor/curses_screen.hpp"
#include "tools/sentio-monitor/hub_link.hpp"
#include "tools/sentio-monitor/look_once.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <unistd.h>

namespace {

using namespace sentio;
using namespace std::chrono_literals;

constexpr const char* examples = R"(Examples:
  sentio-monitor localhost:7443 --cert-dir certs/viewer-me
  sentio-monitor hub.example.org:7443 --cert-dir certs/viewer-me --instance desk-1 --operator-key certs/operator/operator.key
  sentio-monitor localhost:7443 --cert-dir certs/viewer-me --once --json | jq '.instances[].snapshot.account.equity'

The certificates come from `sentio-actors certs --dir certs`. Keys: 1 to 6 or Tab change the screen, arrows and page keys
scroll (also to the sides), Enter chooses an instance, q quits. With the operator's key: p pause, r resume, f flatten,
h halt, k kill an actor, a re-arm, c replace the configuration; each asks once.
Exit codes: 0 good, 1 the run failed, 2 wrong usage or configuration.)";

struct options {
  std::string address;
  std::string cert_dir;
  std::string instance;
  std::string operator_key_file;
  bool once = false;
  bool json = false;
  bool ascii = false;
};

/// Wrong usage or configuration: exit code 2.
class wrong_usage : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

volatile std::sig_atomic_t end_wanted = 0;

extern "C" void note_end(int) {
  end_wanted = 1;
}

/// The threads of CAF are made with these blocked, so that only the main thread gets them.
class main_thread_signals {
public:
  main_thread_signals() {
    sigemptyset(&set_);
    for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT})
      sigaddset(&set_, one);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    for (const int one : {SIGINT, SIGTERM, SIGHUP})
      std::signal(one, note_end);
    std::signal(SIGPIPE, SIG_IGN);
  }
  void let_through() { pthread_sigmask(SIG_UNBLOCK, &set_, nullptr); }

private:
  sigset_t set_{};
};

time_ms real_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The program between its keys, the link and the screen.
class watching {
public:
  watching(const options& given, hub_link& link, std::optional<command_desk> commands)
      : link_(link), commands_(std::move(commands)), desk_(given.address, commands_.has_value()),
        wanted_(given.instance) {}

  void run(curses_screen& terminal) {
    while (!end_wanted && !quit_ && !terminal.is_gone()) {
      take_news();
      const std::int64_t now = steady_now_ms();
      terminal.draw(desk_.draw(view_, now, terminal.width(), terminal.height()));
      // Every key that waits, so that pasted ones do not lag behind.
      for (auto pressed = terminal.read_key(100ms); pressed != key::none && !quit_;
           pressed = terminal.read_key(0ms))
        if (const auto wish = desk_.press(pressed, view_))
          grant(*wish);
    }
  }

private:
  void choose(const std::string& instance) {
    view_.choose(instance);
    link_.select(instance);
  }

  void take_news() {
    const link_news news = link_.take();
    const link_status status = link_.status();
    if (!status.connected || news.connected_again)
      view_.forget_freshness();
    for (const auto& text : news.texts)
      view_.take(text, steady_now_ms());
    // The first instance is chosen for the person when there is no choice.
    if (view_.chosen().empty() && wanted_.empty() && view_.instances().size() == 1)
      wanted_ = view_.instances().front().id;
    if (view_.chosen().empty() && !wanted_.empty()) {
      view_.choose(wanted_);
      desk_.show(screen::overview);
      link_.select(wanted_);
    } else if ((news.connected_again || news.dropped) && !view_.chosen().empty()) {
      link_.select(view_.chosen()); // the hub then sends the history and a whole snapshot
    }
    desk_.set_link(status);
    for (const auto& answer : view_.take_answers())
      if (const auto note = commands_ ? commands_->take(answer) : std::nullopt)
        desk_.note(note->text, note->style);
    if (const auto note = commands_ ? commands_->overdue(steady_now_ms()) : std::nullopt)
      desk_.note(note->text, note->style);
  }

  void grant(const desk_wish& wish) {
    switch (wish.what) {
    case desk_wish::kind::quit:
      quit_ = true;
      break;
    case desk_wish::kind::choose:
      choose(wish.instance);
      break;
    case desk_wish::kind::command:
      send(wish);
      break;
    }
  }

  void send(const desk_wish& wish) {
    if (!commands_)
      return;
    try {
      const std::string text = commands_->make(wish, real_now(), steady_now_ms());
      if (link_.send_order(text)) {
        desk_.note(wish.command + " sent to " + wish.instance + ", waiting for its answer", look::strong);
      } else {
        commands_->not_sent();
        desk_.note("nothing was sent: there is no connection to the hub", look::bad);
      }
    } catch (const std::exception& error) {
      desk_.note("nothing was sent: " + std::string(error.what()), look::bad);
    }
  }

  hub_link& link_;
  std::optional<command_desk> commands_;
  terminal_view view_;
  desk desk_;
  std::string wanted_;
  bool quit_ = false;
};

int complain(const std::string& what, int code) {
  std::fprintf(stderr, "sentio-monitor: %s\n", plain_text(what, line_ends::kept).c_str());
  return code;
}

void print_once(const once_result& result, bool json) {
  if (json) {
    std::printf("%s\n",
                result.found.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace).c_str());
    return;
  }
  for (const auto& one : result.found["instances"]) {
    terminal_view view;
    view.take(nlohmann::json{{"type", "instances"}, {"instances", {one}}}.dump(), 1);
    view.choose(one["id"]);
    if (one["snapshot"].is_object())
      view.take(one["snapshot"].dump(), 1);
    desk lines("", false);
    lines.set_link({true, "connected", 0});
    lines.show(screen::overview);
    const auto drawn =
        lines.draw(view, 1, 100, 9 + view.positions().size() * 3 / 2 + view.ranking().size() + 9);
    std::string text;
    for (std::size_t i = 1; i + 3 < drawn.size(); ++i) {
      text += drawn[i].text();
      text.erase(text.find_last_not_of(' ') + 1);
      text += "\n";
    }
    text.erase(text.find_last_not_of('\n') + 1);
    std::printf("%s\n", text.c_str());
  }
}

int watch(const options& given) {
  if (given.json && !given.once)
    throw wrong_usage("--json belongs to --once");
  if (!given.once && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
    throw wrong_usage("this is no terminal; run it in one, or take --once --json");
  const auto place = parse_endpoint(given.address);
  if (!place)
    throw wrong_usage("the hub's address is HOST:PORT, as in localhost:7443, not " + given.address);
  const certificate_facts certificates = check_certificates(given.cert_dir, certificate_role::viewer);
  std::optional<command_desk> commands;
  if (!given.operator_key_file.empty())
    commands.emplace(operator_key::load(given.operator_key_file), sender_of_this_computer());
  main_thread_signals signals;
  hub_link link(*place, certificates);
  signals.let_through();
  int code = 0;
  if (given.once) {
    const once_result result = look_once(link, given.instance, 5s, [] { return end_wanted != 0; });
    if (!result.found.is_null() && result.problem.empty())
      print_once(result, given.json);
    if (!result.problem.empty())
      code = complain(result.problem, 1);
  } else {
    curses_screen terminal(given.ascii);
    watching(given, link, std::move(commands)).run(terminal);
  }
  if (!link.stop(2s)) {
    // A call of CAF that cannot be interrupted: nobody waits for it.
    std::fflush(stdout);
    std::_Exit(code);
  }
  return code;
}

void add_options(CLI::App& app, options& given) {
  app.add_option("hub", given.address, "Where the hub listens for terminals")
      ->required()
      ->type_name("HOST:PORT");
  app.add_option("--cert-dir", given.cert_dir, "Folder of a viewer's certificate: cert.pem, key.pem, ca.pem")
      ->required()
      ->type_name("DIR");
  app.add_option("--instance", given.instance, "Look at this instance from the beginning")->type_name("ID");
  app.add_option("--operator-key", given.operator_key_file,
                 "Private key that commands are signed with (mode 0600)")
      ->type_name("FILE");
  app.add_flag("--once", given.once, "Print what there is now, and end; waits 5 s at most");
  app.add_flag("--json", given.json, "With --once: one line of JSON");
  app.add_flag("--ascii", given.ascii, "Draw no character beyond ASCII");
}

int run(int argc, char** argv) {
  CLI::App app{"Shows what the instances of a hub do, live, and lets the operator step in."};
  app.name("sentio-monitor");
  app.set_version_flag("--version", "sentio-monitor " SENTIO_VERSION);
  app.footer(examples);
  options given;
  add_options(app, given);
  try {
    app.parse(argc, argv);
    return watch(given);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)
      return app.exit(error); // help and version
    return complain(std::string(error.what()) + "; see `sentio-monitor --help`", 2);
  } catch (const wrong_usage& error) {
    return complain(error.what(), 2);
  } catch (const file_problem& error) {
    return complain(error.what(), 2);
  } catch (const std::exception& error) {
    return complain(error.what(), 1);
  }
}

} // namespace

int main(int argc, char** argv) {
  const int code = run(argc, argv);
  // A full disk behind a redirected output must not look like success.
  if (std::fflush(stdout) != 0 || std::ferror(stdout))
    return complain("standard output cannot be written; is its disk full?", 1);
  return code;
}

#define CAF_SUITE terminal_program

#include "tests/support/test.hpp"
#include "tests/terminal/pseudo_terminal.hpp"

#include "core/monitor/certificates.hpp"

#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>

using namespace sentio;
using test::monitor_program;
using test::terminal_run;

namespace {

/// Certificates for every test of this file; made once, since keys take their time.
const std::filesystem::path& certificates() {
  static const test::scratch_folder folder;
  static const bool made = [] {
    authority_plan plan;
    plan.folder = folder.path() / "certs";
    plan.instances = {"desk-1"};
    plan.viewers = {"me"};
    return !make_authority(plan).empty();
  }();
  static const std::filesystem::path path = folder.path() / (made ? "certs" : "");
  return path;
}

std::string viewer() {
  return (certificates() / "viewer-me").string();
}

/// A port of this computer on which nobody listens; `listening` holds it and never answers.
class silent_port {
public:
  explicit silent_port(bool listening) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const general = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket_, general, size) != 0 || getsockname(socket_, general, &size) != 0 ||
        (listening && listen(socket_, 8) != 0))
      throw std::runtime_error("no free port");
    port_ = ntohs(address.sin_port);
  }
  silent_port(const silent_port&) = delete;
  silent_port& operator=(const silent_port&) = delete;
  ~silent_port() { close(socket_); }
  std::string place() const { return "127.0.0.1:" + std::to_string(port_); }

private:
  int socket_;
  int port_ = 0;
};

struct result {
  int code = -1;
  std::string out, error;
};

/// Without a terminal.
result run(const std::string& arguments) {
  const test::scratch_folder folder;
  const auto text = [](const std::filesystem::path& file) {
    std::stringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
  };
  const auto out = folder.path() / "out", error = folder.path() / "error";
  const int status = std::system(("'" + monitor_program() + "' " + arguments + " </dev/null >'" +
                                  out.string() + "' 2>'" + error.string() + "'")
                                     .c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text(out), text(error)};
}

bool has(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos)
    return true;
  CAF_MESSAGE("not found: " << part << "\nin:\n" << text);
  return false;
}

} // namespace

TEST(without a hub the program says so and its keys work and q ends it with code 0) {
  const silent_port nobody(false);
  terminal_run run({monitor_program(), nobody.place(), "--cert-dir", viewer()}, 80, 24);
  CHECK(run.wait_for("not connected"));
  CHECK(run.wait_for("no hub at " + nobody.place() + ": Connection refused; again in"));
  CHECK(run.wait_for("the hub knows no instance yet"));
  run.press("2");
  CHECK(run.wait_for("no snapshot of this instance yet"));
  run.press("3");
  CHECK(run.wait_for("no actors known"));
  run.press("\t");
  CHECK(run.wait_for("no learners known"));
  run.press("h");
  CHECK(run.wait_for("--operator-key FILE"));
  run.press("\x1b[A\x1b[B\x1bOC\x1bOD"); // arrows, whichever way they are sent
  run.press("6");
  CHECK(run.wait_for("no faults, restarts, alerts or commands yet"));
  run.press("q");
  const int code = run.end();
  CHECK_EQUAL(code, 0);
  CHECK(run.is_as_before());
  const int strange = run.screen().strange();
  CHECK_EQUAL(strange, 0);
}

TEST(the screen follows the size of the terminal) {
  const silent_port nobody(false);
  terminal_run run({monitor_program(), nobody.place(), "--cert-dir", viewer()}, 80, 24);
  CHECK(run.wait_for("q quit"));
  run.resize(200, 60);
  CHECK(run.wait_for("instances " + std::string("\n"))); // the right end of the first line
  const std::string wide = run.screen().text();
  CHECK_EQUAL(wide.find("instances \n"), 190u);
  CHECK(wide.find("q quit") > 59 * 201);
  run.resize(20, 5);
  CHECK(run.wait_for("40x10 at least"));
  run.resize(80, 24);
  CHECK(run.wait_for("q quit"));
  run.press("q");
  const int code = run.end();
  CHECK_EQUAL(code, 0);
}

TEST(Ctrl - C and SIGTERM give the terminal back) {
  const silent_port nobody(false);
  for (const bool key : {true, false}) {
    terminal_run run({monitor_program(), nobody.place(), "--cert-dir", viewer()}, 80, 24);
    CHECK(run.wait_for("q quit"));
    CHECK(!run.is_as_before());
    if (key)
      run.press("\x03");
    else
      run.signal(SIGTERM);
    const int code = run.end();
    CHECK_EQUAL(code, 0);
    CHECK(run.is_as_before());
  }
}

TEST(a fault of the program gives the terminal back as well) {
  const silent_port nobody(false);
  terminal_run run({monitor_program(), nobody.place(), "--cert-dir", viewer()}, 80, 24);
  CHECK(run.wait_for("q quit"));
  run.signal(SIGSEGV);
  const int code = run.end();
  CHECK_EQUAL(code, 128 + SIGSEGV);
  CHECK(run.is_as_before());
  CHECK(has(run.everything(), "sentio-monitor: fell over"));
}

TEST(a port that never answers does not hold up the keys or the end) {
  const silent_port mute(true);
  terminal_run run({monitor_program(), mute.place(), "--cert-dir", viewer()}, 80, 24);
  CHECK(run.wait_for("connecting to " + mute.place()));
  run.press("3");
  CHECK(run.wait_for("no actors known"));
  CHECK(run.wait_for("it accepts connections but does not answer"));
  run.press("q");
  const int code = run.end();
  CHECK_EQUAL(code, 0);
}

TEST(the operator key is checked before anything else and unlocks the questions) {
  const silent_port nobody(false);
  const auto key = certificates() / "operator" / "operator.key";
  {
    terminal_run run({monitor_program(), nobody.place(), "--cert-dir", viewer(), "--instance", "desk-1",
                      "--operator-key", key.string()},
                     80, 24);
    CHECK(run.wait_for("desk-1"));
    run.press("f");
    CHECK(run.wait_for("Sell everything and end the session, instance desk-1? (y/N)"));
    run.press("n");
    CHECK(run.wait_for("nothing was sent"));
    run.press("h");
    CHECK(run.wait_for("(y/N)"));
    run.press("y");
    CHECK(run.wait_for("nothing was sent: there is no connection to the hub"));
    run.press("q");
    const int code = run.end();
    CHECK_EQUAL(code, 0);
  }
  const test::scratch_folder folder;
  const auto open_key = folder.path() / "open.key";
  std::filesystem::copy_file(key, open_key);
  std::filesystem::permissions(open_key, std::filesystem::perms(0644));
  const result refused =
      run(nobody.place() + " --once --cert-dir " + viewer() + " --operator-key " + open_key.string());
  CHECK_EQUAL(refused.code, 2);
  CHECK(has(refused.error, "open.key"));
}

TEST(wrong usage is code 2 and a sentence) {
  const auto refused = [](const std::string& arguments, const std::string& sentence) {
    const result found = run(arguments);
    CHECK_EQUAL(found.code, 2);
    CHECK_EQUAL(found.out, "");
    CHECK(has(found.error, sentence));
  };
  refused("", "is required; see `sentio-monitor --help`");
  refused("localhost:1 --cert-dir " + viewer(), "this is no terminal");
  refused("localhost:1 --json --cert-dir " + viewer(), "--json belongs to --once");
  refused("localhost --once --cert-dir " + viewer(), "HOST:PORT");
  refused("localhost:0 --once --cert-dir " + viewer(), "HOST:PORT");
  refused("localhost:1 --once --cert-dir /nowhere", "/nowhere");
  refused("localhost:1 --once --cert-dir " + (certificates() / "instance-desk-1").string(), "instance");
  const result version = run("--version");
  CHECK_EQUAL(version.code, 0);
  CHECK(has(version.out, "sentio-monitor "));
  const result help = run("--help");
  CHECK_EQUAL(help.code, 0);
  CHECK(has(help.out, "Examples:"));
}

TEST(once without a hub is code 1 and a sentence within five seconds) {
  const silent_port nobody(false);
  const auto begun = std::chrono::steady_clock::now();
  const result found = run(nobody.place() + " --once --json --cert-dir " + viewer());
  CHECK_EQUAL(found.code, 1);
  CHECK_EQUAL(found.out, "");
  CHECK(has(found.error, "no hub at " + nobody.place() + ": Connection refused"));
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(8));
}

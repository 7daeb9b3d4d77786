// sentio-hub: collects what instances say, and shows it to terminals, pages and Prometheus.
#include "core/monitor/certificates.hpp"
#include "core/monitor/finished_session.hpp"
#include "core/monitor/sanitized.hpp"
#include "core/numeric/plain_text.hpp"
#include "tools/sentio-hub/hub_node.hpp"
#include "tools/sentio-hub/page.hpp"
#include "tools/sentio-hub/web_service.hpp"
#include "tools/sentio-hub/webhook.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

namespace {

using namespace sentio;
using namespace sentio::hub;

constexpr const char* examples = R"(Examples:
  sentio-actors certs --dir certs --instance desk-1 --viewer ann     the certificates that it needs
  sentio-hub --cert-dir certs/hub                                     uplinks and terminals on 127.0.0.1:7443,
                                                                      the page on http://127.0.0.1:8080
  sentio-hub --cert-dir certs/hub --listen 10.0.0.5:7443              instances on other computers
  sentio-hub --cert-dir certs/hub --http 10.0.0.5:8443 --tls-dir tls --token-file token --host-name hub.lan
  sentio-hub --finished logs/mock_trading/latest                      finished sessions only: no certificates

It holds no keys of an account and gives no commands: those are signed by an operator's terminal and only relayed.
Exit codes: 0 good, 1 the run failed, 2 wrong usage or configuration.)";

struct options {
  std::string listen = "127.0.0.1:7443";
  std::string cert_dir;
  std::string http = "127.0.0.1:8080";
  std::vector<std::string> host_names;
  std::string token_file;
  std::string tls_dir;
  std::string webhook_file;
  std::string page;
  std::string finished;
  std::string ready_file;
  bool quiet = false;
  int parent = 0; ///< 0: none
  std::size_t memory_mib = 2'048;
};

/// Wrong usage: exit code 2.
class wrong_usage : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

volatile std::sig_atomic_t interrupt_seen = 0;

extern "C" void note_interrupt(int) {
  interrupt_seen = 1;
}

endpoint address(const std::string& text, const char* option) {
  const auto found = parse_endpoint(text, true);
  if (!found)
    throw wrong_usage(std::string(option) + " takes an address as 127.0.0.1:8080 or [::1]:8080, not " + text);
  return *found;
}

bool is_loopback(const endpoint& place) {
  return place.host == "localhost" || place.host == "::1" ||
         (place.host.starts_with("127.") && place.host.find_first_not_of("0123456789.") == std::string::npos);
}

/// The contract has up to 128 characters; libwebsockets 4.1.6 reads the offered sub-protocols into 128 bytes,
/// and 23 of them stand before the token.
constexpr std::size_t shortest_token = 16, longest_token = 100;

std::string read_token(const std::string& file) {
  if (file.empty())
    return {};
  std::string token = read_guarded(file, file_guard::owner_only, 4'096);
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r'))
    token.pop_back();
  const bool good = std::all_of(token.begin(), token.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!good || token.size() < shortest_token || token.size() > longest_token)
    throw wrong_usage(file +
                      ": a token is one line of 16 to 100 characters of A-Z a-z 0-9 _ -; make one with "
                      "`openssl rand -hex 24`");
  return token;
}

std::string read_page(const std::string& file) {
  if (file.empty())
    return std::string(built_page());
  std::ifstream in(file, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  if (!in || bytes.str().empty())
    throw wrong_usage("the page " + file + " cannot be read, or is empty");
  return bytes.str();
}

/// A hostile peer with a certificate can make CAF ask for gigabytes: then this process falls, and not the
/// computer.
void limit_resources(std::size_t memory_mib) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (memory_mib == 0 || built_with_sanitizer) // a sanitizer's shadow takes terabytes of addresses
    return;
  const rlimit memory{memory_mib * 1'024 * 1'024, memory_mib * 1'024 * 1'024};
  if (setrlimit(RLIMIT_AS, &memory) != 0)
    throw std::runtime_error("the memory limit cannot be set; give --memory-limit-mib 0 to go without");
}

web_config web_of(const options& given) {
  web_config web;
  web.listen = address(given.http, "--http");
  web.token = read_token(given.token_file);
  if (!is_loopback(web.listen) && web.token.empty())
    throw wrong_usage("--http " + given.http +
                      " can be reached from other computers, so it needs --token-file FILE");
  for (std::string name : given.host_names) {
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    web.host_names.push_back(name.substr(0, name.find(':')));
  }
  if (!given.tls_dir.empty()) {
    web.certificate = std::filesystem::path(given.tls_dir) / "cert.pem";
    web.key = std::filesystem::path(given.tls_dir) / "key.pem";
    read_guarded(web.certificate, file_guard::open_to_all, 1 << 20);
    read_guarded(web.key, file_guard::owner_only, 1 << 20);
  }
  web.page = read_page(given.page);
  return web;
}

/// Written whole or not at all, so that who waits for it never reads half of it.
void write_ready_file(const std::string& file, const std::string& text) {
  if (file.empty())
    return;
  const std::string beside = file + ".partial";
  std::ofstream out(beside, std::ios::binary);
  out << text << "\n";
  out.close();
  if (!out || std::rename(beside.c_str(), file.c_str()) != 0)
    throw std::runtime_error("the ready file " + file + " cannot be written");
}

std::string page_address(const web_config& web, int port) {
  endpoint shown = web.listen;
  shown.port = static_cast<std::uint16_t>(port);
  if (shown.host == "0.0.0.0" || shown.host == "::")
    shown.host = web.host_names.empty() ? "127.0.0.1" : web.host_names.front();
  return (web.certificate.empty() ? "http://" : "https://") + to_string(shown);
}

void announce(const options& given, const web_config& web, int web_port, const std::string& uplinks) {
  const std::string page = page_address(web, web_port) + (given.finished.empty() ? "/" : "/view");
  nlohmann::json facts{{"page", page}, {"pid", getpid()}};
  if (!uplinks.empty())
    facts["listen"] = uplinks;
  write_ready_file(given.ready_file, text_of(facts));
  if (given.quiet)
    return;
  std::printf("sentio-hub %s\n  page        %s%s\n", SENTIO_VERSION, page.c_str(),
              web.token.empty() ? "" : "#token=... (the token file's)");
  if (!uplinks.empty())
    std::printf("  instances   sentio-actors ... --monitor %s\n  terminals   sentio-monitor %s\n",
                uplinks.c_str(), uplinks.c_str());
  std::printf("Ctrl-C ends it.\n");
  std::fflush(stdout);
}

/// An operator's signal, or the end of the process that it was started for.
bool should_end(const options& given) {
  return interrupt_seen || (given.parent != 0 && getppid() != given.parent);
}

void rest() {
  const timespec time{0, 100'000'000};
  nanosleep(&time, nullptr); // a signal ends it early
}

int show_finished(const options& given, web_config web) {
  const std::filesystem::path folder = given.finished;
  if (finished_dates(folder).empty())
    throw wrong_usage(given.finished +
                      " has no finished session: no positions_DATE.jsonl; give a log directory");
  hub_store store(SENTIO_VERSION, [] {}, {});
  web.finished_only = true;
  web.session = [&folder](const std::string& id) -> std::optional<std::string> {
    const auto dates = finished_dates(folder);
    if (dates.empty() || (!id.empty() && std::find(dates.begin(), dates.end(), id) == dates.end()))
      return std::nullopt;
    return text_of(
        finished_document(folder, id.empty() ? dates.back() : id, computer_time(), SENTIO_VERSION));
  };
  web.ready = [] { return true; };
  web_service service(store, web);
  service.start();
  announce(given, web, service.port(), "");
  while (!should_end(given))
    rest();
  return 0;
}

int show_live(const options& given, web_config web) {
  const endpoint listen = address(given.listen, "--listen");
  if (given.cert_dir.empty())
    throw wrong_usage("--cert-dir DIR is missing; `sentio-actors certs --dir certs` makes certs/hub");
  const certificate_facts facts = check_certificates(given.cert_dir, certificate_role::hub);
  std::unique_ptr<webhook> hook;
  if (!given.webhook_file.empty())
    hook = std::make_unique<webhook>(read_webhook_file(given.webhook_file));
  // The two sides are made after the store that calls them, and end before it.
  std::atomic<web_service*> pages{nullptr};
  std::atomic<hub_node*> terminals{nullptr};
  hub_store store(
      SENTIO_VERSION,
      [&] {
        if (web_service* each = pages)
          each->look();
        if (hub_node* each = terminals)
          each->look();
      },
      hook ? [&hook](notice what) { hook->offer(std::move(what)); } : std::function<void(notice)>());
  web.session = [&store](const std::string& id) { return store.session_document(id); };
  web.ready = [&store] { return store.ready(); };
  web_service service(store, web);
  service.start();
  int code = 0;
  {
    hub_node node(store, listen, facts);
    pages = &service;
    terminals = &node;
    endpoint shown = listen;
    shown.port = node.port();
    if (facts.days_left < 30)
      std::fprintf(stderr,
                   "sentio-hub: the certificate ends in %d days; make new ones with `sentio-actors certs`\n",
                   facts.days_left);
    announce(given, web, service.port(), to_string(shown));
    while (!should_end(given) && node.alive()) {
      rest();
      node.look(); // snapshots that were held back, and silence that must not last
    }
    if (!interrupt_seen) {
      std::fprintf(stderr,
                   "sentio-hub: the part that speaks with instances has failed; start the hub again\n");
      code = 1;
    }
    pages = nullptr;
    terminals = nullptr;
    service.stop();
  }
  return code;
}

void add_options(CLI::App& app, options& given) {
  app.add_option("--listen", given.listen,
                 "Address for uplinks and terminals (TLS with certificates of both)")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--cert-dir", given.cert_dir, "Folder with cert.pem, key.pem and ca.pem of the role hub")
      ->type_name("DIR");
  app.add_option("--http", given.http, "Address of the page, /metrics, /healthz and /readyz")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--host-name", given.host_names,
                 "A name under which the page may be asked for; may be repeated")
      ->type_name("NAME");
  app.add_option(
         "--token-file", given.token_file,
         "File (mode 0600) with the token that viewers show; needed when --http is no loopback address")
      ->type_name("FILE");
  app.add_option("--tls-dir", given.tls_dir, "Folder with cert.pem and key.pem: the page speaks HTTPS")
      ->type_name("DIR");
  app.add_option("--webhook-file", given.webhook_file,
                 "JSON (mode 0600): {\"url\",\"format\":\"json\"|\"telegram\",\"chat_id\",\"events\":[...]}")
      ->type_name("FILE");
  app.add_option("--page", given.page, "Serve this page instead of the built one")->type_name("FILE");
  app.add_option("--finished", given.finished,
                 "Show the finished sessions of a log directory, and nothing live")
      ->type_name("DIR");
  app.add_option("--ready-file", given.ready_file, "Written when it listens: {\"page\",\"listen\",\"pid\"}")
      ->type_name("FILE");
  app.add_option("--parent", given.parent, "End when this process, which must be the starting one, has ended")
      ->type_name("PID");
  app.add_flag("--quiet", given.quiet, "Print nothing but errors");
  app.add_option("--memory-limit-mib", given.memory_mib, "Most address space; 0 = no limit")
      ->capture_default_str();
}

int complain(const std::string& what, int code) {
  std::fprintf(stderr, "sentio-hub: %s\n", sentio::plain_text(what, sentio::line_ends::kept).c_str());
  return code;
}

int run(int argc, char** argv) {
  CLI::App app{
      "Collects what instances of sentio-actors say, and shows it to terminals, web pages and Prometheus."};
  app.name("sentio-hub");
  app.set_version_flag("--version", "sentio-hub " SENTIO_VERSION);
  app.footer(examples);
  options given;
  add_options(app, given);
  try {
    app.parse(argc, argv);
    std::signal(SIGINT, note_interrupt);
    std::signal(SIGTERM, note_interrupt);
    std::signal(SIGPIPE, SIG_IGN);
    limit_resources(given.memory_mib);
    web_config web = web_of(given);
    return given.finished.empty() ? show_live(given, std::move(web)) : show_finished(given, std::move(web));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)
      return app.exit(error); // help and version
    return complain(std::string(error.what()) + "; see `sentio-hub --help`", 2);
  } catch (const wrong_usage& error) {
    return complain(error.what(), 2);
  } catch (const std::invalid_argument& error) {
    return complain(error.what(), 2);
  } catch (const file_problem& error) {
    return complain(error.what(), 2);
  } catch (const std::exception& error) {
    return complain(error.what(), 1);
  }
}

} // namespace

int main(int argc, char** argv) {
  return run(argc, argv);
}

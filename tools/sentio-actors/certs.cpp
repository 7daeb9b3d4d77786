// `sentio-actors certs`: the private authority of remote monitoring.
#include "core/monitor/certificates.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace sentio {

namespace {

constexpr const char* examples = R"(Examples:
  sentio-actors certs --dir certs --instance desk-1 --viewer ann
  sentio-actors certs --dir certs --instance desk-1 --viewer ann --host hub.example.org --host 10.0.0.5
  sentio-actors certs --dir certs --add --instance desk-2     one more, under the same authority
  sentio-actors certs --dir certs --add --overwrite --instance desk-1     renew one that expires

Keep DIR where nobody else can read it: whoever has ca.key can make certificates, whoever has
operator/operator.key can command your instances.)";

void print_folder(const authority_plan& plan, const std::string& folder, const char* whose,
                  const std::string& used) {
  print("  %-26s %s\n  %-26s %s\n", (plan.folder / folder).c_str(), whose, "", used.c_str());
}

/// What to copy where.
void print_made(const authority_plan& plan, const std::vector<std::filesystem::path>& made) {
  print("made %zu files in %s, valid for %d days\n", made.size(), plan.folder.c_str(), plan.days);
  const auto wrote = [&](const char* file) {
    for (const auto& one : made)
      if (one == plan.folder / file)
        return true;
    return false;
  };
  print("copy each folder to the computer that it is for (private files stay 0600):\n");
  if (wrote("hub/cert.pem"))
    print_folder(plan, "hub", "where sentio-hub runs", "sentio-hub --cert-dir hub");
  for (const auto& name : plan.instances)
    print_folder(plan, "instance-" + name, "where it trades",
                 "sentio-actors ... --monitor HOST:PORT --cert-dir instance-" + name);
  for (const auto& name : plan.viewers)
    print_folder(plan, "viewer-" + name, "whoever looks",
                 "sentio-monitor HOST:PORT --cert-dir viewer-" + name);
  if (wrote("operator/operator.key"))
    print_folder(plan, "operator", "operators only",
                 "sentio-monitor HOST:PORT --cert-dir ... --operator-key operator/operator.key");
  if (wrote("ca.key"))
    print("keep %s here and nowhere else: it makes certificates\n", (plan.folder / "ca.key").c_str());
}

} // namespace

void add_certs(CLI::App& app, exit_code& code) {
  auto plan = std::make_shared<authority_plan>();
  auto* command = app.add_subcommand(
      "certs", "Make the private authority, certificates and operator key of remote monitoring");
  command->add_option("--dir", plan->folder, "Folder for everything that is made")->required();
  command->add_option("--instance", plan->instances, "A trading process; may be given several times")
      ->type_name("NAME");
  command->add_option("--viewer", plan->viewers, "Somebody with a terminal; may be given several times")
      ->type_name("NAME");
  command
      ->add_option("--host", plan->hosts,
                   "A name or address under which the hub is reached; localhost is always there")
      ->type_name("HOST");
  command->add_option("--days", plan->days, "How long certificates are valid (365)")->type_name("N");
  command->add_flag("--add", plan->add, "Keep the authority that is there, and make more under it");
  command->add_flag("--overwrite", plan->overwrite, "Replace what is there; without it nothing is replaced");
  command->footer(examples);
  command->callback([=, &code] {
    try {
      print_made(*plan, make_authority(*plan));
    } catch (const std::invalid_argument& problem) {
      throw usage_error(problem.what());
    }
    code.value = 0;
  });
}

} // namespace sentio

#include "core/monitor/certificates.hpp"
#include "core/monitor/openssl_pieces.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

using namespace openssl;

constexpr long hour_s = 3'600;
constexpr long day_s = 86'400;
constexpr long authority_days = 3'650;
constexpr const char* organisation = "sentio-actors";
constexpr unsigned private_mode = 0600;
constexpr unsigned public_mode = 0644;

/// A file that is to be written.
struct planned_file {
  std::filesystem::path place;
  std::string text;
  unsigned mode;
};

struct authority {
  key_pointer key;
  certificate_pointer certificate;
};

bool is_host_name(const std::string& host) {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

bool is_address(const std::string& host) {
  in6_addr place{};
  return inet_pton(AF_INET, host.c_str(), &place) == 1 || inet_pton(AF_INET6, host.c_str(), &place) == 1;
}

void check_plan(const authority_plan& plan) {
  for (const auto* names : {&plan.instances, &plan.viewers})
    for (const auto& name : *names) {
      if (!is_certificate_name(name))
        throw std::invalid_argument("'" + name +
                                    "' is no name for a certificate; 1 to 50 characters of A-Z a-z 0-9 . _ "
                                    "- are");
      if (std::count(names->begin(), names->end(), name) > 1)
        throw std::invalid_argument(name + " is named twice; each name gets one certificate");
    }
  for (const auto& host : plan.hosts)
    if (!is_address(host) && !is_host_name(host))
      throw std::invalid_argument("'" + host + "' is no host name and no address of the hub");
  if (plan.days < 1 || plan.days > authority_days)
    throw std::invalid_argument(std::to_string(plan.days) + " days: certificates are valid for 1 to " +
                                std::to_string(authority_days));
  if (plan.folder.empty())
    throw std::invalid_argument("no folder is given for the certificates");
}

std::string hub_names(const authority_plan& plan) {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  for (const auto& host : plan.hosts)
    names += (is_address(host) ? ",IP:" : ",DNS:") + host;
  return names;
}

/// Makes texts first and files at the end, so that a refusal changes nothing.
class drawing_board {
public:
  explicit drawing_board(const authority_plan& plan) : plan_(plan) {
    check_plan(plan_);
    if (plan_.add)
      load();
    else
      begin();
    if (!plan_.add || !std::filesystem::exists(plan_.folder / "hub"))
      add_peer("hub", "hub:hub", hub_names(plan_));
    for (const auto& name : plan_.instances) {
      add_peer("instance-" + name, "instance:" + name, "");
      files_.push_back({plan_.folder / ("instance-" + name) / "operator.pub", operator_keys_, public_mode});
    }
    for (const auto& name : plan_.viewers)
      add_peer("viewer-" + name, "viewer:" + name, "");
    if (files_.empty())
      throw std::invalid_argument("there is nothing to add; name an instance or a viewer");
  }

  std::vector<std::filesystem::path> write() const {
    if (!plan_.overwrite)
      for (const auto& file : files_)
        if (std::filesystem::exists(std::filesystem::symlink_status(file.place)))
          throw file_problem(file.place.string() + " is there already, and nothing was changed; --add makes "
                                                   "more certificates under the same authority, "
                                                   "--overwrite replaces what is there");
    std::vector<std::filesystem::path> made;
    for (const auto& file : files_) {
      make_folder(file.place.parent_path());
      write_once(file.place, file.text, file.mode, plan_.overwrite);
      made.push_back(file.place);
    }
    return made;
  }

private:
  void begin() {
    signer_.key = new_ec_key();
    signer_.certificate = root_certificate(signer_.key.get(), organisation, "sentio monitoring authority",
                                           -hour_s, authority_days * day_s);
    files_.push_back({plan_.folder / "ca.key", pem_of(signer_.key.get()), private_mode});
    files_.push_back({plan_.folder / "ca.pem", pem_of(signer_.certificate.get()), public_mode});
    const auto signing = new_ed25519_key();
    operator_keys_ = public_pem_of(signing.get());
    files_.push_back({plan_.folder / "operator" / "operator.key", pem_of(signing.get()), private_mode});
    files_.push_back({plan_.folder / "operator" / "operator.pub", operator_keys_, public_mode});
  }

  void load() {
    constexpr std::size_t most = 64 * 1024;
    signer_.certificate =
        certificate_from(read_guarded(plan_.folder / "ca.pem", file_guard::own_to_write, most));
    signer_.key = private_key_from(read_guarded(plan_.folder / "ca.key", file_guard::owner_only, most));
    operator_keys_ = read_guarded(plan_.folder / "operator" / "operator.pub", file_guard::own_to_write, most);
    if (!signer_.certificate || !signer_.key ||
        X509_check_private_key(signer_.certificate.get(), signer_.key.get()) != 1)
      throw file_problem("ca.pem and ca.key in " + plan_.folder.string() +
                         " are not an authority and its key; --add goes on with a folder that "
                         "`sentio-actors certs` made");
  }

  void add_peer(const std::string& folder, const std::string& common_name, const std::string& names) {
    const auto key = new_ec_key();
    const auto certificate =
        blank_certificate(key.get(), organisation, common_name.c_str(), -hour_s, plan_.days * day_s);
    sign_leaf(certificate.get(), signer_.certificate.get(), signer_.key.get(), "serverAuth,clientAuth",
              names);
    const auto place = plan_.folder / folder;
    files_.push_back({place / "key.pem", pem_of(key.get()), private_mode});
    files_.push_back({place / "cert.pem", pem_of(certificate.get()), public_mode});
    files_.push_back({place / "ca.pem", pem_of(signer_.certificate.get()), public_mode});
  }

  static void make_folder(const std::filesystem::path& folder) {
    std::error_code problem;
    if (folder.empty() || std::filesystem::is_directory(folder, problem))
      return;
    std::filesystem::create_directories(folder, problem);
    if (!problem)
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all, problem);
    if (problem)
      throw file_problem("the folder " + folder.string() + " cannot be made: " + problem.message());
  }

  const authority_plan& plan_;
  authority signer_;
  std::string operator_keys_;
  std::vector<planned_file> files_;
};

} // namespace

std::vector<std::filesystem::path> make_authority(const authority_plan& plan) {
  return drawing_board(plan).write();
}

} // namespace sentio

#define CAF_SUITE certificates

#include "core/monitor/certificates.hpp"

#include "core/monitor/endpoint.hpp"
#include "core/monitor/openssl_pieces.hpp"
#include "core/monitor/private_files.hpp"
#include "tests/support/test.hpp"

#include <fstream>
#include <functional>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

using namespace sentio;
namespace fs = std::filesystem;

namespace {

constexpr time_ms day = 86'400'000;

authority_plan plan_for(const fs::path& folder) {
  authority_plan plan;
  plan.folder = folder;
  plan.instances = {"desk-1"};
  plan.viewers = {"ann"};
  plan.hosts = {"hub.example.org", "10.0.0.5"};
  return plan;
}

std::string complaint(const std::function<void()>& what) {
  try {
    what();
  } catch (const file_problem& problem) {
    return problem.what();
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "none";
}

std::string check(const fs::path& folder, certificate_role role, std::optional<time_ms> at = {}) {
  return complaint([&] { check_certificates(folder, role, at); });
}

bool holds(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos)
    return true;
  CAF_MESSAGE("found instead: " << text);
  return false;
}

unsigned mode_of(const fs::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777u : 0;
}

void replace(const fs::path& file, const std::string& text) {
  write_once(file, text, 0600, true);
}

std::string text_of(const fs::path& file) {
  return read_guarded(file, file_guard::open_to_all, 1 << 20);
}

/// Certificates of one authority, made afresh for each test.
struct house {
  test::scratch_folder folder;
  fs::path root = folder.path() / "certs";
  fs::path desk = root / "instance-desk-1";

  house() { make_authority(plan_for(root)); }
};

/// A certificate in the desk's folder as an authority might make it by mistake.
void put_leaf(const house& place, const char* common_name, const char* uses, openssl::key_pointer key) {
  const auto root = openssl::certificate_from(text_of(place.root / "ca.pem"));
  const auto root_key = openssl::private_key_from(text_of(place.root / "ca.key"));
  const auto leaf = openssl::blank_certificate(key.get(), "somebody", common_name, -60, 86'400);
  openssl::sign_leaf(leaf.get(), root.get(), root_key.get(), uses, "");
  replace(place.desk / "cert.pem", openssl::pem_of(leaf.get()));
  replace(place.desk / "key.pem", openssl::pem_of(key.get()));
}

} // namespace

TEST(what is made is good for its role and for no other) {
  const house place;
  const auto facts = check_certificates(place.desk, certificate_role::instance);
  CHECK_EQUAL(facts.name, "desk-1");
  CHECK(facts.days_left == 364 || facts.days_left == 365);
  CHECK_EQUAL(facts.key, place.desk / "key.pem");
  CHECK_EQUAL(check_certificates(place.root / "hub", certificate_role::hub).name, "hub");
  CHECK_EQUAL(check_certificates(place.root / "viewer-ann", certificate_role::viewer).name, "ann");
  CHECK(holds(check(place.desk, certificate_role::hub), "is for the role instance"));
  CHECK(holds(check(place.root / "hub", certificate_role::viewer), "is for the role hub"));
  CHECK(holds(check(place.root / "viewer-ann", certificate_role::instance), "is for the role viewer"));
}

TEST(private files are for their owner alone and public ones are complete) {
  const house place;
  for (const char* file :
       {"ca.key", "operator/operator.key", "hub/key.pem", "instance-desk-1/key.pem", "viewer-ann/key.pem"})
    CHECK_EQUAL(mode_of(place.root / file), 0600u);
  for (const char* folder : {"", "hub", "operator", "instance-desk-1", "viewer-ann"})
    CHECK_EQUAL(mode_of(place.root / folder), 0700u);
  const auto given = text_of(place.desk / "operator.pub");
  const auto made = text_of(place.root / "operator" / "operator.pub");
  CHECK_EQUAL(given, made);
  CHECK(!fs::exists(place.root / "viewer-ann" / "operator.pub"));
  CHECK(!fs::exists(place.desk / "ca.key"));
}

TEST(nothing is replaced unless that is asked for) {
  const house place;
  const auto before = text_of(place.root / "ca.pem");
  CHECK(holds(complaint([&] { make_authority(plan_for(place.root)); }), "is there already"));
  CHECK(text_of(place.root / "ca.pem") == before);
  auto plan = plan_for(place.root);
  plan.overwrite = true;
  make_authority(plan);
  CHECK(text_of(place.root / "ca.pem") != before);
  CHECK_EQUAL(check(place.desk, certificate_role::instance), "none");
}

TEST(a refusal leaves no half made folder) {
  const house place;
  auto plan = plan_for(place.root);
  plan.add = true;
  plan.instances = {"desk-2", "desk-1"}; // the second is there
  plan.viewers = {};
  CHECK(holds(complaint([&] { make_authority(plan); }), "instance-desk-1"));
  CHECK(!fs::exists(place.root / "instance-desk-2"));
}

TEST(certificates can be added under the same authority and operator) {
  const house place;
  const auto authority = text_of(place.root / "ca.pem");
  const auto hub = text_of(place.root / "hub" / "cert.pem");
  authority_plan plan;
  plan.folder = place.root;
  plan.add = true;
  plan.instances = {"desk-2"};
  const auto made = make_authority(plan);
  CHECK_EQUAL(made.size(), 4u);
  CHECK(text_of(place.root / "ca.pem") == authority);
  CHECK(text_of(place.root / "hub" / "cert.pem") == hub);
  CHECK_EQUAL(check_certificates(place.root / "instance-desk-2", certificate_role::instance).name, "desk-2");
  CHECK(text_of(place.root / "instance-desk-2" / "operator.pub") ==
        text_of(place.root / "operator" / "operator.pub"));
  plan.instances = {};
  CHECK(holds(complaint([&] { make_authority(plan); }), "nothing to add"));
  plan.folder = place.folder.path() / "elsewhere";
  plan.instances = {"desk-3"};
  CHECK(holds(complaint([&] { make_authority(plan); }), "missing"));
}

TEST(plans that cannot be are refused and nothing is made) {
  const test::scratch_folder folder;
  const auto refused = [&](auto change, const char* part) {
    auto plan = plan_for(folder.path() / "certs");
    change(plan);
    CHECK(holds(complaint([&] { make_authority(plan); }), part));
    CHECK(!fs::exists(folder.path() / "certs"));
  };
  refused([](auto& plan) { plan.instances = {"../../etc"}; }, "is no name");
  refused([](auto& plan) { plan.viewers = {""}; }, "is no name");
  refused([](auto& plan) { plan.viewers = {std::string(51, 'a')}; }, "is no name");
  refused([](auto& plan) { plan.instances = {"a", "a"}; }, "named twice");
  refused([](auto& plan) { plan.hosts = {"a,DNS:evil"}; }, "is no host name");
  refused([](auto& plan) { plan.hosts = {""}; }, "is no host name");
  refused([](auto& plan) { plan.days = 0; }, "days");
  refused([](auto& plan) { plan.days = 3'651; }, "days");
}

TEST(each missing file is named) {
  for (const char* file : {"cert.pem", "key.pem", "ca.pem"}) {
    const house place;
    fs::remove(place.desk / file);
    CHECK(holds(check(place.desk, certificate_role::instance), std::string(file) + " is missing"));
  }
  CHECK(holds(check("/no/such/folder", certificate_role::hub), "no folder with certificates"));
}

TEST(what is not PEM is said to be none) {
  for (const char* file : {"cert.pem", "key.pem", "ca.pem"})
    for (const char* text :
         {"", "garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
      const house place;
      replace(place.desk / file, text);
      const auto found = check(place.desk, certificate_role::instance);
      CHECK(holds(found, file));
      CHECK(holds(found, "in PEM form"));
    }
  const house place;
  replace(place.desk / "cert.pem", std::string(70'000, 'x'));
  CHECK(holds(check(place.desk, certificate_role::instance), "longer than"));
  fs::remove(place.desk / "cert.pem");
  fs::create_directory(place.desk / "cert.pem");
  CHECK(holds(check(place.desk, certificate_role::instance), "no regular file"));
}

TEST(a key that others may read is refused) {
  const house place;
  for (const unsigned mode : {0644u, 0640u, 0604u, 0660u}) {
    ::chmod((place.desk / "key.pem").c_str(), mode);
    CHECK(holds(check(place.desk, certificate_role::instance), "chmod 600"));
  }
  ::chmod((place.desk / "key.pem").c_str(), 0400);
  CHECK_EQUAL(check(place.desk, certificate_role::instance), "none");
}

TEST(a key of another user is refused) {
  const house place;
  if (::chown((place.desk / "key.pem").c_str(), 12'345, 12'345) != 0) {
    CAF_MESSAGE("skipped: only root can give a file away");
    return;
  }
  CHECK(holds(check(place.desk, certificate_role::instance), "belongs to another user"));
}

TEST(a key of another certificate is refused) {
  const house place;
  replace(place.desk / "key.pem", text_of(place.root / "hub" / "key.pem"));
  CHECK(holds(check(place.desk, certificate_role::instance), "the key of another certificate"));
}

TEST(a certificate of another authority is refused) {
  const house place, other;
  replace(place.desk / "ca.pem", text_of(other.root / "ca.pem"));
  CHECK(holds(check(place.desk, certificate_role::instance), "was not made by the authority"));
  // Its own authority beside it does not help: every certificate in ca.pem would be trusted.
  replace(place.desk / "ca.pem", text_of(other.root / "ca.pem") + text_of(place.root / "ca.pem"));
  CHECK(holds(check(place.desk, certificate_role::instance), "more than one certificate"));
  replace(place.desk / "ca.pem", text_of(place.root / "hub" / "cert.pem"));
  CHECK(holds(check(place.desk, certificate_role::instance), "no authority's certificate"));
}

TEST(dates are looked at) {
  const house place;
  const auto facts = check_certificates(place.desk, certificate_role::instance);
  const auto role = certificate_role::instance;
  CHECK(holds(check(place.desk, role, facts.ends), "cert.pem expired on"));
  CHECK_EQUAL(check(place.desk, role, facts.ends - 1'000), "none");
  CHECK(holds(check(place.desk, role, facts.ends + 3'650 * day), "ca.pem expired on"));
  CHECK(holds(check(place.desk, role, facts.ends - 366 * day), "is not valid before"));
  CHECK_EQUAL(check_certificates(place.desk, role, facts.ends - 10 * day).days_left, 10);
}

TEST(certificates that were made for something else are refused) {
  const auto role = certificate_role::instance;
  const char* both = "serverAuth,clientAuth";
  const house place;
  for (const char* name : {"desk-1", "instance:", "instance:a b", "admin:desk-1", ":"}) {
    put_leaf(place, name, both, openssl::new_ec_key());
    CHECK(holds(check(place.desk, role), "was not made for this system"));
  }
  put_leaf(place, "instance:desk-1", "serverAuth", openssl::new_ec_key());
  CHECK(holds(check(place.desk, role), "not meant for both ends"));
  put_leaf(place, "instance:desk-1", both, openssl::key_pointer{EVP_RSA_gen(1024)});
  CHECK(holds(check(place.desk, role), "too weak"));
  put_leaf(place, "instance:desk-1", both, openssl::key_pointer{EVP_RSA_gen(2048)});
  CHECK_EQUAL(check(place.desk, role), "none");
}

TEST(a self signed certificate of the right name is refused) {
  const house place;
  const auto key = openssl::new_ec_key();
  const auto own = openssl::root_certificate(key.get(), "sentio-actors", "instance:desk-1", -60, 86'400);
  replace(place.desk / "cert.pem", openssl::pem_of(own.get()));
  replace(place.desk / "key.pem", openssl::pem_of(key.get()));
  CHECK(holds(check(place.desk, certificate_role::instance), "was not made by the authority"));
}

TEST(endpoints are a host and a port) {
  const auto text = [](const char* given, bool any = false) {
    const auto found = parse_endpoint(given, any);
    return found ? to_string(*found) : "none";
  };
  for (const char* good : {"localhost:7443", "10.0.0.5:1", "[::1]:65535", "my_hub.example.org:80"})
    CHECK_EQUAL(text(good), good);
  CHECK_EQUAL(text("127.0.0.1:0", true), "127.0.0.1:0");
  for (const char* bad : {"", ":", "host", "host:", ":80", "host:0", "host:65536", "host:-1", "host:+1",
                          "host:80x", "::1:80", "a b:80", "[]:80", "[::1:80", "http://a:80"})
    CHECK_EQUAL(text(bad), "none");
}

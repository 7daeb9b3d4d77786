// A disk that a test may fill, where the machine lets this user mount one.
#pragma once

#include "tests/program/mock_lab.hpp"

#include <sys/mount.h>

namespace sentio::test {

/// In memory, gone at the end of the scope. Options as mount(8) takes them: "size=300k", "nr_inodes=40".
class small_disk {
public:
  small_disk(const std::filesystem::path& folder, const std::string& options) : folder_(folder) {
    std::filesystem::create_directory(folder);
    mounted_ = mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) == 0;
    if (!mounted_)
      CAF_MESSAGE("skipped: this user may not mount a small disk");
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk() {
    while (mounted_ && umount2(folder_.c_str(), MNT_DETACH) == 0)
      continue;
  }
  bool is_there() const { return mounted_; }
  /// From now on no file can be opened for writing. Those that are open go on: a mount with writers cannot be
  /// made read-only, so that a second one is put over it.
  bool make_read_only() const {
    const char* folder = folder_.c_str();
    return mount(folder, folder, nullptr, MS_BIND, nullptr) == 0 &&
           mount(nullptr, folder, nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
  }
  /// Takes all the room that is left.
  void fill() const {
    std::ofstream out(folder_ / "filler", std::ios::binary | std::ios::app);
    const std::string page(4096, 'x');
    while (out.write(page.data(), static_cast<std::streamsize>(page.size())).flush())
      continue;
  }
  /// Takes all inodes that are left.
  void use_up_inodes() const {
    std::filesystem::create_directory(folder_ / "many");
    for (int i = 0; std::ofstream(folder_ / "many" / std::to_string(i)); ++i)
      continue;
  }

private:
  std::filesystem::path folder_;
  bool mounted_ = false;
};

} // namespace sentio::test

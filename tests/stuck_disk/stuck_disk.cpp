// A disk that hangs, for files of one process: preloaded into it, what writes to FILE, sets its time or
// removes it does not come back while there is a file FILE.stuck, or a file frozen.disk in FILE's folder.
// Everything else is as it was.
#include <dlfcn.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace {

bool is_there(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

void hang_while_stuck(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "" : path.substr(0, slash + 1);
  while (is_there(path + ".stuck") || is_there(folder + "frozen.disk"))
    usleep(20'000);
}

void hang_while_stuck(int handle) {
  char path[4'096];
  const auto length = readlink(("/proc/self/fd/" + std::to_string(handle)).c_str(), path, sizeof path);
  if (length > 0 && path[0] == '/')
    hang_while_stuck(std::string(path, static_cast<std::size_t>(length)));
}

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

int unlink(const char* path) noexcept {
  static const auto next = real<int (*)(const char*)>("unlink");
  hang_while_stuck(path);
  return next(path);
}

ssize_t write(int handle, const void* bytes, size_t count) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t)>("write");
  hang_while_stuck(handle);
  return next(handle, bytes, count);
}

/// fdatasync is not among them: a frozen file system has been synced, and lets it come back.
int futimens(int handle, const timespec* times) noexcept {
  static const auto next = real<int (*)(int, const timespec*)>("futimens");
  hang_while_stuck(handle);
  return next(handle, times);
}
}

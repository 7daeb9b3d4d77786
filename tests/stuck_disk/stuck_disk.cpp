// A disk that hangs, for one file of one process: preloaded into it, the removal of FILE does not come back
// once there is a file FILE.stuck. Everything else is as it was.
#include <dlfcn.h>
#include <string>
#include <unistd.h>

extern "C" int unlink(const char* path) noexcept {
  static const auto real = reinterpret_cast<int (*)(const char*)>(dlsym(RTLD_NEXT, "unlink"));
  while (access((std::string(path) + ".stuck").c_str(), F_OK) == 0)
    pause();
  return real(path);
}

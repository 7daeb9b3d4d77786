// Signals on threads that write to sockets.
#pragma once

#include <csignal>
#include <pthread.h>

namespace sentio {

/// For the calling thread: a write to a connection that the peer has closed is an error code and not the end
/// of the process (OpenSSL writes without MSG_NOSIGNAL), and Ctrl-C is left to the threads that wait for it.
inline void leave_signals_to_others() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP})
    sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

} // namespace sentio

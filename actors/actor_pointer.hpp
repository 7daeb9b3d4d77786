// The self pointer of every actor function. With ThreadSanitizer it is a class that tells the tool what CAF's
// library, which is not instrumented, does: a message that was enqueued happens before it is handled.
#pragma once

#include <caf/all.hpp>

#if defined(__SANITIZE_THREAD__)
#define SENTIO_WITH_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SENTIO_WITH_TSAN 1
#endif
#endif

#ifdef SENTIO_WITH_TSAN
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace sentio {

/// What came before release(x) in one thread happened before what follows acquire(x) in another.
inline void race_acquire([[maybe_unused]] caf::resumable* job) {
#ifdef SENTIO_WITH_TSAN
  __tsan_acquire(job);
#endif
}
inline void race_release([[maybe_unused]] caf::resumable* job) {
#ifdef SENTIO_WITH_TSAN
  __tsan_release(job);
#endif
}

#ifdef SENTIO_WITH_TSAN

template <class... Signatures>
class announced_actor : public caf::typed_event_based_actor<Signatures...> {
public:
  using super = caf::typed_event_based_actor<Signatures...>;
  using super::super;

  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* unit) override {
    race_release(static_cast<caf::resumable*>(this));
    super::enqueue(std::move(message), unit);
  }
  /// Told here and not around the turn: the next turn may begin on another thread before this one is over.
  caf::invoke_message_result consume(caf::mailbox_element& message) override {
    race_acquire(static_cast<caf::resumable*>(this));
    const auto result = super::consume(message);
    race_release(static_cast<caf::resumable*>(this));
    return result;
  }
};

template <class Interface>
struct announced;
template <class... Signatures>
struct announced<caf::typed_actor<Signatures...>> {
  using base = announced_actor<Signatures...>;
};

template <class Interface, class State>
using actor_pointer = caf::stateful_actor<State, typename announced<Interface>::base>*;
/// The mailbox is opened only when a message comes: no window between spawn and first message.
inline constexpr auto spawn_watched = caf::monitored + caf::lazy_init;

#else

template <class Interface, class State>
using actor_pointer = typename Interface::template stateful_pointer<State>;
inline constexpr auto spawn_watched = caf::monitored;

#endif

/// An actor that begins on its own hears a word without meaning, since with ThreadSanitizer it sleeps until
/// then.
template <class Handle>
Handle begun(const Handle& actor) {
#ifdef SENTIO_WITH_TSAN
  caf::anon_send(caf::actor_cast<caf::actor>(actor), caf::exit_msg{actor->address(), {}});
#endif
  return actor;
}

} // namespace sentio

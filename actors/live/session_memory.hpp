// All of a running session in memory: what an actor that is born into it is given, and which outputs are on
// the record already.
#pragma once

#include "actors/recovery.hpp"
#include "core/tape/codec.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio {

class session_memory {
public:
  session_memory() = default;
  explicit session_memory(const resumed_session& resumed) : past_(*resumed.past), outputs_(resumed.outputs) {}

  template <class Entry>
  void remember(const Entry& entry) {
    past_.emplace_back(entry);
  }
  template <class Entry>
  void remember_shared(const Entry& entry) {
    past_.emplace_back(std::make_shared<const Entry>(entry));
  }
  /// The session up to now.
  history_ptr past() const { return std::make_shared<const history>(past_); }
  std::size_t size() const { return past_.size(); }

  /// A portfolio is about to make all its outputs again.
  void refold() {
    next_output_ = 0;
    next_step_ = 0;
  }
  /// Whether an output is to be written. False: it is on the record. Throws std::logic_error when another one
  /// is on the record in its place: then the fold does not give what it gave before.
  bool is_new(record_kind kind, std::string_view payload) {
    const auto hash = output_hash(kind, payload);
    if (next_output_ == outputs_.size()) {
      outputs_.push_back(hash);
      ++next_output_;
      return true;
    }
    if (outputs_[next_output_] != hash)
      throw std::logic_error("output " + std::to_string(next_output_) + " (" + std::string(to_string(kind)) +
                             ") differs from the one on the tape: the record and this program do not agree");
    ++next_output_;
    ++folded_;
    return false;
  }

  /// Whether the journal has not had this step. It is kept for the journal's successor.
  bool is_new_step(const portfolio_step_ptr& step) {
    if (next_step_++ < steps_.size())
      return false;
    steps_.push_back(step);
    return true;
  }
  const std::vector<portfolio_step_ptr>& steps() const { return steps_; }
  std::optional<session_closed> closed; ///< the day's totals, once they are there

  std::uint64_t folded() const { return folded_; } ///< outputs that were made again and found on the record

private:
  history past_;
  std::vector<std::uint64_t> outputs_;
  std::size_t next_output_ = 0;
  std::vector<portfolio_step_ptr> steps_;
  std::size_t next_step_ = 0;
  std::uint64_t folded_ = 0;
};

} // namespace sentio

// JSON documents as a flat row of values. Plain documents (ASCII without escapes, numbers of ordinary size) are
// read in one pass without copies; everything else is read by nlohmann, which decides what is JSON and what
// is not. Private to this room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace sentio::alpaca {

/// One value; the values inside of it lie right behind it. Good as long as its document.
class json_value {
public:
  enum class kind : std::uint8_t { nothing, null, boolean, natural, integer, real, text, list, object };

  kind what = kind::nothing; ///< nothing: the text was no JSON
  std::uint32_t size = 1;    ///< of the row: this value and all inside of it
  std::string_view name;     ///< of a member of an object
  std::string_view letters;  ///< of a text
  union {
    bool flag;
    std::uint64_t natural = 0;
    std::int64_t integer; ///< negative, or -0
    double real;
  };

  bool is_null() const { return what == kind::null; }
  bool is_text() const { return what == kind::text; }
  bool is_list() const { return what == kind::list; }
  bool is_object() const { return what == kind::object; }
  bool says(std::string_view word) const { return is_text() && letters == word; }
  /// Whether an object has the member, be it null.
  bool has(std::string_view member) const { return find(member) != nullptr; }
  /// The last member of that name, as in every common reader.
  const json_value* find(std::string_view member) const;

  /// Elements of a list or members of an object.
  class iterator {
  public:
    explicit iterator(const json_value* at) : at_(at) {}
    const json_value& operator*() const { return *at_; }
    iterator& operator++() {
      at_ += at_->size;
      return *this;
    }
    bool operator==(const iterator&) const = default;

  private:
    const json_value* at_;
  };
  iterator begin() const { return iterator(this + 1); }
  iterator end() const { return iterator(this + size); }
};

/// A text that was read. The text must outlive it.
class json_document {
public:
  /// Never throws on any bytes.
  explicit json_document(std::string_view text);
  explicit json_document(std::string&& text) = delete;
  ~json_document();
  json_document(const json_document&) = delete;
  json_document& operator=(const json_document&) = delete;

  const json_value& root() const { return row_.front(); }

private:
  std::vector<json_value> row_;
  std::unique_ptr<nlohmann::json> foreign_; ///< owns the texts, if nlohmann had to read it
};

} // namespace sentio::alpaca

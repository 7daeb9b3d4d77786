#include "core/alpaca/json_value.hpp"

#include "core/numeric/plain_text.hpp"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace sentio::alpaca {

namespace {

using kind = json_value::kind;

/// Deeper values are read by nlohmann, and below this depth nobody looks for anything.
constexpr int greatest_depth = 32;
constexpr std::ptrdiff_t safe_digits = 18; ///< of an integer: fits

/// A text that is shorter cannot cost much, whatever it holds; a longer one is measured before it is read,
/// for a small part of it may become fifty times as much in memory.
constexpr std::size_t unmeasured_bytes = 64U << 10;
constexpr int deepest = 64;                    ///< nothing that a venue says is nested further
constexpr std::size_t most_values = 2'000'000; ///< the longest page of bars has some 400,000

/// By byte: what may stand in a text as it is.
constexpr auto plain_letters = [] {
  std::array<bool, 256> plain{};
  for (std::size_t letter = ' '; letter < 0x7f; ++letter)
    plain[letter] = letter != '"' && letter != '\\';
  return plain;
}();

/// Reads plain documents. False means no more than that this reader does not know.
class plain_reader {
public:
  plain_reader(std::string_view text, std::vector<json_value>& row)
      : at_(text.data()), end_(text.data() + text.size()), row_(row) {}

  bool document() {
    if (!value({}, 0))
      return false;
    skip_blanks();
    return at_ == end_;
  }

private:
  void skip_blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'))
      ++at_;
  }
  bool take(char letter) {
    skip_blanks();
    if (at_ == end_ || *at_ != letter)
      return false;
    ++at_;
    return true;
  }
  json_value& add(kind what, std::string_view name) {
    auto& one = row_.emplace_back();
    one.what = what;
    one.name = name;
    return one;
  }

  bool value(std::string_view name, int depth) {
    skip_blanks();
    if (at_ == end_ || depth > greatest_depth)
      return false;
    switch (*at_) {
    case '"':
      return text(add(kind::text, name).letters);
    case '{':
      return container(kind::object, '}', name, depth);
    case '[':
      return container(kind::list, ']', name, depth);
    case 'n':
      add(kind::null, name);
      return word("null");
    case 't':
      add(kind::boolean, name).flag = true;
      return word("true");
    case 'f':
      add(kind::boolean, name).flag = false;
      return word("false");
    default:
      return number(add(kind::natural, name));
    }
  }

  bool word(std::string_view wanted) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(wanted))
      return false;
    at_ += wanted.size();
    return true;
  }

  /// Stands on the opening quote.
  bool text(std::string_view& out) {
    const char* const first = ++at_;
    while (at_ != end_ && plain_letters[static_cast<unsigned char>(*at_)])
      ++at_;
    if (at_ == end_ || *at_ != '"')
      return false; // an escape, a letter outside of ASCII, or the end
    out = {first, static_cast<std::size_t>(at_ - first)};
    ++at_;
    return true;
  }

  bool container(kind what, char closing, std::string_view name, int depth) {
    const auto place = row_.size();
    add(what, name);
    ++at_;
    if (!take(closing)) {
      do {
        std::string_view member;
        if (what == kind::object) {
          skip_blanks();
          if (at_ == end_ || *at_ != '"' || !text(member) || !take(':'))
            return false;
        }
        if (!value(member, depth + 1))
          return false;
      } while (take(','));
      if (!take(closing))
        return false;
    }
    row_[place].size = static_cast<std::uint32_t>(row_.size() - place);
    return true;
  }

  std::ptrdiff_t digits() {
    const char* const first = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9')
      ++at_;
    return at_ - first;
  }

  bool number(json_value& out) {
    const char* const first = at_;
    const bool negative = *at_ == '-';
    if (negative)
      ++at_;
    const char* const whole = at_;
    const auto length = digits();
    if (length == 0 || (length > 1 && *whole == '0'))
      return false;
    bool real = false;
    if (at_ != end_ && *at_ == '.') {
      real = true;
      ++at_;
      if (digits() == 0)
        return false;
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      real = true;
      ++at_;
      if (at_ != end_ && (*at_ == '+' || *at_ == '-'))
        ++at_;
      if (digits() == 0)
        return false;
    }
    if (real) {
      out.what = kind::real;
      const auto [stop, fault] = std::from_chars(first, at_, out.real);
      return fault == std::errc{} && stop == at_;
    }
    if (length > safe_digits)
      return false;
    std::uint64_t size = 0;
    for (const char* digit = whole; digit != at_; ++digit)
      size = size * 10 + static_cast<std::uint64_t>(*digit - '0');
    if (negative) {
      out.what = kind::integer;
      out.integer = -static_cast<std::int64_t>(size);
    } else {
      out.natural = size;
    }
    return true;
  }

  const char* at_;
  const char* end_;
  std::vector<json_value>& row_;
};

/// Texts are made plain where they enter: whatever becomes of them, they are one line that can be seen.
void append(std::vector<json_value>& row, std::string_view name, nlohmann::json& value, int depth) {
  using type = nlohmann::json::value_t;
  const auto place = row.size();
  auto& out = row.emplace_back();
  out.name = name;
  switch (value.type()) {
  case type::null:
    out.what = kind::null;
    break;
  case type::boolean:
    out.what = kind::boolean;
    out.flag = value.get<bool>();
    break;
  case type::number_unsigned:
    out.what = kind::natural;
    out.natural = value.get<std::uint64_t>();
    break;
  case type::number_integer:
    out.what = kind::integer;
    out.integer = value.get<std::int64_t>();
    break;
  case type::number_float:
    out.what = kind::real;
    out.real = value.get<double>();
    break;
  case type::string:
    out.what = kind::text;
    if (auto& letters = value.get_ref<std::string&>(); !is_plain(letters))
      letters = plain_text(letters);
    out.letters = value.get_ref<const std::string&>();
    break;
  case type::array:
    out.what = kind::list;
    if (depth < greatest_depth)
      for (auto& element : value)
        append(row, {}, element, depth + 1);
    break;
  case type::object:
    out.what = kind::object;
    if (depth < greatest_depth)
      for (auto& [key, element] : value.get_ref<nlohmann::json::object_t&>())
        append(row, key, element, depth + 1);
    break;
  case type::binary:
  case type::discarded:
    break;
  }
  row[place].size = static_cast<std::uint32_t>(row.size() - place);
}

/// Depth and number of values, in one pass and without memory. Whether it is JSON at all others decide.
bool is_bearable(std::string_view text) {
  std::size_t values = 1;
  int depth = 0;
  bool inside_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (inside_text) {
      if (letter == '\\')
        ++i;
      else if (letter == '"')
        inside_text = false;
    } else if (letter == '"') {
      inside_text = true;
    } else if (letter == '[' || letter == '{') {
      ++values;
      if (++depth > deepest)
        return false;
    } else if (letter == ']' || letter == '}') {
      --depth;
    } else if (letter == ',') {
      ++values;
    }
    if (values > most_values)
      return false;
  }
  return true;
}

} // namespace

const json_value* json_value::find(std::string_view member) const {
  const json_value* found = nullptr;
  if (is_object())
    for (const json_value& one : *this)
      if (one.name == member)
        found = &one;
  return found;
}

json_document::json_document(std::string_view text) {
  row_.reserve(64);
  if (text.size() > unmeasured_bytes && !is_bearable(text)) {
    row_.emplace_back(); // as if it were no JSON
    return;
  }
  if (plain_reader(text, row_).document())
    return;
  row_.clear();
  foreign_ =
      std::make_unique<nlohmann::json>(nlohmann::json::parse(text.begin(), text.end(), nullptr, false));
  append(row_, {}, *foreign_, 0);
}

json_document::~json_document() = default;

} // namespace sentio::alpaca

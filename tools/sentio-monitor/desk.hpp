// What the person at the terminal does: which screen, which row, which command, asked once before it is sent.
// Knows keys and the view, no terminal and no network.
#pragma once

#include "tools/sentio-monitor/styled_text.hpp"
#include "tools/sentio-monitor/terminal_view.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace sentio {

enum class screen : std::uint8_t { instances, overview, actors, learners, orders, faults };
inline constexpr std::size_t screens = 6;
std::string_view to_string(screen which);

/// Keys that are no character; characters are their own Unicode number.
namespace key {
inline constexpr std::uint32_t none = 0;
inline constexpr std::uint32_t tab = 9;
inline constexpr std::uint32_t enter = 10;
inline constexpr std::uint32_t escape = 27;
inline constexpr std::uint32_t erase = 127;
inline constexpr std::uint32_t up = 0x200'000, down = 0x200'001, left = 0x200'002, right = 0x200'003;
inline constexpr std::uint32_t page_up = 0x200'004, page_down = 0x200'005, home = 0x200'006, end = 0x200'007;
inline constexpr std::uint32_t back_tab = 0x200'008;
} // namespace key

/// How the connection is.
struct link_status {
  bool connected = false;
  std::string text;             ///< "connected", or what is tried and why it failed
  std::int64_t retry_at_ms = 0; ///< when the next attempt begins, by the view's clock; 0: now
};

/// What the person wants from the rest of the program.
struct desk_wish {
  enum class kind : std::uint8_t { quit, choose, command };
  kind what = kind::quit;
  std::string instance;
  std::string command;  ///< with command: a word of core/monitor/command.hpp
  std::string argument; ///< the actor with kill, the file's name with configure
};

/// Not thread-safe.
class desk {
public:
  /// `has_key`: commands can be signed.
  desk(std::string address, bool has_key) : address_(std::move(address)), has_key_(has_key) {}

  /// One key; what follows from it for the rest of the program.
  std::optional<desk_wish> press(std::uint32_t pressed, const terminal_view& view);
  /// A sentence for the line above the keys.
  void note(const std::string& text, look style);
  void set_link(link_status link);
  void show(screen which);

  screen shown() const { return shown_; }
  const link_status& link() const { return link_; }

  /// Exactly `height` lines of exactly `width` columns.
  std::vector<styled_line> draw(const terminal_view& view, std::int64_t now_ms, std::size_t width,
                                std::size_t height);

private:
  enum class mode : std::uint8_t { looking, typing, asking };

  std::optional<desk_wish> press_while_looking(std::uint32_t pressed, const terminal_view& view);
  void press_while_typing(std::uint32_t pressed);
  std::optional<desk_wish> press_while_asking(std::uint32_t pressed);
  void move(std::uint32_t pressed);
  void begin_command(std::uint32_t pressed, const terminal_view& view);
  void ask();
  table_place& place() { return places_[static_cast<std::size_t>(shown_)]; }

  styled_line top_line(std::size_t width) const;
  styled_line instance_line(const terminal_view& view, std::int64_t now_ms) const;
  styled_line message_line(std::int64_t now_ms) const;

  std::string address_;
  bool has_key_ = false;
  link_status link_;
  screen shown_ = screen::instances;
  std::array<table_place, screens> places_{};
  std::size_t page_ = 10; ///< rows of the last drawn body
  mode mode_ = mode::looking;
  desk_wish pending_;
  std::string typed_;
  std::string note_;
  look note_style_ = look::plain;
};

} // namespace sentio

#include "tools/sentio-monitor/desk.hpp"

#include "tools/sentio-monitor/figures.hpp"
#include "tools/sentio-monitor/safe_text.hpp"
#include "tools/sentio-monitor/screens.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sentio {

namespace {

constexpr std::size_t least_width = 40;
constexpr std::size_t least_height = 10;
constexpr std::size_t longest_typed = 200;
constexpr std::size_t sideways_step = 8;

struct command_key {
  std::uint32_t pressed;
  const char* word;
  const char* shown;    ///< in the line of commands
  const char* question; ///< what it does
  const char* argument; ///< what is typed first; null when nothing is
};

constexpr std::array<command_key, 7> command_keys{{
    {'p', "pause", "p pause", "Pause entries", nullptr},
    {'r', "resume", "r resume", "Resume entries", nullptr},
    {'f', "flatten", "f flatten", "Sell everything and end the session", nullptr},
    {'h', "halt", "h halt", "Halt: sell everything and buy nothing until re-armed", nullptr},
    {'k', "kill", "k kill actor", "Kill actor", "Actor to kill: "},
    {'a', "rearm", "a re-arm", "Re-arm: trade again after a halt", nullptr},
    {'c', "configure", "c configure", "Replace the configuration by", "Configuration file: "},
}};

const command_key* command_of(std::string_view word) {
  for (const auto& one : command_keys)
    if (one.word == word)
      return &one;
  return nullptr;
}

} // namespace

std::string_view to_string(screen which) {
  constexpr std::array<std::string_view, screens> names{"instances", "overview", "actors",
                                                        "learners",  "orders",   "faults"};
  return names[static_cast<std::size_t>(which)];
}

void desk::note(const std::string& text, look style) {
  note_ = safe_text(text);
  note_style_ = style;
}

void desk::set_link(link_status link) {
  if (link_.connected && !link.connected)
    note_.clear(); // it would hide why the connection is lost
  link_ = std::move(link);
}

void desk::show(screen which) {
  shown_ = which;
}

std::optional<desk_wish> desk::press(std::uint32_t pressed, const terminal_view& view) {
  switch (mode_) {
  case mode::typing:
    press_while_typing(pressed);
    return std::nullopt;
  case mode::asking:
    return press_while_asking(pressed);
  case mode::looking:
    break;
  }
  return press_while_looking(pressed, view);
}

std::optional<desk_wish> desk::press_while_looking(std::uint32_t pressed, const terminal_view& view) {
  const auto turn_to = [&](std::size_t step) {
    show(static_cast<screen>((static_cast<std::size_t>(shown_) + step) % screens));
  };
  note_.clear();
  if (pressed == 'q' || pressed == 'Q')
    return desk_wish{desk_wish::kind::quit, {}, {}, {}};
  if (pressed >= '1' && pressed < '1' + screens)
    show(static_cast<screen>(pressed - '1'));
  else if (pressed == key::tab)
    turn_to(1);
  else if (pressed == key::back_tab)
    turn_to(screens - 1);
  else if (pressed == key::enter && shown_ == screen::instances) {
    const std::size_t row = place().cursor;
    if (row < view.instances().size()) {
      show(screen::overview);
      return desk_wish{desk_wish::kind::choose, view.instances()[row].id, {}, {}};
    }
  } else if (pressed >= key::up) {
    move(pressed);
  } else {
    begin_command(pressed, view);
  }
  return std::nullopt;
}

void desk::move(std::uint32_t pressed) {
  table_place& at = place();
  const auto back = [](std::size_t from, std::size_t step) { return from > step ? from - step : 0; };
  // draw_table puts a cursor that is beyond the last row onto it.
  switch (pressed) {
  case key::up:
    at.cursor = back(at.cursor, 1);
    break;
  case key::down:
    ++at.cursor;
    break;
  case key::page_up:
    at.cursor = back(at.cursor, page_);
    break;
  case key::page_down:
    at.cursor += page_;
    break;
  case key::home:
    at.cursor = 0;
    at.left = 0;
    break;
  case key::end:
    at.cursor = most_contract_rows;
    break;
  case key::left:
    at.left = back(at.left, sideways_step);
    break;
  case key::right:
    at.left += sideways_step;
    break;
  default:
    break;
  }
}

void desk::begin_command(std::uint32_t pressed, const terminal_view& view) {
  const auto* const found = std::find_if(command_keys.begin(), command_keys.end(),
                                         [&](const command_key& one) { return one.pressed == pressed; });
  if (found == command_keys.end())
    return;
  if (!has_key_)
    return note("commands need the operator's key: start with --operator-key FILE", look::warning);
  if (view.chosen().empty())
    return note("choose an instance first: screen 1, then Enter", look::warning);
  pending_ = {desk_wish::kind::command, view.chosen(), found->word, {}};
  if (!found->argument)
    return ask();
  mode_ = mode::typing;
  typed_.clear();
  if (pending_.command == "kill" && shown_ == screen::actors && place().cursor < view.actors().size())
    typed_ = view.actors()[place().cursor].name;
}

void desk::press_while_typing(std::uint32_t pressed) {
  if (pressed == key::escape) {
    mode_ = mode::looking;
    note("nothing was sent", look::plain);
  } else if (pressed == key::enter) {
    pending_.argument = typed_;
    if (!typed_.empty())
      return ask();
    mode_ = mode::looking;
    note("nothing was sent", look::plain);
  } else if (pressed == key::erase || pressed == 8) {
    if (!typed_.empty())
      typed_.pop_back();
  } else if (pressed >= 0x20 && pressed < 0x7F && typed_.size() < longest_typed) {
    typed_ += static_cast<char>(pressed);
  }
}

void desk::ask() {
  mode_ = mode::asking;
}

std::optional<desk_wish> desk::press_while_asking(std::uint32_t pressed) {
  mode_ = mode::looking;
  if (pressed == 'y' || pressed == 'Y')
    return std::exchange(pending_, {});
  note("nothing was sent", look::plain);
  return std::nullopt;
}

styled_line desk::top_line(std::size_t width) const {
  styled_line line(" sentio-monitor " + safe_text(address_, 100) + "  ", look::bar);
  line.add(link_.connected ? "● connected" : "○ not connected", look::bar);
  const std::string name = std::string(to_string(shown_)) + " ";
  if (line.columns() + name.size() < width)
    line.add(std::string(width - line.columns() - name.size(), ' ') + name, look::bar);
  return line;
}

styled_line desk::instance_line(const terminal_view& view, std::int64_t now_ms) const {
  styled_line line(" ");
  if (view.chosen().empty())
    return line.add("no instance chosen", look::faint);
  const instance_row* row = view.chosen_row();
  line.add(row && !row->name.empty() ? row->name : safe_text(view.chosen()), look::strong);
  if (row && !row->kind.empty() && row->name.find(row->kind) == std::string::npos)
    line.add(" " + row->kind);
  if (view.has_snapshot())
    line.add("  " + view.session().phase + "  " + clock_text(view.session().venue_time) + " New York");
  if (view.account().halted)
    line.add("  ").add("HALTED", look::bad);
  else if (!view.account().halt_reason.empty())
    line.add("  ").add("NO ENTRIES", look::bad);
  if (view.account().paused)
    line.add("  ").add("PAUSED", look::warning);
  if (!row)
    return line.add("  ").add("STALE: the hub does not know this instance", look::bad);
  if (link_.connected && !view.is_stale(now_ms))
    return line;
  const std::int64_t age = view.snapshot_age_ms(now_ms);
  const std::string why = !link_.connected  ? "no connection to the hub"
                          : !row->connected ? "its uplink is gone"
                          : age < 0         ? "no snapshot yet"
                                            : "no snapshot for " + since_text(age);
  return line.add("  ").add("STALE: " + why, look::bad);
}

styled_line desk::message_line(std::int64_t now_ms) const {
  if (mode_ == mode::typing)
    return styled_line(" ").add(command_of(pending_.command)->argument, look::strong).add(typed_ + "_");
  if (mode_ == mode::asking) {
    const std::string argument = pending_.argument.empty() ? "" : " " + safe_text(pending_.argument);
    return styled_line(" ").add(std::string(command_of(pending_.command)->question) + argument +
                                    ", instance " + safe_text(pending_.instance) + "? (y/N)",
                                look::warning);
  }
  if (!note_.empty())
    return styled_line(" ").add(note_, note_style_);
  if (link_.connected)
    return {};
  const std::int64_t wait = link_.retry_at_ms - now_ms;
  return styled_line(" ").add(
      safe_text(link_.text) + (wait > 0 ? "; again in " + std::to_string((wait + 999) / 1'000) + " s" : ""),
      look::bad);
}

std::vector<styled_line> desk::draw(const terminal_view& view, std::int64_t now_ms, std::size_t width,
                                    std::size_t height) {
  if (width < least_width || height < least_height) {
    std::vector<styled_line> lines(height, styled_line().window(0, width));
    if (height > 0)
      lines[0] = styled_line("40x10 at least, please").window(0, width);
    return lines;
  }
  std::vector<styled_line> lines{top_line(width).window(0, width, look::bar),
                                 instance_line(view, now_ms).window(0, width)};
  const std::size_t foot = 3;
  page_ = height - lines.size() - foot;
  const bool faint = shown_ != screen::instances && (!link_.connected || view.is_stale(now_ms));
  for (auto& line : draw_screen(view, shown_, place(), width, page_))
    lines.push_back(faint ? line.in(look::faint) : std::move(line));
  page_ = page_ > 3 ? page_ - 2 : 1;
  // A question must be seen to its end, so it may take the line of the commands as well.
  const styled_line message = message_line(now_ms);
  lines.push_back(message.window(0, width));
  styled_line commands(" ");
  for (const auto& one : command_keys)
    commands.add(std::string(one.shown) + "  ", has_key_ ? look::plain : look::faint);
  lines.push_back(message.columns() > width ? message.window(width, width) : commands.window(0, width));
  styled_line keys(" ", look::bar);
  for (std::size_t i = 0; i < screens; ++i)
    keys.add(std::to_string(i + 1) + " " + std::string(to_string(static_cast<screen>(i))) + "  ", look::bar);
  lines.push_back(keys.add("Tab  q quit", look::bar).window(0, width, look::bar));
  return lines;
}

} // namespace sentio

// Planted bugs beside the simulated session: of the console and of the door for signed commands, which no seed reaches.
#pragma once

#include <string>

namespace sentio {

/// What is found wrong with the active bug, as a sentence; empty: nothing. The bug's name is of the table.
std::string look_at_console();
std::string look_at_signed_commands();

} // namespace sentio

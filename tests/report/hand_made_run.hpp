// Two short sessions of two symbols, small enough to compute every figure by hand.
#pragma once

#include <filesystem>

namespace sentio::test {

/// Capital 1000. 2025-06-03: 10 TQQQ bought at 50.20 and sold at 50.80, costs .05 and .06: +5.89.
/// 2025-06-04: 20 SDS bought at 19.90 and sold at 19.60, costs .10 and .12: -6.22. Ten rounds each; opens are
/// 50 + 0.1 k and 20 - 0.05 k, k minutes after 09:30. Baselines pay nothing. TQQQ's edges fall from 10 by 1 a
/// bar, SDS's rise from 1; both probabilities are .6.
void write_hand_made_run(const std::filesystem::path& folder);

} // namespace sentio::test

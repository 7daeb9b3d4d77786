#include "core/config/value_codec.hpp"

namespace sentio {

namespace {

value_rule simple(value_kind kind) {
  value_rule rule;
  rule.kind = kind;
  return rule;
}

value_rule record(const std::vector<std::pair<std::string, value_rule>>& fields) {
  value_rule rule = simple(value_kind::record);
  for (const auto& [name, field] : fields) {
    rule.fields.push_back(name);
    rule.item.push_back(field);
  }
  return rule;
}

} // namespace

value_rule expert_rule() {
  return record({{"features", rule_of<feature_set>({})},
                 {"a2", rule_of<double>(between(0.9, 0.99999))},
                 {"rho", rule_of<double>(between(1e-9, 1000))}});
}

value_rule fee_rule() {
  return record({{"from", simple(value_kind::day)},
                 {"sec_per_million", rule_of<double>(between(0, 1000))},
                 {"taf_per_share", rule_of<double>(between(0, 1))},
                 {"taf_cap", rule_of<double>(between(0, 1000))}});
}

value_rule instrument_rule() {
  return record({{"name", simple(value_kind::symbol)},
                 {"underlying", simple(value_kind::text)},
                 {"leverage", rule_of<double>(between(-5, 5))},
                 {"boost", rule_of<double>(above(0, 10))},
                 {"tick", rule_of<double>(above(0, 1))},
                 {"half_spread_bp", rule_of<double>(between(0, 1000))},
                 {"expense_ratio", rule_of<double>(between(0, 0.2))}});
}

json_value encode_value(const expert_parameters& value) {
  return {{"features", encode_value(value.features)}, {"a2", value.a2}, {"rho", value.rho}};
}

json_value encode_value(const fee_row& value) {
  return {{"from", to_string(value.from)},
          {"sec_per_million", value.sec_per_million},
          {"taf_per_share", value.taf_per_share},
          {"taf_cap", value.taf_cap}};
}

json_value encode_value(const instrument& value) {
  return {{"name", value.name},
          {"underlying", value.underlying},
          {"leverage", value.leverage},
          {"boost", value.boost},
          {"tick", value.tick},
          {"half_spread_bp", value.half_spread_bp},
          {"expense_ratio", value.expense_ratio}};
}

void decode_value(const json_value& value, expert_parameters& target) {
  decode_value(value["features"], target.features);
  decode_value(value["a2"], target.a2);
  decode_value(value["rho"], target.rho);
}

void decode_value(const json_value& value, fee_row& target) {
  target.from = parse_date(value["from"].get_ref<const std::string&>()).value();
  decode_value(value["sec_per_million"], target.sec_per_million);
  decode_value(value["taf_per_share"], target.taf_per_share);
  decode_value(value["taf_cap"], target.taf_cap);
}

void decode_value(const json_value& value, instrument& target) {
  decode_value(value["name"], target.name);
  decode_value(value["underlying"], target.underlying);
  decode_value(value["leverage"], target.leverage);
  decode_value(value["boost"], target.boost);
  decode_value(value["tick"], target.tick);
  decode_value(value["half_spread_bp"], target.half_spread_bp);
  decode_value(value["expense_ratio"], target.expense_ratio);
}

} // namespace sentio

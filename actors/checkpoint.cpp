#include "actors/checkpoint.hpp"

#include "core/learning/symbol_model.hpp"
#include "core/tape/codec.hpp"

#include <stdexcept>

namespace sentio {

checkpoint_file make_checkpoint(const learner_parameters& learner, const warmup_summary& warmup,
                                civil_date last_session, const std::vector<std::string>& symbols,
                                const std::vector<std::string>& states) {
  if (symbols.size() != states.size())
    throw std::logic_error("a checkpoint needs the state of every symbol");
  checkpoint_file file;
  file.parameters_fingerprint = fingerprint(learner);
  file.warmup = encode(warmup);
  file.last_session = last_session;
  for (std::size_t i = 0; i < symbols.size(); ++i)
    file.models.emplace_back(symbols[i], states[i]);
  return file;
}

checkpoint_file load_checkpoint(const std::filesystem::path& path, const learner_parameters& learner) {
  checkpoint_file file;
  if (const auto problem = read_checkpoint(path, file); !problem.empty())
    throw std::runtime_error(problem);
  if (file.parameters_fingerprint != fingerprint(learner))
    throw std::runtime_error(path.string() +
                             " was made with other learner parameters than this configuration has; "
                             "make a new one with `sentio-actors warmup --config ...`");
  return file;
}

warmup_summary warmup_of(const checkpoint_file& file) {
  warmup_summary summary;
  byte_reader in(file.warmup);
  if (!decode(in, summary))
    throw std::runtime_error("the checkpoint's warm-up summary cannot be read; make a new checkpoint");
  return summary;
}

const std::string* find_state(const checkpoint_file& file, const std::string& symbol) {
  for (const auto& [name, state] : file.models)
    if (name == symbol)
      return &state;
  return nullptr;
}

} // namespace sentio

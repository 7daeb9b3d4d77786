// Writes copies of sources with planted bugs, each switched on by its name at run time. The sources of the
// program stay free of them. A bug whose place is no longer found is an error of the build.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct planted {
  std::string name;
  std::string file;
  std::string what;
  std::string original;
  std::string bug;
};

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Blocks of: "mutant NAME", "file PATH", "what SENTENCE", "<<<", lines, "===", lines, ">>>".
std::vector<planted> read_table(const std::filesystem::path& path) {
  std::vector<planted> table;
  std::istringstream in(read(path));
  std::string line;
  std::string* text = nullptr;
  while (std::getline(in, line)) {
    if (line == ">>>")
      text = nullptr;
    else if (line == "===" && text)
      text = &table.back().bug;
    else if (text)
      *text += line + "\n";
    else if (line == "<<<")
      text = &table.at(table.size() - 1).original;
    else if (line.starts_with("mutant "))
      table.push_back({line.substr(7), {}, {}, {}, {}});
    else if (line.starts_with("file "))
      table.back().file = line.substr(5);
    else if (line.starts_with("what "))
      table.back().what = line.substr(5);
  }
  return table;
}

std::string replaced(std::string source, const planted& one) {
  const auto at = source.find(one.original);
  if (at == std::string::npos || source.find(one.original, at + 1) != std::string::npos)
    throw std::runtime_error("mutant " + one.name + ": its original is not exactly once in " + one.file);
  return source.replace(at, one.original.size(), one.bug);
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\')
      out += '\\';
    out += letter;
  }
  return out + "\"";
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush())
    throw std::runtime_error("cannot write " + path.string());
}

} // namespace

/// plant TABLE SOURCE_FOLDER OUTPUT_FOLDER
int main(int argc, char** argv) {
  try {
    if (argc != 4)
      throw std::runtime_error("usage: plant TABLE SOURCE_FOLDER OUTPUT_FOLDER");
    const std::filesystem::path from = argv[2], to = argv[3];
    std::map<std::string, std::string> sources;
    std::string names = "// Made by plant from the table of mutants.\nstruct known_mutant {\n  const char* name;\n"
                        "  const char* what;\n};\ninline constexpr known_mutant known_mutants[] = {\n";
    for (const auto& one : read_table(argv[1])) {
      auto& source = sources[one.file];
      if (source.empty())
        source = "#include \"tests/simulation/mutants/mutant_switch.hpp\"\n" + read(from / one.file);
      source = replaced(std::move(source), one);
      names += "    {" + quoted(one.name) + ", " + quoted(one.what) + "},\n";
    }
    for (const auto& [file, text] : sources)
      write(to / file, text);
    write(to / "known_mutants.hpp", names + "};\n");
    return 0;
  } catch (const std::exception& problem) {
    std::cerr << "plant: " << problem.what() << "\n";
    return 1;
  }
}

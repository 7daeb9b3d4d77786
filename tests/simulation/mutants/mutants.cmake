# The simulation with planted bugs, each switched on by its name: copies of a few sources take the place of
# the libraries' members. Never installed.
set(mutants ${CMAKE_SOURCE_DIR}/tests/simulation/mutants)
set(planted_folder ${CMAKE_BINARY_DIR}/mutants)
file(STRINGS ${mutants}/table.txt planted_lines REGEX "^file ")
list(TRANSFORM planted_lines REPLACE "^file " "")
list(REMOVE_DUPLICATES planted_lines)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${mutants}/table.txt)
set(planted_originals ${planted_lines})
list(TRANSFORM planted_originals PREPEND ${CMAKE_SOURCE_DIR}/)
set(planted_sources ${planted_lines})
list(TRANSFORM planted_sources PREPEND ${planted_folder}/)

add_executable(plant ${mutants}/plant.cpp)
add_custom_command(
  OUTPUT ${planted_sources} ${planted_folder}/known_mutants.hpp
  COMMAND plant ${mutants}/table.txt ${CMAKE_SOURCE_DIR} ${planted_folder}
  DEPENDS plant ${mutants}/table.txt ${planted_originals}
  COMMENT "planting bugs")
add_executable(sentio-simulate-mutants ${mutants}/main.cpp ${mutants}/outside_checks.cpp ${planted_sources}
  ${planted_folder}/known_mutants.hpp)
target_include_directories(sentio-simulate-mutants PRIVATE ${planted_folder})
target_link_libraries(sentio-simulate-mutants PRIVATE sentio_simulation sentio_generator CLI11::CLI11)
# A few of them, as a check that the judge still sees; all: sentio-simulate-mutants --data-dir data/sample
add_test(NAME mutants COMMAND sentio-simulate-mutants --data-dir ${CMAKE_SOURCE_DIR}/data/sample --most 1000 --only
  fill_counted_twice,partial_fill_ends_order,duplicate_bar_admitted,eod_skipped_after_restart,entries_while_catching_up,refold_acts_again,cumulative_quantity_ignored,stream_gap_not_reconciled,unknown_is_rejection,attempt_not_grown,feed_down_unnoticed,revised_bar_learned,output_waits_for_its_reader,signed_command_counts_twice)
set_tests_properties(mutants PROPERTIES TIMEOUT 900)
add_test(NAME runaway_drill COMMAND sentio-simulate-mutants --data-dir ${CMAKE_SOURCE_DIR}/data/sample --drill)
set_tests_properties(runaway_drill PROPERTIES TIMEOUT 300)

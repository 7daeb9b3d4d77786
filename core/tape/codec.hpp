// Payloads as bytes. One value has exactly one encoding, and doubles keep every bit, so two payloads are
// equal exactly when their bytes are: this is how a replay asserts its outputs.
#pragma once

#include "core/numeric/bytes.hpp"
#include "core/tape/record.hpp"

#include <string>
#include <string_view>

namespace sentio {

/// Appends the encoding of a payload.
template <tape_payload X>
void encode(byte_writer& out, const X& payload);

template <tape_payload X>
std::string encode(const X& payload) {
  byte_writer out;
  encode(out, payload);
  return out.take();
}

/// Reads what encode wrote. False, and an unspecified payload, for anything else: too few bytes, bytes left
/// over, a number outside its enumeration, a flag that is neither 0 nor 1, an impossible date, a ranking that
/// names a symbol it does not hold or names one twice. Allocates no more than the bytes at hand call for.
template <tape_payload X>
bool decode(byte_reader& in, X& payload);

template <tape_payload X>
bool decode(std::string_view bytes, X& payload) {
  byte_reader in(bytes);
  return decode(in, payload);
}

/// The payload of a kind, for readers that take every kind.
bool decode(record_kind kind, std::string_view bytes, record_payload& payload);

} // namespace sentio

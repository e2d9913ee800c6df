// SHA-256 of a text, by which counts know their export; C++17 alone.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

namespace offramp {

class Sha256 {
 public:
  /// As 64 hexadecimal digits; see FIPS 180-4.
  static std::string of(std::string text) {
    Sha256 hash;
    const std::uint64_t bits = std::uint64_t{8} * text.size();
    text += '\x80';
    while (text.size() % 64 != 56) text += '\0';
    for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(bits >> shift);
    for (std::size_t at = 0; at < text.size(); at += 64) hash.take(text.data() + at);
    std::string digits;
    for (const std::uint32_t word : hash.state_)
      for (int shift = 28; shift >= 0; shift -= 4) digits += "0123456789abcdef"[(word >> shift) & 15];
    return digits;
  }

 private:
  using Words = std::array<std::uint32_t, 64>;

  /// The constants are roots of the first primes: of each the first 32 bits behind the point.
  Sha256() {
    std::size_t found = 0;
    for (int number = 2; found < rounds_.size(); number++) {
      if (!is_prime(number)) continue;
      rounds_[found] = bits_behind_point(std::cbrt(number));
      if (found < state_.size()) state_[found] = bits_behind_point(std::sqrt(number));
      found++;
    }
  }

  static bool is_prime(int number) {
    for (int divisor = 2; divisor * divisor <= number; divisor++)
      if (number % divisor == 0) return false;
    return true;
  }

  static std::uint32_t bits_behind_point(double root) {
    return static_cast<std::uint32_t>((root - std::floor(root)) * 4294967296.0);
  }

  static std::uint32_t turned(std::uint32_t word, int bits) { return (word >> bits) | (word << (32 - bits)); }

  static Words schedule_of(const char* block) {
    Words words{};
    for (std::size_t at = 0; at < 64; at++) words[at / 4] = (words[at / 4] << 8) | static_cast<unsigned char>(block[at]);
    for (std::size_t at = 16; at < words.size(); at++) {
      const std::uint32_t late = words[at - 2], early = words[at - 15];
      words[at] = words[at - 16] + (turned(early, 7) ^ turned(early, 18) ^ (early >> 3)) + words[at - 7] +
                  (turned(late, 17) ^ turned(late, 19) ^ (late >> 10));
    }
    return words;
  }

  void take(const char* block) {
    const Words words = schedule_of(block);
    auto [a, b, c, d, e, f, g, h] = state_;
    for (std::size_t at = 0; at < words.size(); at++) {
      const std::uint32_t one =
          h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + rounds_[at] + words[at];
      const std::uint32_t other = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g, g = f, f = e, e = d + one;
      d = c, c = b, b = a, a = one + other;
    }
    const std::array<std::uint32_t, 8> mixed{a, b, c, d, e, f, g, h};
    for (std::size_t at = 0; at < mixed.size(); at++) state_[at] += mixed[at];
  }

  std::array<std::uint32_t, 8> state_;
  Words rounds_;
};

}  // namespace offramp

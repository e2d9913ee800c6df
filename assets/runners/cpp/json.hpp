// JSON as exports and their counts hold it, small and plain; C++17 alone.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iomanip>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace offramp {

/// A value of JSON. An export's JSON is small and written by Offramp: a library for it would be one more thing to deploy.
class Json {
 public:
  enum class Kind { null, boolean, number, text, list, object };

  Json() = default;
  Json(double number) : kind_(Kind::number), number_(number) {}
  Json(std::string text) : kind_(Kind::text), text_(std::move(text)) {}

  static Json list(std::vector<Json> items = {}) {
    Json made;
    made.kind_ = Kind::list;
    made.items_ = std::move(items);
    return made;
  }

  static Json object(const std::vector<std::pair<std::string, Json>>& members) {
    Json made;
    made.kind_ = Kind::object;
    for (const auto& [name, value] : members) made.set(name, value);
    return made;
  }

  /// @throws std::runtime_error if the text is no JSON
  static Json parse(const std::string& text);

  bool is(Kind kind) const { return kind_ == kind; }
  double number() const { return expect(Kind::number).number_; }
  bool boolean() const { return expect(Kind::boolean).number_ != 0; }
  const std::string& text() const { return expect(Kind::text).text_; }
  const std::vector<Json>& items() const { return expect(Kind::list).items_; }
  std::vector<double> numbers() const {
    if (is(Kind::number)) return {number_};
    std::vector<double> values;
    for (const Json& item : items()) values.push_back(item.number());
    return values;
  }

  const std::vector<std::string>& names() const { return expect(Kind::object).names_; }

  /// A member of an object; null where there is none.
  const Json& operator[](const std::string& name) const {
    static const Json none;
    const auto& names = expect(Kind::object).names_;
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? none : items_[found - names.begin()];
  }

  /// Gives an object a member, or its member another value.
  void set(const std::string& name, Json value) {
    const auto& names = expect(Kind::object).names_;
    const auto place = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (place == names_.size()) {
      names_.push_back(name);
      items_.emplace_back();
    }
    items_[place] = std::move(value);
  }

  /// As a file holds it, on one line.
  std::string written() const;

 private:
  friend class JsonReader;

  const Json& expect(Kind kind) const {
    if (kind_ != kind) throw std::runtime_error("the export's JSON is not as Offramp writes it; export again");
    return *this;
  }

  Kind kind_ = Kind::null;
  double number_ = 0;
  std::string text_;
  std::vector<std::string> names_;
  std::vector<Json> items_;
};

/// Reads a value behind the other; see RFC 8259.
class JsonReader {
 public:
  explicit JsonReader(const std::string& text) : text_(text) {}

  Json whole() {
    Json value = read(0);
    if (next() != '\0') fail();
    return value;
  }

 private:
  [[noreturn]] void fail() const {
    throw std::runtime_error("no JSON at byte " + std::to_string(at_) + "; export again");
  }

  /// The next character that isn't white space; 0 at the end.
  char next() {
    while (at_ < text_.size() && std::string(" \t\r\n").find(text_[at_]) != std::string::npos) at_++;
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool take(char wanted) {
    if (next() != wanted) return false;
    at_++;
    return true;
  }

  Json read(int depth) {
    if (depth > 32) fail();
    Json value;
    if (take('{')) {
      value.kind_ = Json::Kind::object;
      read_list(value, '}', depth);
    } else if (take('[')) {
      value.kind_ = Json::Kind::list;
      read_list(value, ']', depth);
    } else if (take('"')) {
      value.kind_ = Json::Kind::text;
      value.text_ = read_text();
    } else {
      read_word(value);
    }
    return value;
  }

  void read_list(Json& value, char end, int depth) {
    if (take(end)) return;
    do {
      if (value.kind_ == Json::Kind::object) {
        if (!take('"')) fail();
        value.names_.push_back(read_text());
        if (!take(':')) fail();
      }
      value.items_.push_back(read(depth + 1));
    } while (take(','));
    if (!take(end)) fail();
  }

  void read_word(Json& value) {
    next();
    const auto end = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    const std::string word = text_.substr(at_, end - at_);
    if (word == "true" || word == "false") {
      value.kind_ = Json::Kind::boolean;
      value.number_ = word == "true";
    } else if (word != "null") {
      value.kind_ = Json::Kind::number;
      // Numbers of JSON have a point, whatever this machine's language writes.
      std::istringstream digits(word);
      digits.imbue(std::locale::classic());
      if (!(digits >> value.number_) || !digits.eof()) fail();
    }
    at_ = end;
  }

  /// What stands up to the closing quote, as UTF-8.
  std::string read_text() {
    std::string read;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] != '\\')
        read += text_[at_++];
      else
        read += read_escape();
    }
    if (at_++ >= text_.size()) fail();
    return read;
  }

  std::string read_escape() {
    static const std::string names = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    const char name = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    at_ += 2;
    if (name == 'u') return utf8(read_point());
    const auto place = names.find(name);
    if (name == '\0' || place == std::string::npos) fail();
    return std::string(1, meant[place]);
  }

  /// A code point: four hexadecimal digits, or two halves of a pair.
  std::uint32_t read_point() {
    const std::uint32_t unit = read_unit();
    const bool is_pair = unit >= 0xd800 && unit < 0xdc00 && text_.compare(at_, 2, "\\u") == 0;
    if (!is_pair) return unit;
    at_ += 2;
    return 0x10000 + ((unit - 0xd800) << 10) + (read_unit() - 0xdc00);
  }

  std::uint32_t read_unit() {
    const std::string digits = text_.substr(std::min(at_, text_.size()), 4);
    if (digits.size() < 4 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) fail();
    at_ += 4;
    return static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16));
  }

  static std::string utf8(std::uint32_t point) {
    if (point < 0x80) return std::string(1, static_cast<char>(point));
    std::string bytes;
    int bits = point < 0x800 ? 6 : point < 0x10000 ? 12 : 18;
    const std::uint32_t first = bits == 6 ? 0xc0 : bits == 12 ? 0xe0 : 0xf0;
    bytes += static_cast<char>(first | (point >> bits));
    for (bits -= 6; bits >= 0; bits -= 6) bytes += static_cast<char>(0x80 | ((point >> bits) & 0x3f));
    return bytes;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

inline Json Json::parse(const std::string& text) { return JsonReader(text).whole(); }

inline std::string quoted(const std::string& text) {
  static const char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20) {
      out += {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
    } else {
      if (letter == '"' || letter == '\\') out += '\\';
      out += letter;
    }
  }
  return out + '"';
}

/// With as few digits as are read back as the same number.
inline std::string digits_of(double number) {
  if (!std::isfinite(number)) return "null";
  for (int precision = 15;; precision++) {
    std::stringstream digits;
    digits.imbue(std::locale::classic());
    digits << std::setprecision(precision) << number;
    double read;
    digits >> read;
    if (read == number || precision == 17) return digits.str();
  }
}

inline std::string Json::written() const {
  if (is(Kind::null)) return "null";
  if (is(Kind::boolean)) return boolean() ? "true" : "false";
  if (is(Kind::number)) return digits_of(number_);
  if (is(Kind::text)) return quoted(text_);
  std::string out;
  for (std::size_t at = 0; at < items_.size(); at++) {
    if (at > 0) out += ", ";
    if (is(Kind::object)) out += quoted(names_[at]) + ": ";
    out += items_[at].written();
  }
  return is(Kind::list) ? '[' + out + ']' : '{' + out + '}';
}

}  // namespace offramp

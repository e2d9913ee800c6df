// Runs an early-exit network that Offramp exported, by ONNX Runtime's C++ API. C++17; this header and ONNX Runtime are all it needs.
//
//     offramp::Network network("staged");  // the folder of a staged export, or a single file, "model.onnx"
//     offramp::Answer answer = network.run(network.inputs_of(picture));
//     network.choose("fast");              // another operating point of the export; nothing is loaded
//
// What goes wrong is thrown as std::exception. Two runs of one network may go on at once; `choose` may not.
#pragma once

#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <locale>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace offramp {

// ---- JSON -----------------------------------------------------------------------------------------------------------

/// A value of JSON. An export's JSON is small and written by Offramp: a library for it would be one more thing to deploy.
class Json {
 public:
  enum class Kind { null, boolean, number, text, list, object };

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

  /// A member of an object; null where there is none.
  const Json& operator[](const std::string& name) const {
    static const Json none;
    const auto& names = expect(Kind::object).names_;
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? none : items_[found - names.begin()];
  }

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

// ---- pictures -------------------------------------------------------------------------------------------------------

/// Three values a pixel, red first, row by row.
template <typename Value>
struct Pixels {
  int height = 0;
  int width = 0;
  std::vector<Value> values;
};
using Picture = Pixels<std::uint8_t>;

/// What a network is given, and how it is made of a picture.
struct ImageInput {
  struct Preprocess {
    std::vector<double> resize;  ///< nothing, the shorter side, or height and width
    std::vector<double> centre_crop;
    std::string interpolation;
    bool antialias = true;
    double scale = 1;
    std::vector<double> mean, deviation;
    std::string channels;
  };
  struct Quantisation {
    double scale, zero_point;
  };

  std::string name;
  std::string type;
  std::vector<std::int64_t> shape;  ///< at batch 1
  bool is_channels_last = false;
  int height = 0, width = 0, channels = 0;
  std::optional<Preprocess> preprocess;
  std::optional<Quantisation> quantisation;

  /// Of an entry of `images` in manifest.json, or of the list in a model's metadata under offramp.images.
  static ImageInput read(const Json& told);
};

inline std::vector<double> numbers_or_none(const Json& told) {
  return told.is(Json::Kind::null) ? std::vector<double>() : told.numbers();
}

inline ImageInput::Preprocess read_preprocess(const Json& told) {
  return {numbers_or_none(told["resize"]),
          numbers_or_none(told["centreCrop"]),
          told["interpolation"].text(),
          told["antialias"].boolean(),
          told["scale"].number(),
          told["mean"].numbers(),
          told["standardDeviation"].numbers(),
          told["channels"].text()};
}

inline ImageInput ImageInput::read(const Json& told) {
  ImageInput image;
  image.name = told["name"].text();
  image.type = told["type"].text();
  for (const Json& side : told["shape"].items())
    image.shape.push_back(side.is(Json::Kind::null) ? 1 : static_cast<std::int64_t>(side.number()));
  // A manifest of version 1 says no more than that.
  if (told["frame"].is(Json::Kind::null)) return image;
  const auto frame = told["frame"].numbers();
  image.height = static_cast<int>(frame[0]);
  image.width = static_cast<int>(frame[1]);
  image.channels = static_cast<int>(frame[2]);
  image.is_channels_last = told["layout"].text() == "NHWC";
  if (!told["preprocess"].is(Json::Kind::null)) image.preprocess = read_preprocess(told["preprocess"]);
  const Json& steps = told["quantisation"];
  if (!steps.is(Json::Kind::null)) image.quantisation = {steps["scale"].number(), steps["zeroPoint"].number()};
  return image;
}

/// The pixels that a place of a resized row is made of, and how much of each.
struct Taps {
  std::vector<int> at;
  std::vector<double> shares;
};

/// Pillow sums bytes in whole numbers, of which this is one.
constexpr double fixed_one = 1 << 22;

inline double fixed(double share) { return std::trunc(share * fixed_one + std::copysign(0.5, share)); }

/// Of a triangle, or Keys' cubic, doi:10.1109/TASSP.1981.1163711.
inline double kernel(double distance, bool is_cubic, double a) {
  const double x = std::abs(distance);
  if (!is_cubic) return std::max(0.0, 1 - x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/// The pixel under the middle of each place; steps are summed as Pillow sums them, so that ties fall alike.
inline std::vector<Taps> nearest(int before, int after) {
  std::vector<Taps> places;
  const double step = static_cast<double>(before) / after;
  double centre = step * 0.5;
  for (int place = 0; place < after; place++, centre += step)
    places.push_back({{std::min(before - 1, static_cast<int>(centre))}, {fixed_one}});
  return places;
}

/// A kernel that widens as the picture shrinks, cut off at the edges.
inline std::vector<Taps> averaging(int before, int after, bool is_cubic) {
  std::vector<Taps> places(after);
  const double scale = static_cast<double>(before) / after;
  const double spread = std::max(1.0, scale);
  const double reach = (is_cubic ? 2 : 1) * spread;
  for (int place = 0; place < after; place++) {
    Taps& taps = places[place];
    const double centre = (place + 0.5) * scale;
    const int first = std::max(0, static_cast<int>(centre - reach + 0.5));
    const int end = std::min(before, static_cast<int>(centre + reach + 0.5));
    double sum = 0;
    for (int pixel = first; pixel < end; pixel++) {
      taps.at.push_back(pixel);
      taps.shares.push_back(kernel((pixel - centre + 0.5) / spread, is_cubic, -0.5));
      sum += taps.shares.back();
    }
    for (double& share : taps.shares) share = fixed(share / sum);
  }
  return places;
}

/// A kernel of one width; pixels beyond an edge are those at it.
inline std::vector<Taps> sampling(int before, int after, bool is_cubic) {
  std::vector<Taps> places(after);
  const double scale = static_cast<double>(before) / after;
  const int reach = is_cubic ? 2 : 1;
  for (int place = 0; place < after; place++) {
    const double centre = (place + 0.5) * scale - 0.5;
    const int first = static_cast<int>(std::floor(centre)) - reach + 1;
    for (int pixel = first; pixel < first + 2 * reach; pixel++) {
      places[place].at.push_back(std::clamp(pixel, 0, before - 1));
      places[place].shares.push_back(kernel(pixel - centre, is_cubic, -0.75));
    }
  }
  return places;
}

inline std::vector<Taps> taps_along(int before, int after, const ImageInput::Preprocess& how) {
  if (how.interpolation == "nearest") return nearest(before, after);
  const bool is_cubic = how.interpolation == "bicubic";
  return how.antialias ? averaging(before, after, is_cubic) : sampling(before, after, is_cubic);
}

/// A sum of weighted pixels, in Pillow's whole numbers where bytes come out.
template <typename Value>
Value summed(double sum) {
  if constexpr (std::is_same_v<Value, std::uint8_t>)
    return static_cast<Value>(std::clamp(std::floor((sum + fixed_one / 2) / fixed_one), 0.0, 255.0));
  else
    return static_cast<Value>(sum);
}

template <typename To, typename From>
Pixels<To> along_rows(const Pixels<From>& from, const std::vector<Taps>& places) {
  Pixels<To> out{from.height, static_cast<int>(places.size()), {}};
  out.values.reserve(static_cast<std::size_t>(3) * out.height * out.width);
  for (int row = 0; row < from.height; row++)
    for (const Taps& taps : places)
      for (int colour = 0; colour < 3; colour++) {
        double sum = 0;
        for (std::size_t tap = 0; tap < taps.at.size(); tap++)
          sum += from.values[(static_cast<std::size_t>(row) * from.width + taps.at[tap]) * 3 + colour] * taps.shares[tap];
        out.values.push_back(summed<To>(sum));
      }
  return out;
}

/// Rows become columns.
template <typename Value>
Pixels<Value> turn(const Pixels<Value>& from) {
  Pixels<Value> out{from.width, from.height, std::vector<Value>(from.values.size())};
  for (std::size_t row = 0; row < static_cast<std::size_t>(from.height); row++)
    for (std::size_t column = 0; column < static_cast<std::size_t>(from.width); column++)
      std::copy_n(&from.values[(row * from.width + column) * 3], 3, &out.values[(column * from.height + row) * 3]);
  return out;
}

template <typename Value>
Pixels<Value> along_both(const Picture& picture, const std::vector<Taps>& across, const std::vector<Taps>& down) {
  return turn(along_rows<Value>(turn(along_rows<Value>(picture, across)), down));
}

/// Resizes as Pillow does, and without antialias as torch's `interpolate` and OpenCV do.
inline Picture resize(const Picture& picture, int height, int width, const ImageInput::Preprocess& how) {
  if (picture.height == height && picture.width == width) return picture;
  const auto across = taps_along(picture.width, width, how), down = taps_along(picture.height, height, how);
  if (how.antialias || how.interpolation == "nearest") return along_both<std::uint8_t>(picture, across, down);
  const auto floats = along_both<float>(picture, across, down);
  Picture out{height, width, {}};
  for (const float value : floats.values)
    out.values.push_back(static_cast<std::uint8_t>(std::clamp(std::nearbyint(value), 0.0f, 255.0f)));
  return out;
}

/// Height and width that a picture is resized to.
inline std::pair<int, int> resized_to(const Picture& picture, const std::vector<double>& wanted) {
  const auto [height, width] = std::pair(picture.height, picture.width);
  if (wanted.empty()) return {height, width};
  if (wanted.size() > 1) return {static_cast<int>(wanted[0]), static_cast<int>(wanted[1])};
  const int shorter = static_cast<int>(wanted[0]);
  const int longer = static_cast<int>(wanted[0] * std::max(height, width) / std::min(height, width));
  return height <= width ? std::pair(shorter, longer) : std::pair(longer, shorter);
}

/// Resizes and crops. @throws std::runtime_error if that gives another size than the network's
inline Picture frame(const Picture& picture, const ImageInput& image) {
  const auto& how = *image.preprocess;
  const auto [tall, wide] = resized_to(picture, how.resize);
  const Picture resized = resize(picture, tall, wide, how);
  const auto& wanted = how.centre_crop;
  const int height = wanted.empty() ? tall : static_cast<int>(wanted.front());
  const int width = wanted.empty() ? wide : static_cast<int>(wanted.back());
  if (tall < height || wide < width || height != image.height || width != image.width) {
    const auto size = [](int high, int broad) { return std::to_string(high) + "x" + std::to_string(broad); };
    throw std::runtime_error("the picture is " + size(picture.height, picture.width) + " and after preprocessing " +
                             size(tall, wide) + ", expected " + size(image.height, image.width) + " (height x width)");
  }
  const int top = static_cast<int>(std::nearbyint((tall - height) / 2.0));
  const int left = static_cast<int>(std::nearbyint((wide - width) / 2.0));
  Picture cropped{height, width, {}};
  for (int row = top; row < top + height; row++) {
    const auto start = resized.values.begin() + (static_cast<std::ptrdiff_t>(row) * wide + left) * 3;
    cropped.values.insert(cropped.values.end(), start, start + static_cast<std::ptrdiff_t>(width) * 3);
  }
  return cropped;
}

/// Of a pixel what a channel reads; the luma is ITU-R 601's in Pillow's whole numbers.
inline std::uint8_t byte_of(const std::uint8_t* pixel, int channel, const ImageInput& image) {
  const std::string& order = image.preprocess->channels;
  if (image.channels == 1 || order == "grey")
    return static_cast<std::uint8_t>((19595 * pixel[0] + 38470 * pixel[1] + 7471 * pixel[2] + 32768) >> 16);
  return pixel[order == "bgr" ? 2 - channel : channel];
}

/// What the network reads of a byte, before it is brought into its type.
inline double value_of(int byte, int channel, const ImageInput& image) {
  const auto& how = *image.preprocess;
  const auto of = [channel](const std::vector<double>& values) { return values[values.size() == 1 ? 0 : channel]; };
  const double value = (byte * how.scale - of(how.mean)) / of(how.deviation);
  return image.quantisation ? value / image.quantisation->scale + image.quantisation->zero_point : value;
}

template <typename Value>
Value in_type(double value) {
  if constexpr (std::is_integral_v<Value>) {
    using Limits = std::numeric_limits<Value>;
    const double rounded = std::floor(value + 0.5);
    return static_cast<Value>(std::clamp<double>(rounded, Limits::min(), Limits::max()));
  } else {
    return Value(static_cast<float>(value));
  }
}

template <typename Value>
Ort::Value tensor_of(const Picture& framed, const ImageInput& image) {
  Ort::AllocatorWithDefaultOptions allocator;
  Ort::Value tensor = Ort::Value::CreateTensor<Value>(allocator, image.shape.data(), image.shape.size());
  Value* data = tensor.GetTensorMutableData<Value>();
  const std::size_t area = static_cast<std::size_t>(image.height) * image.width;
  for (int channel = 0; channel < image.channels; channel++) {
    std::array<Value, 256> values;
    for (int byte = 0; byte < 256; byte++) values[byte] = in_type<Value>(value_of(byte, channel, image));
    for (std::size_t at = 0; at < area; at++) {
      const std::size_t to = image.is_channels_last ? at * image.channels + channel : channel * area + at;
      data[to] = values[byte_of(&framed.values[at * 3], channel, image)];
    }
  }
  return tensor;
}

/// A network's input at batch 1. @throws std::runtime_error if nothing says how it is made of such a picture
inline Ort::Value make_input(const Picture& picture, const ImageInput& image) {
  if (!image.preprocess || (image.channels != 1 && image.channels != 3))
    throw std::runtime_error("nothing says how a picture becomes " + image.name + "; give it as an array");
  const Picture framed = frame(picture, image);
  if (image.type == "float32") return tensor_of<float>(framed, image);
  if (image.type == "float16") return tensor_of<Ort::Float16_t>(framed, image);
  if (image.type == "float64") return tensor_of<double>(framed, image);
  if (image.type == "int8") return tensor_of<std::int8_t>(framed, image);
  if (image.type == "int32") return tensor_of<std::int32_t>(framed, image);
  if (image.type == "uint8") return tensor_of<std::uint8_t>(framed, image);
  throw std::runtime_error("no picture becomes an image of " + image.type + "; give it as an array");
}

// ---- networks -------------------------------------------------------------------------------------------------------

/// How an operator's work is spread.
struct Threads {
  int count = 1;      ///< one, as Offramp measures unless told otherwise; 0: one a core
  bool spin = false;  ///< whether threads keep their cores busy while they wait: quicker where nobody else wants these
};

/// One pool of threads for all sessions: with one each, those of a stage that is done would still spin while the next one
/// works. ONNX Runtime has one environment a process, so the settings of the first one that is made count.
inline Ort::Env make_environment(const Threads& threads) {
  Ort::ThreadingOptions options;
  options.SetGlobalIntraOpNumThreads(threads.count);
  options.SetGlobalInterOpNumThreads(1);
  options.SetGlobalSpinControl(threads.spin);
  return Ort::Env(options, ORT_LOGGING_LEVEL_WARNING, "offramp");
}

struct Answer {
  std::vector<float> logits;  ///< of the classes, or the one score of two
  int exit = 0;               ///< that it left at, from 0; the end of the last network is the last
  float confidence = 0;
};

/// An operating point: thresholds by exit.
struct Point {
  std::string name;
  std::vector<float> thresholds;
};

/// What an export says of itself.
struct Description {
  std::vector<ImageInput> images;  ///< what `run` takes, in this order
  std::vector<std::string> class_names;
  std::vector<Point> points;
  std::string score;  ///< of an export with one score for two classes: logit or probability
};

inline std::vector<ImageInput> read_images(const Json& told) {
  std::vector<ImageInput> images;
  for (const Json& image : told.items()) images.push_back(ImageInput::read(image));
  return images;
}

inline std::vector<std::string> read_names(const Json& told) {
  std::vector<std::string> names;
  for (const Json& name : told.items()) names.push_back(name.text());
  return names;
}

inline std::vector<Point> read_points(const Json& told) {
  std::vector<Point> points;
  for (const Json& point : told.items()) {
    const auto numbers = point["thresholds"].numbers();
    points.push_back({point["name"].text(), {numbers.begin(), numbers.end()}});
  }
  return points;
}

inline std::vector<float> floats_of(const Ort::Value& tensor) {
  const float* data = tensor.GetTensorData<float>();
  return {data, data + tensor.GetTensorTypeAndShapeInfo().GetElementCount()};
}

inline std::vector<const char*> pointers_to(const std::vector<std::string>& names) {
  std::vector<const char*> pointers;
  for (const std::string& name : names) pointers.push_back(name.c_str());
  return pointers;
}

/// Runs on values that lie anywhere, the caller's images among them; Session::Run takes some that lie in a row.
inline std::vector<Ort::Value> run_named(Ort::Session& session, const std::vector<std::string>& inputs,
                                         const std::vector<const OrtValue*>& values,
                                         const std::vector<std::string>& outputs) {
  const auto given = pointers_to(inputs), wanted = pointers_to(outputs);
  std::vector<OrtValue*> made(outputs.size());
  Ort::ThrowOnError(Ort::GetApi().Run(session, nullptr, given.data(), values.data(), given.size(), wanted.data(),
                                      wanted.size(), made.data()));
  std::vector<Ort::Value> results;
  for (OrtValue* value : made) results.emplace_back(value);
  return results;
}

/// One of the two forms of an export.
class Form {
 public:
  virtual ~Form() = default;
  /// @param point whose thresholds count; the plan's own if null
  virtual Answer run(const std::vector<Ort::Value>& images, const Point* point) = 0;
};

/// A model a stage, and a manifest.
class StagedNetwork : public Form {
 public:
  StagedNetwork(const Ort::Env& env, const std::filesystem::path& folder, const Ort::SessionOptions& options,
                Description& description) {
    const Json manifest = read_manifest(folder / "manifest.json");
    for (const Json& told : manifest["stages"].items()) stages_.push_back(open_stage(env, folder, options, told));
    const Json& first = manifest["stages"].items().at(0)["input"];
    description.images = manifest["images"].is(Json::Kind::null) ? std::vector{ImageInput::read(first)}
                                                                 : read_images(manifest["images"]);
    const Json &names = manifest["classNames"], &points = manifest["points"], &score = manifest["score"];
    if (!names.is(Json::Kind::null)) description.class_names = read_names(names);
    if (!points.is(Json::Kind::null)) description.points = read_points(points);
    if (!score.is(Json::Kind::null)) description.score = score.text();
  }

  Answer run(const std::vector<Ort::Value>& images, const Point* point) override {
    std::vector<Ort::Value> results;
    std::vector<const OrtValue*> given{images.at(0)};
    int exit = 0;
    for (Stage& stage : stages_) {
      // Where another network takes over, it starts from the image again.
      if (stage.image) given[0] = images.at(*stage.image);
      if (!given[0] || given.size() < stage.inputs.size())
        throw std::runtime_error("the manifest's stages don't go on from each other; export again");
      auto made = run_named(stage.session, stage.inputs, given, stage.outputs);
      // Nobody leaves where the device hands over to the server.
      if (stage.decides) {
        const float confidence = *made[1].GetTensorData<float>();
        const float limit = stage.threshold && point ? point->thresholds.at(exit) : stage.threshold.value_or(0);
        if (!stage.threshold || !(confidence < limit)) return {floats_of(made[0]), exit, confidence};
        exit++;
      }
      results = std::move(made);
      given.assign(results.begin() + (stage.decides ? 2 : 0), results.end());
      // A network that takes over starts from an image, whatever else the stage before hands on.
      if (!stage.hands_on) given.insert(given.begin(), nullptr);
    }
    throw std::runtime_error("no sample leaves at the manifest's last stage; export again");
  }

 private:
  struct Stage {
    Ort::Session session;
    std::vector<std::string> inputs;   ///< what it starts from, and what the exits before it said if it goes by that
    std::vector<std::string> outputs;  ///< logits and confidence if samples leave, then what the next one's inputs are given
    bool decides;
    bool hands_on;  ///< whether the next one starts from an output of this one
    std::optional<float> threshold;
    std::optional<std::size_t> image;
  };

  static Json read_manifest(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path.string() + " can't be read");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const Json manifest = Json::parse(text);
    const bool is_staged = manifest["format"].is(Json::Kind::text) && manifest["format"].text() == "offramp-staged";
    const double version = is_staged ? manifest["version"].number() : 0;
    if (version != 1 && version != 2 && version != 3)
      throw std::runtime_error(path.string() + " is not a staged network of version 1, 2 or 3");
    return manifest;
  }

  static Stage open_stage(const Ort::Env& env, const std::filesystem::path& folder, const Ort::SessionOptions& options,
                          const Json& told) {
    const auto path = folder / std::filesystem::u8path(told["file"].text());
    Stage stage{Ort::Session(env, path.c_str(), options), {told["input"]["name"].text()}, {}, false, false, {}, {}};
    stage.decides = !told["logits"].is(Json::Kind::null);
    stage.hands_on = !told["next"].is(Json::Kind::null);
    for (const char* name : {"logits", "confidence", "next"}) add_name(stage.outputs, told[name]);
    if (const Json& carries = told["carries"]; !carries.is(Json::Kind::null)) {
      add_name(stage.inputs, carries["input"]);
      add_name(stage.outputs, carries["output"]);
    }
    if (!told["threshold"].is(Json::Kind::null)) stage.threshold = static_cast<float>(told["threshold"].number());
    if (!told["image"].is(Json::Kind::null)) stage.image = static_cast<std::size_t>(told["image"].number());
    return stage;
  }

  static void add_name(std::vector<std::string>& names, const Json& told) {
    if (!told.is(Json::Kind::null)) names.push_back(told.text());
  }

  std::vector<Stage> stages_;
};

/// One file of nested `If`, whose metadata says what the manifest says.
class SingleFile : public Form {
 public:
  SingleFile(const Ort::Env& env, const std::filesystem::path& path, const Ort::SessionOptions& options,
             Description& description)
      : session_(env, path.c_str(), options) {
    const auto images = told("offramp.images");
    if (!images) throw std::runtime_error(path.string() + " is no early-exit network that Offramp exported");
    description.images = read_images(*images);
    if (const auto names = told("offramp.classes")) description.class_names = read_names(*names);
    if (const auto points = told("offramp.points")) description.points = read_points(*points);
    if (const auto score = told("offramp.score")) description.score = score->text();
    for (const ImageInput& image : description.images) names_.push_back(image.name);
  }

  Answer run(const std::vector<Ort::Value>& images, const Point* point) override {
    std::vector<std::string> names = names_;
    std::vector<const OrtValue*> values;
    for (std::size_t image = 0; image < names.size(); image++) values.push_back(images.at(image));
    std::vector<Ort::Value> thresholds;
    for (std::size_t exit = 0; point && exit < point->thresholds.size(); exit++) {
      names.push_back("offramp/" + std::to_string(exit) + "/threshold");
      thresholds.push_back(scalar(point->thresholds[exit]));
    }
    for (const Ort::Value& threshold : thresholds) values.push_back(threshold);
    const auto made = run_named(session_, names, values, {"logits", "exit", "confidence"});
    return {floats_of(made[0]), static_cast<int>(*made[1].GetTensorData<std::int64_t>()), *made[2].GetTensorData<float>()};
  }

 private:
  std::optional<Json> told(const char* key) const {
    Ort::AllocatorWithDefaultOptions allocator;
    const auto text = session_.GetModelMetadata().LookupCustomMetadataMapAllocated(key, allocator);
    return text ? std::optional(Json::parse(text.get())) : std::nullopt;
  }

  static Ort::Value scalar(float value) {
    Ort::AllocatorWithDefaultOptions allocator;
    Ort::Value tensor = Ort::Value::CreateTensor<float>(allocator, nullptr, 0);
    *tensor.GetTensorMutableData<float>() = value;
    return tensor;
  }

  Ort::Session session_;
  std::vector<std::string> names_;
};

/// An exported network, opened from either form.
class Network {
 public:
  /// @param path of a staged export's folder, or of a single file
  explicit Network(const std::filesystem::path& path, const Threads& threads = {})
      : Network(path, make_environment(threads), shared_threads()) {}

  /// In an environment of the caller's, which has to have a pool of threads if the options share it.
  Network(const std::filesystem::path& path, Ort::Env env, const Ort::SessionOptions& options) : env_(std::move(env)) {
    if (std::filesystem::is_directory(path))
      form_ = std::make_unique<StagedNetwork>(env_, path, options, description_);
    else
      form_ = std::make_unique<SingleFile>(env_, path, options, description_);
  }

  const Description& description() const { return description_; }

  /// Switches to an operating point of the export. @throws std::runtime_error if it has none of that name
  void choose(const std::string& name) {
    for (const Point& point : description_.points)
      if (point.name == name) {
        point_ = &point;
        return;
      }
    throw std::runtime_error("the export has no point " + name);
  }

  /// Back to the plan's own thresholds.
  void choose() { point_ = nullptr; }

  /// What `run` takes of a picture.
  std::vector<Ort::Value> inputs_of(const Picture& picture) const {
    std::vector<Ort::Value> inputs;
    for (const ImageInput& image : description_.images) inputs.push_back(make_input(picture, image));
    return inputs;
  }

  /// @param images at batch 1, a tensor for each of the description's
  Answer run(const std::vector<Ort::Value>& images) { return form_->run(images, point_); }

  /// The class that logits answer: the largest, or 1 if the one score of two classes is above the middle.
  int class_of(const std::vector<float>& logits) const {
    if (!description_.score.empty()) return logits.at(0) > (description_.score == "probability" ? 0.5f : 0.0f);
    return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
  }

 private:
  static Ort::SessionOptions shared_threads() {
    Ort::SessionOptions options;
    options.DisablePerSessionThreads();
    return options;
  }

  Ort::Env env_;
  Description description_;
  const Point* point_ = nullptr;
  std::unique_ptr<Form> form_;
};

}  // namespace offramp

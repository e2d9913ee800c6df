// Runs an early-exit network that Offramp exported, by ONNX Runtime's C++ API. C++17; this folder and ONNX Runtime are all it needs.
//
//     offramp::Network network("staged");  // the folder of a staged export, or a single file, "model.onnx"
//     offramp::Answer answer = network.run(network.inputs_of(picture));
//     network.choose("fast");              // another operating point of the export; nothing is loaded
//
// counts.hpp counts what runs, for `offramp monitor`; control.hpp holds a budget by moving along the operating points.
// What goes wrong is thrown as std::exception. Two runs of one network may go on at once while nobody watches; `choose` may not.
#pragma once

#include <onnxruntime_cxx_api.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "json.hpp"

namespace offramp {

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
  std::string name;  ///< empty: the plan's own
  std::vector<double> thresholds;
  std::optional<double> mean_ms;  ///< that it is predicted to take
};

/// What an export says of itself.
struct Description {
  std::vector<ImageInput> images;  ///< what `run` takes, in this order
  std::vector<std::string> class_names;
  std::vector<Point> points;  ///< the plan's own first, whose thresholds a single file keeps to itself
  std::string manifest;  ///< of a staged export, as it stands in the file
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

inline std::optional<double> read_mean_ms(const Json& predicted) {
  if (predicted.is(Json::Kind::null)) return std::nullopt;
  return predicted["latencyMs"]["mean"].number();
}

inline Point read_point(const Json& told) {
  return {told["name"].text(), told["thresholds"].numbers(), read_mean_ms(told["predicted"])};
}

inline std::vector<float> floats_of(const Ort::Value& tensor) {
  const float* data = tensor.GetTensorData<float>();
  return {data, data + tensor.GetTensorTypeAndShapeInfo().GetElementCount()};
}

/// Told of each sample once it has left: its point, and how sure each exit was that it reached.
using Watch = std::function<void(const Point& point, const std::vector<float>& passed)>;

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
  /// @param point whose thresholds count
  /// @param watch nobody if empty; a single file says nothing of the exits that a sample passed, and tells nobody
  virtual Answer run(const std::vector<Ort::Value>& images, const Point& point, const Watch& watch) = 0;
};

/// A model a stage, and a manifest.
class StagedNetwork : public Form {
 public:
  StagedNetwork(const Ort::Env& env, const std::filesystem::path& folder, const Ort::SessionOptions& options,
                Description& description) {
    description.manifest = read_manifest(folder / "manifest.json");
    const Json manifest = Json::parse(description.manifest);
    expect_known(manifest, folder / "manifest.json");
    for (const Json& told : manifest["stages"].items()) stages_.push_back(open_stage(env, folder, options, told));
    const Json& first = manifest["stages"].items().at(0)["input"];
    description.images = manifest["images"].is(Json::Kind::null) ? std::vector{ImageInput::read(first)}
                                                                 : read_images(manifest["images"]);
    const Json &names = manifest["classNames"], &points = manifest["points"], &score = manifest["score"];
    Point own{"", {}, read_mean_ms(manifest["predicted"])};
    for (const Json& told : manifest["stages"].items())
      if (!told["threshold"].is(Json::Kind::null)) own.thresholds.push_back(told["threshold"].number());
    description.points.push_back(own);
    if (!names.is(Json::Kind::null)) description.class_names = read_names(names);
    if (!points.is(Json::Kind::null))
      for (const Json& point : points.items()) description.points.push_back(read_point(point));
    if (!score.is(Json::Kind::null)) description.score = score.text();
  }

  Answer run(const std::vector<Ort::Value>& images, const Point& point, const Watch& watch) override {
    std::vector<Ort::Value> results;
    std::vector<const OrtValue*> given{images.at(0)};
    std::vector<float> passed;
    for (Stage& stage : stages_) {
      // Where another network takes over, it starts from the image again.
      if (stage.image) given[0] = images.at(*stage.image);
      if (!given[0] || given.size() < stage.inputs.size())
        throw std::runtime_error("the manifest's stages don't go on from each other; export again");
      auto made = run_named(stage.session, stage.inputs, given, stage.outputs);
      // Nobody leaves where the device hands over to the server.
      if (stage.decides) {
        const float confidence = *made[1].GetTensorData<float>();
        const std::size_t exit = passed.size();
        passed.push_back(confidence);
        if (stage.is_last || !(confidence < static_cast<float>(point.thresholds.at(exit)))) {
          if (watch) watch(point, passed);
          return {floats_of(made[0]), static_cast<int>(exit), confidence};
        }
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
    bool is_last;   ///< all that come here leave
    bool hands_on;  ///< whether the next one starts from an output of this one
    std::optional<std::size_t> image;
  };

  static std::string read_manifest(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path.string() + " can't be read");
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static void expect_known(const Json& manifest, const std::filesystem::path& path) {
    const bool is_staged = manifest["format"].is(Json::Kind::text) && manifest["format"].text() == "offramp-staged";
    const double version = is_staged ? manifest["version"].number() : 0;
    if (version != 1 && version != 2 && version != 3)
      throw std::runtime_error(path.string() + " is not a staged network of version 1, 2 or 3");
  }

  static Stage open_stage(const Ort::Env& env, const std::filesystem::path& folder, const Ort::SessionOptions& options,
                          const Json& told) {
    const auto path = folder / std::filesystem::u8path(told["file"].text());
    Stage stage{Ort::Session(env, path.c_str(), options), {told["input"]["name"].text()}, {}, false, false, false, {}};
    stage.decides = !told["logits"].is(Json::Kind::null);
    stage.is_last = stage.decides && told["threshold"].is(Json::Kind::null);
    stage.hands_on = !told["next"].is(Json::Kind::null);
    for (const char* name : {"logits", "confidence", "next"}) add_name(stage.outputs, told[name]);
    if (const Json& carries = told["carries"]; !carries.is(Json::Kind::null)) {
      add_name(stage.inputs, carries["input"]);
      add_name(stage.outputs, carries["output"]);
    }
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
    const auto predicted = told("offramp.predicted");
    description.points.push_back({"", {}, predicted ? read_mean_ms(*predicted) : std::nullopt});
    if (const auto points = told("offramp.points"))
      for (const Json& point : points->items()) description.points.push_back(read_point(point));
    if (const auto score = told("offramp.score")) description.score = score->text();
    for (const ImageInput& image : description.images) names_.push_back(image.name);
  }

  Answer run(const std::vector<Ort::Value>& images, const Point& point, const Watch&) override {
    std::vector<std::string> names = names_;
    std::vector<const OrtValue*> values;
    for (std::size_t image = 0; image < names.size(); image++) values.push_back(images.at(image));
    std::vector<Ort::Value> thresholds;
    for (std::size_t exit = 0; exit < point.thresholds.size(); exit++) {
      names.push_back("offramp/" + std::to_string(exit) + "/threshold");
      thresholds.push_back(scalar(static_cast<float>(point.thresholds[exit])));
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

  /// Switches to an operating point of the export, without a name back to the plan's own thresholds.
  /// @throws std::runtime_error if it has none of that name
  void choose(const std::string& name = "") {
    const auto& points = description_.points;
    const auto found = std::find_if(points.begin(), points.end(), [&](const Point& each) { return each.name == name; });
    if (found == points.end()) throw std::runtime_error("the export has no point " + name);
    point_ = static_cast<std::size_t>(found - points.begin());
  }

  /// The one that counts now.
  const Point& point() const { return description_.points[point_]; }

  /// The names of all points from the one that is predicted to take the least time.
  /// @throws std::runtime_error if the export doesn't say
  std::vector<std::string> by_cost() const {
    auto points = description_.points;
    const bool is_told = std::all_of(points.begin(), points.end(), [](const Point& each) { return each.mean_ms; });
    if (points.size() == 1 || !is_told)
      throw std::runtime_error(
          "the export doesn't list operating points and what they take; export again with --point, from a project with a profile");
    std::stable_sort(points.begin(), points.end(),
                     [](const Point& one, const Point& other) { return *one.mean_ms < *other.mean_ms; });
    std::vector<std::string> names;
    for (const Point& point : points) names.push_back(point.name);
    return names;
  }

  Watch watch;  ///< nobody unless somebody sets it

  /// What `run` takes of a picture.
  std::vector<Ort::Value> inputs_of(const Picture& picture) const {
    std::vector<Ort::Value> inputs;
    for (const ImageInput& image : description_.images) inputs.push_back(make_input(picture, image));
    return inputs;
  }

  /// @param images at batch 1, a tensor for each of the description's
  Answer run(const std::vector<Ort::Value>& images) { return form_->run(images, point(), watch); }

  /// A session's first run takes longer than those after it: this one goes through all stages and is watched by nobody.
  void warm_up(const std::vector<Ort::Value>& images) {
    const std::size_t exits = description_.points.back().thresholds.size();
    form_->run(images, {"", std::vector<double>(exits, std::numeric_limits<double>::infinity()), {}}, {});
  }

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
  std::size_t point_ = 0;
  std::unique_ptr<Form> form_;
};

}  // namespace offramp

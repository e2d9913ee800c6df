// Runs an exported network: run EXPORT photo.ppm [more.ppm ...]
//
// EXPORT is the folder of a staged export or a single file. Pictures are binary PPM files; they are resized, cropped and scaled as
// the export says. What is preprocessed already comes as arrays: run EXPORT images.npy [further.npy ...], one image a row, of the
// type and shape that the network's input expects; where the export lists several images, each is a file of its own, in that order.
// Before EXPORT: --point NAME takes the thresholds of that name; --threads N and --spin set how the network works, see
// offramp::Threads; --time SECONDS runs the images again and again for so long, uncounted, and says on the error stream how long
// each took. With --budget-ms X the runner moves along all points so that an image takes X ms on average, or with --quantile 0.95 so
// that 95 % take no longer. With --counts FILE it counts exits and confidences of a staged export, for `offramp monitor`; a file
// that is there is added to.
// Prints a JSON line per image: the class, its name if the export has names, the exit it left at (from 0) and the confidence there;
// where a budget is held also the point (null: the plan's own thresholds).
#include <chrono>
#include <iomanip>
#include <iostream>
#include <map>
#include <numeric>
#include <regex>

#include "control.hpp"
#include "counts.hpp"
#include "offramp.hpp"

namespace {

using Sample = std::vector<Ort::Value>;

struct Wishes {
  std::optional<std::string> point;
  offramp::Threads threads;
  double seconds = 0;
  std::optional<double> budget_ms, quantile;
  std::optional<std::string> counts;
  std::string network;
  std::vector<std::string> files;
};

double number_of(const std::string& name, const std::string& text) {
  std::istringstream digits(text);
  double value;
  if (!(digits >> value) || !digits.eof() || value < 0) throw std::runtime_error(name + " takes a number, not " + text);
  return value;
}

Wishes read_arguments(const std::vector<std::string>& words) {
  Wishes wishes;
  std::size_t at = 0;
  for (; at < words.size() && words[at].rfind("--", 0) == 0; at++) {
    const std::string& name = words[at];
    if (name == "--spin") {
      wishes.threads.spin = true;
      continue;
    }
    if (++at == words.size()) throw std::runtime_error(name + " needs a value");
    if (name == "--point")
      wishes.point = words[at];
    else if (name == "--threads")
      wishes.threads.count = static_cast<int>(number_of(name, words[at]));
    else if (name == "--time")
      wishes.seconds = number_of(name, words[at]);
    else if (name == "--budget-ms")
      wishes.budget_ms = number_of(name, words[at]);
    else if (name == "--quantile")
      wishes.quantile = number_of(name, words[at]);
    else if (name == "--counts")
      wishes.counts = words[at];
    else
      throw std::runtime_error("there is no option " + name);
  }
  if (words.size() < at + 2) throw std::runtime_error("say which export to run and on which images: run EXPORT photo.ppm");
  wishes.network = words[at];
  wishes.files.assign(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
  return wishes;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " can't be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

offramp::Picture read_picture(const std::string& path) {
  const std::string bytes = read_file(path), start = bytes.substr(0, 1000);
  static const std::regex form("^P6\\s(?:\\s|#[^\\n]*\\n)*(\\d+)\\s+(\\d+)\\s+255\\s");
  std::smatch found;
  if (!std::regex_search(start, found, form))
    throw std::runtime_error(path + " is no binary PPM file with a byte for each colour");
  offramp::Picture picture{std::stoi(found[2]), std::stoi(found[1]), {}};
  const std::size_t header = found[0].length(), size = std::size_t{3} * picture.height * picture.width;
  if (bytes.size() < header + size) throw std::runtime_error(path + " is cut short");
  picture.values.assign(bytes.begin() + header, bytes.begin() + header + size);
  return picture;
}

struct Type {
  const char* code;
  ONNXTensorElementDataType element;
  std::size_t bytes;
};

const std::map<std::string, Type> types = {
    {"float32", {"<f4", ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, 4}},
    {"float16", {"<f2", ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16, 2}},
    {"uint8", {"|u1", ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, 1}},
};

struct NpyFile {
  std::string header;
  std::string bytes;  ///< behind the header
};

NpyFile read_npy(const std::string& path) {
  const std::string bytes = read_file(path);
  if (bytes.rfind("\x93NUMPY", 0) != 0 || bytes.size() < 12) throw std::runtime_error(path + " is no .npy file");
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])); };
  const bool is_wide = bytes[6] > 1;
  const std::size_t start = is_wide ? 12 : 10;
  const std::size_t length = byte(8) + (byte(9) << 8) + (is_wide ? byte(10) << 16 : 0);
  return {bytes.substr(start, length), bytes.substr(std::min(bytes.size(), start + length))};
}

/// What the network reads, without the batch, as NumPy writes a shape.
std::string sides_of(const offramp::ImageInput& image) {
  std::string sides;
  for (std::size_t axis = 1; axis < image.shape.size(); axis++)
    sides += (axis > 1 ? ", " : "") + std::to_string(image.shape[axis]);
  return sides;
}

bool holds(const std::string& header, const Type& type, const std::string& sides) {
  const auto has = [&](const std::string& text) { return header.find(text) != std::string::npos; };
  const auto shape = header.find("'shape': (");
  const auto rest = header.substr(std::min(header.size(), header.find(", ", std::min(header.size(), shape)) + 2));
  return has(std::string("'descr': '") + type.code) && has("'fortran_order': False") && rest.rfind(sides + ")", 0) == 0;
}

/// The rows of a .npy file, little-endian and in C order, as tensors of batch 1.
std::vector<Ort::Value> read_rows(const std::string& path, const offramp::ImageInput& image) {
  const NpyFile file = read_npy(path);
  const auto type = types.find(image.type);
  if (type == types.end()) throw std::runtime_error("no .npy file of " + image.type + " is read here");
  const std::string sides = sides_of(image);
  if (!holds(file.header, type->second, sides))
    throw std::runtime_error(path + " must hold " + image.type + " [images, " + sides + "] in C order; its header is " +
                             file.header.substr(0, file.header.find_last_not_of(" \n") + 1));
  std::size_t size = type->second.bytes;
  for (const std::int64_t side : image.shape) size *= static_cast<std::size_t>(side);
  std::vector<Ort::Value> rows;
  Ort::AllocatorWithDefaultOptions allocator;
  for (std::size_t at = 0; at + size <= file.bytes.size(); at += size) {
    rows.push_back(Ort::Value::CreateTensor(allocator, image.shape.data(), image.shape.size(), type->second.element));
    std::copy_n(file.bytes.data() + at, size, static_cast<char*>(rows.back().GetTensorMutableRawData()));
  }
  return rows;
}

std::vector<Sample> read_arrays(const std::vector<std::string>& files, const std::vector<offramp::ImageInput>& images) {
  if (files.size() != images.size())
    throw std::runtime_error("the network reads " + std::to_string(images.size()) + " images a sample, " +
                             std::to_string(files.size()) + " files are given");
  std::vector<Sample> samples;
  for (std::size_t image = 0; image < images.size(); image++) {
    auto rows = read_rows(files[image], images[image]);
    if (image == 0) samples.resize(rows.size());
    if (rows.size() != samples.size())
      throw std::runtime_error(files[image] + " holds " + std::to_string(rows.size()) + " images, " + files[0] + " " +
                               std::to_string(samples.size()));
    for (std::size_t row = 0; row < rows.size(); row++) samples[row].push_back(std::move(rows[row]));
  }
  return samples;
}

std::vector<Sample> read_samples(const std::vector<std::string>& files, const offramp::Network& network) {
  const std::string& first = files[0];
  if (first.size() > 4 && first.compare(first.size() - 4, 4, ".npy") == 0)
    return read_arrays(files, network.description().images);
  std::vector<Sample> samples;
  for (const std::string& file : files) samples.push_back(network.inputs_of(read_picture(file)));
  return samples;
}

/// Who counts and who holds the budget, where that is asked for.
struct Watchers {
  Watchers(offramp::Network& network, const Wishes& wishes) {
    if (wishes.point && wishes.budget_ms)
      throw std::runtime_error("--point stays at one point and --budget-ms moves along all; give one of them");
    if (wishes.quantile && !wishes.budget_ms)
      throw std::runtime_error("--quantile says how many images take --budget-ms at most; give that too");
    if (wishes.counts) counts.emplace(network, *wishes.counts);
    if (wishes.budget_ms) control.emplace(network.by_cost(), *wishes.budget_ms, wishes.quantile);
  }

  std::optional<offramp::FieldCounts> counts;
  std::optional<offramp::BudgetController> control;
};

struct TimedAnswer {
  offramp::Answer answer;
  double ms;
};

/// Runs a sample, where a budget is held at the point that it allows.
TimedAnswer timed_run(offramp::Network& network, const Sample& sample, Watchers& watchers) {
  using Clock = std::chrono::steady_clock;
  if (watchers.control) network.choose(watchers.control->point());
  const auto start = Clock::now();
  auto answer = network.run(sample);
  const double ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  if (watchers.control) watchers.control->spend(ms);
  if (watchers.counts) watchers.counts->timed(ms);
  return {std::move(answer), ms};
}

void print(const offramp::Network& network, const offramp::Answer& answer, bool with_point) {
  using offramp::Json;
  const auto& names = network.description().class_names;
  const int label = network.class_of(answer.logits);
  Json line = Json::object({{"class", label}});
  if (!names.empty()) line.set("name", names.at(label));
  line.set("exit", answer.exit);
  line.set("confidence", answer.confidence);
  const std::string& point = network.point().name;
  if (with_point) line.set("point", point.empty() ? Json() : Json(point));
  std::cout << line.written() << "\n";
}

double mean_of(const std::vector<double>& times) {
  return std::accumulate(times.begin(), times.end(), 0.0) / static_cast<double>(times.size());
}

/// Says how well a budget was held.
void tell_spent(const std::vector<double>& times, double budget) {
  const auto within = std::count_if(times.begin(), times.end(), [budget](double ms) { return ms <= budget; });
  const double share = static_cast<double>(within) / static_cast<double>(times.size());
  std::ostringstream said;
  said << std::fixed << std::setprecision(3) << mean_of(times) << " ms on average, " << std::setprecision(1)
       << 100 * share << " % within " << std::defaultfloat << std::setprecision(6) << budget << " ms";
  std::cerr << "run: " << said.str() << "\n";
}

/// Says how long a run takes: mean, median, 95th percentile, ms.
void tell_times(offramp::Network& network, const std::vector<Sample>& samples, double seconds, Watchers& watchers) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> times;
  for (const auto end = Clock::now() + std::chrono::duration<double>(seconds); Clock::now() < end;)
    for (const Sample& sample : samples) times.push_back(timed_run(network, sample, watchers).ms);
  const double mean = mean_of(times);
  std::sort(times.begin(), times.end());
  std::cerr << "{\"samples\": " << times.size() << ", \"meanMs\": " << mean
            << ", \"medianMs\": " << times[times.size() / 2] << ", \"p95Ms\": " << times[times.size() * 95 / 100]
            << ", \"perSecond\": " << 1000 / mean << "}\n";
}

void run(const Wishes& wishes) {
  offramp::Network network(wishes.network, wishes.threads);
  if (wishes.point) network.choose(*wishes.point);
  Watchers watchers(network, wishes);
  const auto samples = read_samples(wishes.files, network);
  if (!samples.empty() && (watchers.counts || watchers.control)) network.warm_up(samples[0]);
  std::vector<double> times;
  for (const Sample& sample : samples) {
    const auto [answer, ms] = timed_run(network, sample, watchers);
    print(network, answer, watchers.control.has_value());
    times.push_back(ms);
  }
  if (watchers.counts) watchers.counts->save();
  if (watchers.control && !times.empty()) tell_spent(times, watchers.control->budget());
  if (wishes.seconds > 0 && !samples.empty()) tell_times(network, samples, wishes.seconds, watchers);
}

}  // namespace

int main(int count, char** words) {
  try {
    run(read_arguments({words + 1, words + count}));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "run: " << error.what() << "\n";
    return 1;
  }
}

// Counts exits and confidences where a staged network is used: a few numbers for `offramp monitor`, no images and no classes.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "json.hpp"
#include "offramp.hpp"
#include "sha256.hpp"

namespace offramp {

/// Numbers, lists and objects of them, added up; what is null counts nothing.
inline Json added(const Json& before, const Json& more) {
  if (before.is(Json::Kind::null) || more.is(Json::Kind::null)) return before.is(Json::Kind::null) ? more : before;
  if (more.is(Json::Kind::number)) return before.number() + more.number();
  if (more.is(Json::Kind::list)) {
    std::vector<Json> sums;
    for (const Json& item : more.items()) sums.push_back(added(before.items().at(sums.size()), item));
    return Json::list(sums);
  }
  Json sums = more;
  for (const std::string& name : more.names()) sums.set(name, added(before[name], more[name]));
  return sums;
}

/// Counts what a network runs from now on, one sample at a time; `save` adds it to a file, which counts one export alone.
class FieldCounts {
 public:
  static constexpr int bins = 64;

  /// @param network lives longer, and stays where it is
  /// @throws std::runtime_error if it says nothing to count, or the file that is there isn't of it
  FieldCounts(Network& network, std::filesystem::path path) : network_(network), path_(std::move(path)) {
    const std::string& manifest = network.description().manifest;
    if (manifest.empty())
      throw std::runtime_error(
          "a single file doesn't say how sure the exits were that a sample passed, so it can't be counted; run the folder of the staged export");
    plan_ = Json::parse(manifest)["plan"];
    if (plan_.is(Json::Kind::null))
      throw std::runtime_error(
          "the manifest doesn't say which plan it is of, so nothing could be compared with the counts; export again");
    manifest_sha256_ = Sha256::of(manifest);
    read();
    network.watch = [this](const Point& point, const std::vector<float>& passed) { see(point, passed); };
  }

  FieldCounts(const FieldCounts&) = delete;
  FieldCounts& operator=(const FieldCounts&) = delete;
  ~FieldCounts() { network_.watch = nullptr; }

  /// What an input took that was run at the network's point.
  void timed(double ms) {
    Latency& latency = at(network_.point()).latency;
    latency = {latency.inputs + 1, latency.sum_ms + ms, latency.sum_squares_ms + ms * ms};
  }

  /// Adds what was counted since it was saved last; the file is written whole or not at all.
  void save() {
    Json counts = read();
    std::vector<Json> points = counts["points"].items();
    for (const auto& [name, counted] : points_) {
      const Json point = json_of(counted);
      const auto is_same = [&](const Json& each) { return each["name"].written() == point["name"].written(); };
      const auto known = std::find_if(points.begin(), points.end(), is_same);
      if (known == points.end())
        points.push_back(point);
      else
        *known = joined(*known, point);
    }
    counts.set("points", Json::list(points));
    write(counts.written() + "\n");
    points_.clear();
  }

 private:
  struct Exit {
    std::uint64_t left = 0;
    std::array<std::uint64_t, bins> confidence{};
  };
  struct Latency {
    std::uint64_t inputs = 0;
    double sum_ms = 0, sum_squares_ms = 0;
  };
  struct Counted {
    Point point;
    std::uint64_t inputs = 0;
    std::vector<Exit> exits;
    Latency latency;
  };

  /// By exit that a sample reached, which left at the last of them: how sure it was.
  void see(const Point& point, const std::vector<float>& passed) {
    Counted& counted = at(point);
    counted.inputs++;
    counted.exits.at(passed.size() - 1).left++;
    for (std::size_t exit = 0; exit < passed.size(); exit++) counted.exits[exit].confidence[bin_of(passed[exit])]++;
  }

  static std::size_t bin_of(float confidence) {
    if (std::isnan(confidence)) return bins - 1;
    return static_cast<std::size_t>(std::clamp(std::floor(confidence * bins), 0.0f, static_cast<float>(bins - 1)));
  }

  Counted& at(const Point& point) {
    const Counted blank{point, 0, std::vector<Exit>(point.thresholds.size() + 1), {}};
    return points_.try_emplace(point.name, blank).first->second;
  }

  static Json json_of(const Counted& counted) {
    const auto& [point, inputs, exits, latency] = counted;
    std::vector<Json> thresholds(point.thresholds.begin(), point.thresholds.end()), left;
    for (const Exit& exit : exits)
      left.push_back(Json::object({{"left", exit.left},
                                   {"confidence", Json::list({exit.confidence.begin(), exit.confidence.end()})}}));
    Json made = Json::object({{"name", point.name.empty() ? Json() : Json(point.name)},
                              {"thresholds", Json::list(thresholds)},
                              {"inputs", inputs},
                              {"exits", Json::list(left)}});
    if (latency.inputs > 0)
      made.set("latency", Json::object({{"inputs", latency.inputs},
                                        {"sumMs", latency.sum_ms},
                                        {"sumSquaresMs", latency.sum_squares_ms}}));
    return made;
  }

  /// What was counted at one point, earlier and now.
  static Json joined(const Json& before, const Json& point) {
    Json sums = point;
    for (const char* key : {"inputs", "exits", "latency"}) {
      const Json sum = added(before[key], point[key]);
      if (!sum.is(Json::Kind::null)) sums.set(key, sum);
    }
    return sums;
  }

  /// What was counted before.
  Json read() const {
    if (!std::filesystem::exists(path_))
      return Json::object({{"format", std::string("offramp-field-counts")},
                           {"version", 1},
                           {"manifestSha256", manifest_sha256_},
                           {"plan", plan_},
                           {"points", Json::list()}});
    std::ifstream file(path_, std::ios::binary);
    if (!file) throw std::runtime_error(path_.string() + " can't be read");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto counts = counts_in(text);
    if (!counts)
      throw std::runtime_error(path_.string() + " holds no counts of version 1, or is damaged; name another file");
    if ((*counts)["manifestSha256"].text() != manifest_sha256_)
      throw std::runtime_error(path_.string() + " counts another export; name another file");
    return *counts;
  }

  static std::optional<Json> counts_in(const std::string& text) {
    try {
      const Json counts = Json::parse(text);
      const bool is_known = counts["format"].text() == "offramp-field-counts" && counts["version"].number() == 1 &&
                            counts["manifestSha256"].is(Json::Kind::text) && counts["points"].is(Json::Kind::list);
      return is_known ? std::optional(counts) : std::nullopt;
    } catch (const std::runtime_error&) {
      return std::nullopt;
    }
  }

  /// Under a name that nobody else writes to, and then to where it belongs at once.
  void write(const std::string& text) const {
    std::filesystem::path part = path_;
    part += "." + std::to_string(std::random_device{}()) + ".part";
    std::ofstream file(part, std::ios::binary);
    file << text;
    file.close();
    if (!file) throw std::runtime_error(part.string() + " can't be written; is there room, and may this program write there?");
    std::filesystem::rename(part, path_);
  }

  Network& network_;
  std::filesystem::path path_;
  Json plan_;
  std::string manifest_sha256_;
  std::map<std::string, Counted> points_;  ///< by name
};

}  // namespace offramp

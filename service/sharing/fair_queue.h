// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "service/sharing/organization_shares.h"

namespace provisioning {

// A queue that organizations share by cost: start-time fair queueing (Goyal, Vin
// and Cheng, SIGCOMM 1996). Over any time in which two organizations always have
// something waiting, what each gets is in proportion to its share, but for the
// cost of one item; who comes after a pause is served next but one at the latest
// and has saved nothing up; within an organization the order is that of coming.
//
// In virtual time each organization's item starts where its last one ended, or
// now, and lasts for its cost divided by the share; what starts first is next.
//
// Not thread-safe. Push and Pop take time logarithmic in the organizations.
template <typename Item>
class FairQueue {
 public:
  // `shares` outlives the queue.
  explicit FairQueue(const OrganizationShares& shares) : shares_(shares) {}

  // `cost` above 0, in any unit. What belongs to no organization comes as "".
  void Push(std::string_view organization_id, Item item, double cost) {
    const std::string_view name = shares_.LineOf(organization_id);
    auto found = lines_.find(name);
    if (found == lines_.end()) {
      found = lines_.emplace(std::string(name), Line{}).first;
      found->second.share = shares_.Of(name);
    }
    Line& line = found->second;
    const double start = std::max(line.end, now_);
    line.end = start + cost / line.share;
    line.waiting.push_back({start, next_number_++, std::move(item)});
    if (line.waiting.size() == 1) turns_.insert({start, line.waiting.front().number, found});
  }

  bool empty() const { return turns_.empty(); }
  // Organizations that it knows, for tests.
  std::size_t lines() const { return lines_.size(); }
  // The next item; there is one.
  const Item& Front() const { return turns_.begin()->line->second.waiting.front().item; }
  Item Pop() {
    const auto found = turns_.begin()->line;
    turns_.erase(turns_.begin());
    Line& line = found->second;
    Waiting next = std::move(line.waiting.front());
    line.waiting.pop_front();
    now_ = next.start;
    if (!line.waiting.empty()) {
      turns_.insert({line.waiting.front().start, line.waiting.front().number, found});
    } else if (turns_.empty()) {
      // Nobody waits, so nobody is owed anything: time begins anew.
      lines_.clear();
      now_ = 0;
    } else if (lines_.size() > 2 * turns_.size() + lines_kept) {
      ForgetRested();
    }
    return std::move(next.item);
  }

 private:
  static constexpr std::size_t lines_kept = 64;

  struct Waiting {
    double start;
    std::uint64_t number;  // In the order of coming.
    Item item;
  };
  struct Line {
    double share = 1;
    double end = 0;  // Of its last item.
    std::deque<Waiting> waiting;
  };
  using Lines = std::map<std::string, Line, std::less<>>;
  struct Turn {
    double time;
    std::uint64_t number;
    typename Lines::iterator line;
    bool operator<(const Turn& other) const {
      return std::pair(time, number) < std::pair(other.time, other.number);
    }
  };

  // A line that is empty and whose last item has ended might as well be new.
  void ForgetRested() {
    std::erase_if(lines_, [this](const auto& named) {
      return named.second.waiting.empty() && named.second.end <= now_;
    });
  }

  const OrganizationShares& shares_;
  Lines lines_;
  std::set<Turn> turns_;  // Of each line in which somebody waits.
  double now_ = 0;        // The start of the item that was taken last.
  std::uint64_t next_number_ = 0;
};

}  // namespace provisioning

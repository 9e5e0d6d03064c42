// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace provisioning {

// One figure: what the service does, beside what the barest honest code does with
// the same hardware; both in the same unit.
class Bench {
 public:
  virtual ~Bench() = default;
  virtual std::string name() const = 0;
  // "what is ours / what is the ceiling".
  virtual std::string description() const = 0;
  virtual std::string unit() const = 0;
  virtual bool higher_is_better() const { return true; }
  // For what takes minutes.
  virtual int rounds_max() const { return 100; }
  // Each measures once, from a fresh start, and takes as long as it takes. What
  // goes wrong ends the program: a figure of something else is worth nothing.
  virtual double MeasureOurs() = 0;
  virtual double MeasureCeiling() = 0;
};

// `quick`: smaller, for a first look; its ratios are worth less.
std::vector<std::unique_ptr<Bench>> MakeBenches(bool quick);

// Measures both in turn, so that what disturbs the machine disturbs both, and
// prints `ratio NAME VALUE (...)`: the median of the rounds' ratios.
void RunBench(Bench& bench, int rounds);

// Ends the program with a sentence.
[[noreturn]] void GiveUp(const std::string& why);

}  // namespace provisioning

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "service/model/secret_string.h"

namespace provisioning {

// A text's code points in Normalization Form C. They may be a password's: the
// memory is wiped when it goes.
//
// The time is near-linear in the text's length, whatever its combining marks.
class CodePoints {
 public:
  // `utf8` must be well-formed.
  explicit CodePoints(std::string_view utf8);
  CodePoints(const CodePoints&) = delete;
  CodePoints& operator=(const CodePoints&) = delete;
  ~CodePoints();

  std::span<char32_t> span() { return {points_.get(), size_}; }
  std::span<const char32_t> span() const { return {points_.get(), size_}; }
  std::size_t size() const { return size_; }

  std::string ToUtf8() const;
  SecretString ToSecretUtf8() const;

 private:
  bool ReadInert(std::string_view utf8);
  void Decompose(std::string_view utf8);
  void SortMarks();
  void Compose();

  std::size_t capacity_;
  std::unique_ptr<char32_t[]> points_;
  std::size_t size_ = 0;
};

}  // namespace provisioning

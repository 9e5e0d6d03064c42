// SPDX-License-Identifier: Apache-2.0
#include "service/trust/verb.h"

#include "gtest/gtest.h"

namespace provisioning {
namespace {

TEST(VerbTest, EachHasAWordOfItsOwn) {
  for (int i = 0; i < verb_count; ++i) {
    const auto verb = static_cast<Verb>(i);
    EXPECT_EQ(ParseVerb(VerbName(verb)), verb) << VerbName(verb);
  }
  EXPECT_EQ(VerbName(Verb::kImport), "import");
  EXPECT_EQ(VerbName(Verb::kRevert), "revert");
}

TEST(VerbTest, KnowsNoOther) {
  for (const char* word : {"", "Import", "import ", "imports", "*", "all"}) {
    EXPECT_EQ(ParseVerb(word), std::nullopt) << word;
  }
}

TEST(VerbSetTest, SaysWhatIsMissing) {
  const VerbSet allowed = {Verb::kImport, Verb::kRead};
  EXPECT_EQ(VerbSet(Verb::kRead).FirstNotIn(allowed), std::nullopt);
  EXPECT_EQ(VerbSet({Verb::kImport, Verb::kReissue}).FirstNotIn(allowed), Verb::kReissue);
  EXPECT_EQ(VerbSet(Verb::kImport).FirstNotIn({}), Verb::kImport);
  EXPECT_EQ(VerbSet::All().FirstNotIn(VerbSet::All()), std::nullopt);
}

}  // namespace
}  // namespace provisioning

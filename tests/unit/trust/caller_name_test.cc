// SPDX-License-Identifier: Apache-2.0
#include "service/trust/caller_name.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "service/model/error.h"

namespace provisioning {
namespace {

using Names = std::vector<std::string>;

TEST(CallerNameTest, SpiffeIds) {
  for (const std::string& id :
       {std::string("spiffe://clinic.example"), std::string("spiffe://clinic.example/onboarding"),
        std::string("spiffe://a_b-c.1/ns/prod/sa/Web.App_2"), std::string("spiffe://x/..."),
        "spiffe://x/" + std::string(2037, 'a')}) {
    EXPECT_TRUE(IsSpiffeId(id)) << id;
  }
  for (const std::string& id : {std::string(""),
                                std::string("spiffe://"),
                                std::string("spiffe:///x"),
                                std::string("SPIFFE://x/y"),
                                std::string("https://clinic.example/x"),
                                std::string("spiffe://Clinic.example/x"),
                                std::string("spiffe://x/"),
                                std::string("spiffe://x//y"),
                                std::string("spiffe://x/y/"),
                                std::string("spiffe://x/./y"),
                                std::string("spiffe://x/y/.."),
                                std::string("spiffe://x:443/y"),
                                std::string("spiffe://u@x/y"),
                                std::string("spiffe://x/y?z"),
                                std::string("spiffe://x/y#z"),
                                std::string("spiffe://x/%41"),
                                std::string("spiffe://x/y\0z", 14),
                                std::string("spiffe://x/y\n"),
                                std::string("spiffe://x/\xC3\xA9"),
                                "spiffe://x/" + std::string(2038, 'a'),
                                "spiffe://" + std::string(256, 'a')}) {
    EXPECT_FALSE(IsSpiffeId(id)) << id;
  }
}

TEST(CallerNameTest, DnsNames) {
  for (const std::string& name : {std::string("localhost"), std::string("web.clinic.example"),
                                  std::string("a-1.b2"), std::string(63, 'a') + ".example"}) {
    EXPECT_TRUE(IsDnsName(name)) << name;
  }
  for (const std::string& name :
       {std::string(""), std::string("."), std::string("a."), std::string(".a"),
        std::string("a..b"), std::string("*.clinic.example"), std::string("Web.example"),
        std::string("-a.example"), std::string("a-.example"), std::string("a_b.example"),
        std::string("a b"), std::string("a\0b", 3), std::string(64, 'a'),
        std::string(63, 'a') + "." + std::string(63, 'a') + "." + std::string(63, 'a') + "." +
            std::string(62, 'a')}) {
    EXPECT_FALSE(IsDnsName(name)) << name;
  }
}

struct Identity {
  Names uris;
  Names dns_names;
  std::string caller;  // Empty: refused.
};

TEST(CallerNameTest, ACertificateIsAboutOneCaller) {
  const std::string a = "spiffe://clinic.example/a";
  const std::string b = "spiffe://clinic.example/b";
  const Identity table[] = {
      {{a}, {}, a},
      {{a}, {"web.example"}, a},
      {{a}, {"web.example", "api.example"}, a},
      {{}, {"web.example"}, "web.example"},
      {{}, {"Web.Example"}, "web.example"},
      {{}, {}, ""},
      {{a, b}, {}, ""},
      {{a, a}, {}, ""},
      {{a, b}, {"web.example"}, ""},
      {{a, "https://clinic.example"}, {}, ""},
      {{"https://clinic.example"}, {}, ""},
      {{"https://clinic.example"}, {"web.example"}, ""},
      {{""}, {"web.example"}, ""},
      {{}, {"web.example", "api.example"}, ""},
      {{}, {"*.example"}, ""},
      {{}, {""}, ""},
  };
  for (const Identity& identity : table) {
    const auto caller = IdentifyCaller(identity.uris, identity.dns_names);
    const std::string place = testing::PrintToString(std::pair(identity.uris, identity.dns_names));
    if (identity.caller.empty()) {
      ASSERT_FALSE(caller.ok()) << place;
      EXPECT_EQ(caller.status().code(), absl::StatusCode::kUnauthenticated) << place;
      EXPECT_EQ(ReasonOf(caller.status()), ErrorReason::kCallerUnidentified) << place;
    } else {
      ASSERT_TRUE(caller.ok()) << place << caller.status();
      EXPECT_EQ(caller->name, identity.caller) << place;
    }
  }
}

}  // namespace
}  // namespace provisioning

// SPDX-License-Identifier: Apache-2.0
#include "service/rules/email_domain_typo.h"

#include <algorithm>
#include <iterator>

namespace provisioning {
namespace {

struct Misspelling {
  std::string_view domain;
  std::string_view intended;
};

constexpr Misspelling misspellings[] = {{"aol.cm", "aol.com"},
                                        {"aol.co", "aol.com"},
                                        {"gamil.com", "gmail.com"},
                                        {"gemail.com", "gmail.com"},
                                        {"ggmail.com", "gmail.com"},
                                        {"gimail.com", "gmail.com"},
                                        {"gmai.com", "gmail.com"},
                                        {"gmaik.com", "gmail.com"},
                                        {"gmail.cim", "gmail.com"},
                                        {"gmail.cm", "gmail.com"},
                                        {"gmail.cmo", "gmail.com"},
                                        {"gmail.co", "gmail.com"},
                                        {"gmail.comm", "gmail.com"},
                                        {"gmail.ocm", "gmail.com"},
                                        {"gmail.om", "gmail.com"},
                                        {"gmail.vom", "gmail.com"},
                                        {"gmailcom.com", "gmail.com"},
                                        {"gmaill.com", "gmail.com"},
                                        {"gmal.com", "gmail.com"},
                                        {"gmali.com", "gmail.com"},
                                        {"gmaul.com", "gmail.com"},
                                        {"gmial.com", "gmail.com"},
                                        {"gmil.com", "gmail.com"},
                                        {"gmsil.com", "gmail.com"},
                                        {"gmx.d", "gmx.de"},
                                        {"gmx.dee", "gmx.de"},
                                        {"gmx.ner", "gmx.net"},
                                        {"gmx.nte", "gmx.net"},
                                        {"gnail.com", "gmail.com"},
                                        {"goglemail.com", "googlemail.com"},
                                        {"googelmail.com", "googlemail.com"},
                                        {"googlemail.cm", "googlemail.com"},
                                        {"googlemail.co", "googlemail.com"},
                                        {"googlmail.com", "googlemail.com"},
                                        {"gxm.de", "gmx.de"},
                                        {"gxm.net", "gmx.net"},
                                        {"homail.com", "hotmail.com"},
                                        {"hormail.com", "hotmail.com"},
                                        {"hotamil.com", "hotmail.com"},
                                        {"hotmai.com", "hotmail.com"},
                                        {"hotmail.cm", "hotmail.com"},
                                        {"hotmail.cmo", "hotmail.com"},
                                        {"hotmail.co", "hotmail.com"},
                                        {"hotmail.comm", "hotmail.com"},
                                        {"hotmaill.com", "hotmail.com"},
                                        {"hotmal.com", "hotmail.com"},
                                        {"hotmali.com", "hotmail.com"},
                                        {"hotmial.com", "hotmail.com"},
                                        {"hotmil.com", "hotmail.com"},
                                        {"hotmsil.com", "hotmail.com"},
                                        {"hotnail.com", "hotmail.com"},
                                        {"hoymail.com", "hotmail.com"},
                                        {"htomail.com", "hotmail.com"},
                                        {"iclod.com", "icloud.com"},
                                        {"icloud.cm", "icloud.com"},
                                        {"icloud.co", "icloud.com"},
                                        {"iclould.com", "icloud.com"},
                                        {"iclud.com", "icloud.com"},
                                        {"icluod.com", "icloud.com"},
                                        {"icoud.com", "icloud.com"},
                                        {"live.cm", "live.com"},
                                        {"live.co", "live.com"},
                                        {"otlook.com", "outlook.com"},
                                        {"oulook.com", "outlook.com"},
                                        {"outllok.com", "outlook.com"},
                                        {"outlock.com", "outlook.com"},
                                        {"outlok.com", "outlook.com"},
                                        {"outlok.de", "outlook.de"},
                                        {"outlook.cm", "outlook.com"},
                                        {"outlook.cmo", "outlook.com"},
                                        {"outlook.co", "outlook.com"},
                                        {"outlool.com", "outlook.com"},
                                        {"outloook.com", "outlook.com"},
                                        {"outook.com", "outlook.com"},
                                        {"protonmail.co", "protonmail.com"},
                                        {"protonmal.com", "protonmail.com"},
                                        {"protonmial.com", "protonmail.com"},
                                        {"t-oline.de", "t-online.de"},
                                        {"t-onine.de", "t-online.de"},
                                        {"t-onlin.de", "t-online.de"},
                                        {"t-online.d", "t-online.de"},
                                        {"t-onlne.de", "t-online.de"},
                                        {"tonline.de", "t-online.de"},
                                        {"wbe.de", "web.de"},
                                        {"web.d", "web.de"},
                                        {"web.dee", "web.de"},
                                        {"yaboo.com", "yahoo.com"},
                                        {"yahho.com", "yahoo.com"},
                                        {"yaho.com", "yahoo.com"},
                                        {"yahoo.cm", "yahoo.com"},
                                        {"yahoo.cmo", "yahoo.com"},
                                        {"yahoo.co", "yahoo.com"},
                                        {"yahooo.com", "yahoo.com"},
                                        {"yaoo.com", "yahoo.com"},
                                        {"yhaoo.com", "yahoo.com"},
                                        {"yhoo.com", "yahoo.com"}};

static_assert(std::ranges::is_sorted(misspellings, {}, &Misspelling::domain));

// No top-level domain, and a neighbour's slip on every keyboard.
constexpr std::string_view slipped_com = ".con";

}  // namespace

std::string IntendedDomain(std::string_view domain) {
  if (domain.ends_with(slipped_com)) {
    std::string com(domain);
    com.back() = 'm';
    const std::string intended = IntendedDomain(com);
    return intended.empty() ? com : intended;
  }
  const auto* found = std::ranges::lower_bound(misspellings, domain, {}, &Misspelling::domain);
  if (found == std::end(misspellings) || found->domain != domain) return "";
  return std::string(found->intended);
}

}  // namespace provisioning

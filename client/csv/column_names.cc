// SPDX-License-Identifier: Apache-2.0
#include "client/csv/column_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "service/rules/characters.h"
#include "service/rules/utf8.h"

namespace provisioning {
namespace {

constexpr std::size_t name_bytes_max = 60;

// What other products and other languages call the columns.
constexpr std::pair<Column, std::string_view> other_names[] = {
    {Column::kEmailAddress,
     " email e_mail mail address username user_name user login e_mail_address email_id mail_address"
     " e_mail_adresse email_adresse emailadresse mailadresse courriel adresse_e_mail adresse_mail"
     " adresse_email correo correo_electronico correo_electrónico indirizzo_e_mail indirizzo_email"
     " endereço_de_e_mail e_mailadres e_postadress adres_e_mail メールアドレス メール 电子邮件 邮箱"
     " 電子郵件 이메일 почта электронная_почта эл__почта البريد_الإلكتروني "},
    {Column::kInitialPassword,
     " password pass pwd passcode temporary_password temp_password passwort kennwort mot_de_passe"
     " contraseña contrasena senha wachtwoord lösenord hasło haslo パスワード 密码 密碼 비밀번호"
     " пароль كلمة_المرور "},
    {Column::kFirstName,
     " first given_name forename given christian_name vorname prénom prenom nombre nome voornaam"
     " förnamn imię imie fornavn 名 名前 имя 이름 الاسم_الأول "},
    {Column::kLastName,
     " last surname family_name family nachname familienname name nom nom_de_famille apellido"
     " apellidos cognome sobrenome apelido achternaam efternamn nazwisko etternavn 姓 苗字 фамилия"
     " 성 اسم_العائلة "},
    {Column::kBirthdate,
     " birthday birth_date date_of_birth dob born geburtsdatum geburtstag date_de_naissance"
     " fecha_de_nacimiento data_di_nascita data_de_nascimento geboortedatum födelsedatum"
     " data_urodzenia 生年月日 出生日期 생년월일 дата_рождения تاريخ_الميلاد "},
    {Column::kGender,
     " sex m/f geschlecht sexe genre sexo género genero sesso genere gênero geslacht kön płeć plec"
     " 性別 性别 성별 пол الجنس "},
    {Column::kPasswordHash,
     " hash passwordhash hashed_password password_hashed password_digest encrypted_password"
     " crypted_password pass_hash pwd_hash pw_hash passwort_hash kennwort_hash "},
};

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row[b.size()];
}

}  // namespace

std::string NormalizedColumnName(std::string_view cell) {
  std::string name;
  for (std::string_view rest = TrimWhiteSpace(cell); !rest.empty();) {
    AppendCodePoint(ToLower(TakeCodePoint(rest)), name);
  }
  return name;
}

std::optional<Column> ColumnNamed(std::string_view name) {
  for (int i = 0; i < column_count; ++i) {
    if (ColumnName(static_cast<Column>(i)) == name) return static_cast<Column>(i);
  }
  return std::nullopt;
}

std::optional<Column> ColumnMeant(std::string name) {
  if (name.empty() || name.size() > name_bytes_max) return std::nullopt;
  std::ranges::replace_if(
      name, [](char c) { return c == ' ' || c == '-' || c == '.'; }, '_');
  if (const auto column = ColumnNamed(name)) return column;
  const std::string word = " " + name + " ";
  for (const auto& [column, names] : other_names) {
    if (names.find(word) != std::string_view::npos) return column;
  }
  std::optional<Column> best;
  std::size_t best_distance = std::max<std::size_t>(name.size() / 4, 2) + 1;
  for (int i = 0; i < column_count; ++i) {
    const std::size_t distance = EditDistance(name, ColumnName(static_cast<Column>(i)));
    if (distance >= best_distance) continue;
    best = static_cast<Column>(i);
    best_distance = distance;
  }
  return best;
}

int ColumnsMeant(const std::vector<std::string>& cells) {
  std::array<bool, column_count> seen{};
  for (const std::string& cell : cells) {
    const auto column = ColumnMeant(NormalizedColumnName(cell));
    if (column) seen[static_cast<std::size_t>(*column)] = true;
  }
  return static_cast<int>(std::ranges::count(seen, true));
}

}  // namespace provisioning

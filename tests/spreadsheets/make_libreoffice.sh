#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lets LibreOffice write the CSV files in libreoffice/ from the .fods beside them, as it does for
# people in four locales. Needs: apt-get install --no-install-recommends libreoffice-calc
set -eu
cd "$(dirname "$0")/libreoffice"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# export SOURCE OUTPUT LOCALE DELIMITER CHARACTER_SET QUOTE_ALL_TEXT
# The numbers are those of LibreOffice's CSV filter: the delimiter's code, and 76 for UTF-8, 1 for
# windows-1252, 65535 for UTF-16. Cells are saved as they are shown.
export_csv() {
  profile="$work/$3"
  if [ ! -d "$profile" ]; then
    mkdir -p "$profile/user"
    cat > "$profile/user/registrymodifications.xcu" <<XCU
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>$3</value></prop></item></oor:items>
XCU
  fi
  mkdir -p "$work/out"
  soffice "-env:UserInstallation=file://$profile" --headless --convert-to \
    "csv:Text - txt - csv (StarCalc):$4,34,$5,1,,0,$6,true,true" --outdir "$work/out" "$1.fods" \
    > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  mv "$work/out/$1.csv" "$2.csv"
}

for dates in "" _dates; do
  export_csv "clients$dates" "en_us_utf8$dates" en-US 44 76 false
  export_csv "western$dates" "de_de_windows_1252$dates" de-DE 59 1 false
  export_csv "clients$dates" "fr_fr_utf8_quoted$dates" fr-FR 59 76 true
  export_csv "clients$dates" "ja_jp_utf16$dates" ja-JP 9 65535 false
done
for kind in xlsx ods; do
  soffice "-env:UserInstallation=file://$work/en-US" --headless --convert-to "$kind" \
    --outdir "$work/out" western.fods > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  mv "$work/out/western.$kind" "../damaged/workbook.$kind"
done

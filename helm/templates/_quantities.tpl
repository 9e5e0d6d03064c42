{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* A quantity of CPU, in thousandths. Nothing: 0. */}}
{{- define "provisioning.cpuMillis" -}}
{{- $text := toString . -}}
{{- if or (empty .) (eq $text "") -}}0
{{- else if hasSuffix "m" $text -}}{{ trimSuffix "m" $text | float64 }}
{{- else -}}{{ mulf (float64 $text) 1000 }}
{{- end -}}
{{- end }}

{{/* A quantity of memory, in MiB. Nothing: 0. */}}
{{- define "provisioning.mebibytes" -}}
{{- $text := toString . -}}
{{- $number := regexFind "^[0-9.]+" $text | default "0" | float64 -}}
{{- $bytes := dict "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12
    "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 -}}
{{- $unit := regexFind "[a-zA-Z]*$" $text -}}
{{- divf (mulf $number (get $bytes $unit)) 1048576.0 -}}
{{- end }}

{{/* A duration of Go, in seconds. */}}
{{- define "provisioning.seconds" -}}
{{- $seconds := 0.0 -}}
{{- $units := dict "h" 3600.0 "m" 60.0 "s" 1.0 -}}
{{- range regexFindAll "[0-9.]+[hms]" (toString .) -1 -}}
{{- $seconds = addf $seconds (mulf (regexFind "^[0-9.]+" . | float64) (get $units (regexFind "[hms]$" .))) -}}
{{- end -}}
{{- $seconds -}}
{{- end }}

{{/* CPUs that a server may use, rounded up. 0: there is no limit. */}}
{{- define "provisioning.cpus" -}}
{{- divf (include "provisioning.cpuMillis" .Values.resources.limits.cpu | float64) 1000 | ceil | int -}}
{{- end }}

{{/* Threads that hash the passwords of imports. */}}
{{- define "provisioning.hashThreads" -}}
{{- if .Values.hashing.threads -}}
{{- int .Values.hashing.threads -}}
{{- else -}}
{{- include "provisioning.cpus" . -}}
{{- end -}}
{{- end }}

{{/* m of the cost of one hash, in MiB, rounded up. */}}
{{- define "provisioning.hashMebibytes" -}}
{{- $kibibytes := regexFind "m=[0-9]+" .Values.hashing.cost | trimPrefix "m=" | float64 -}}
{{- divf $kibibytes 1024 | ceil | int -}}
{{- end }}

{{/* Sign-ins at a time: one for each CPU, at least 4. */}}
{{- define "provisioning.signIns" -}}
{{- max 4 (include "provisioning.cpus" . | int) -}}
{{- end }}

{{/* What a server needs, in MiB: 512 for 1,000 streams, and its hashes under way. */}}
{{- define "provisioning.mebibytesNeeded" -}}
{{- $hashing := mul (include "provisioning.hashThreads" . | int) (include "provisioning.hashMebibytes" . | int) -}}
{{- add 512 $hashing (mul 128 (include "provisioning.signIns" . | int)) -}}
{{- end }}

{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* What is wrong with the values, a sentence each, all at once; each says what to do. */}}
{{- define "provisioning.wrong" -}}
{{- with .Values.store -}}
{{- if eq .kind "sqlite" -}}
{{- if .postgres.existingSecret }}
store.kind is sqlite, and store.postgres.existingSecret names a database: set store.kind=postgres, or take the Secret out.
{{- end -}}
{{- if ne (int $.Values.replicas) 1 }}
replicas is {{ $.Values.replicas }}, and an SQLite file has one server: set replicas=1, or store.kind=postgres with store.postgres.existingSecret.
{{- end -}}
{{- if $.Values.autoscaling.enabled }}
autoscaling.enabled is on, and an SQLite file has one server: turn it off, or set store.kind=postgres with store.postgres.existingSecret.
{{- end -}}
{{- else -}}
{{- if not .postgres.existingSecret }}
store.kind is postgres, and no database is named: put its URL into a Secret and set store.postgres.existingSecret to that Secret's name.
{{- end -}}
{{- if .sqlite.existingClaim }}
store.kind is postgres, and store.sqlite.existingClaim names a volume: set store.kind=sqlite, or take the claim out.
{{- end -}}
{{- end -}}
{{- end -}}
{{- with .Values.tls -}}
{{- if not (or .existingSecret .certManager.enabled) }}
There is no TLS, and only loopback may be served without: set tls.existingSecret to a Secret with tls.crt, tls.key and ca.crt, or tls.certManager.enabled=true with tls.certManager.issuerRef.name.
{{- end -}}
{{- if and .existingSecret .certManager.enabled }}
tls.existingSecret and tls.certManager.enabled are both set: keep one, the other takes its place.
{{- end -}}
{{- if and .certManager.enabled (not .certManager.issuerRef.name) }}
tls.certManager.enabled is on without an issuer: set tls.certManager.issuerRef.name to the Issuer that signs the servers' certificate.
{{- end -}}
{{- if and .clientCa.existingSecret .clientCa.existingConfigMap }}
tls.clientCa names a Secret and a ConfigMap: keep the one that holds the certificates that vouch for callers.
{{- end -}}
{{- end -}}
{{- with .Values.policy -}}
{{- if not (or .callers .existingConfigMap) }}
There is no policy, so every caller would be refused: write who may do what into policy.callers, or set policy.existingConfigMap to a ConfigMap with policy.json.
{{- end -}}
{{- if and .callers .existingConfigMap }}
policy.callers and policy.existingConfigMap are both set: keep one, the other takes its place.
{{- end -}}
{{- end -}}
{{- $drain := add (int .Values.drain.delaySeconds) (int .Values.drain.timeoutSeconds) -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int (add $drain 5)) }}
terminationGracePeriodSeconds is {{ .Values.terminationGracePeriodSeconds }}, so a server would be killed before it has drained: set it to at least {{ add $drain 5 }}, which is drain.delaySeconds and drain.timeoutSeconds and 5 to spare.
{{- end -}}
{{- $threads := include "provisioning.hashThreads" . | int -}}
{{- if not $threads }}
resources.limits.cpu is not set, so the number of hashing threads cannot be told: set it, or hashing.threads.
{{- end -}}
{{- $needed := include "provisioning.mebibytesNeeded" . | int -}}
{{- $memory := include "provisioning.mebibytes" .Values.resources.limits.memory | float64 -}}
{{- if lt $memory (float64 $needed) }}
resources.limits.memory is {{ .Values.resources.limits.memory | default "not set" }}, and a server would be killed at work: set it to at least {{ $needed }}Mi, which is 512Mi, {{ include "provisioning.hashMebibytes" . }}Mi (hashing.cost) for each of {{ $threads }} hashing threads, and 128Mi for each of {{ include "provisioning.signIns" . }} sign-ins at a time; or lower hashing.threads or resources.limits.cpu.
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}
autoscaling.minReplicas is {{ .Values.autoscaling.minReplicas }} and more than autoscaling.maxReplicas: set it to at most {{ .Values.autoscaling.maxReplicas }}.
{{- end -}}
{{- if and .Values.loadTest.enabled (not .Values.clientTls.existingSecret) }}
loadTest.enabled is on, and the load test has no certificate to call with: set clientTls.existingSecret to a Secret with tls.crt, tls.key and ca.crt, and let the policy allow that caller.
{{- end -}}
{{- if and .Values.metrics.serviceMonitor.enabled (not .Values.metrics.enabled) }}
metrics.serviceMonitor.enabled is on, and there are no metrics to read: set metrics.enabled=true, or turn it off.
{{- end -}}
{{- $own := regexFindAll "--[a-z-]+" (include "provisioning.serverFlags" .) -1 -}}
{{- range .Values.extraArgs -}}
{{- $flag := regexFind "^--[a-z-]+" . -}}
{{- if has $flag $own }}
extraArgs has {{ $flag }}, which the chart sets itself: use the value that the README names for it.
{{- end -}}
{{- if has $flag (list "--insecure-loopback" "--store" "--store-file") }}
extraArgs has {{ $flag }}, which would contradict what the chart sets: take it out.
{{- end -}}
{{- end -}}
{{- end }}

{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* What is wrong with the values, a sentence each, all at once; each says what to do. */}}
{{- define "provisioning.wrong" -}}
{{- $name := include "provisioning.name" . -}}
{{- if not (regexMatch "^[a-z]([a-z0-9-]*[a-z0-9])?$" $name) }}
{{ $name }} cannot be the name of a Service: set fullnameOverride to small letters, digits and -, a letter first.
{{- end -}}
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
{{- with .certManager -}}
{{- if and .enabled (ge (include "provisioning.seconds" .renewBefore | float64) (include "provisioning.seconds" .duration | float64)) }}
tls.certManager.renewBefore is {{ .renewBefore }}, and a certificate works for {{ .duration }}: set it to less than tls.certManager.duration.
{{- end -}}
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
{{- $spare := ternary 5 20 (eq .Values.store.kind "sqlite") -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int (add $drain $spare)) }}
terminationGracePeriodSeconds is {{ .Values.terminationGracePeriodSeconds }}, so a server would be killed before it has drained: set it to at least {{ add $drain $spare }}, which is drain.delaySeconds and drain.timeoutSeconds and {{ $spare }} to spare.
{{- end -}}
{{- if not (include "provisioning.cpus" . | int) }}
resources.limits.cpu is not set, and a server would verify as many passwords at a time as its node has CPUs, whose memory cannot be told: set it.
{{- else -}}
{{- $threads := include "provisioning.hashThreads" . | int -}}
{{- $needed := include "provisioning.mebibytesNeeded" . | int -}}
{{- $memory := include "provisioning.mebibytes" .Values.resources.limits.memory | float64 -}}
{{- if lt $memory (float64 $needed) }}
resources.limits.memory is {{ .Values.resources.limits.memory | default "not set" }}, and a server would be killed at work: set it to at least {{ $needed }}Mi, which is 512Mi, {{ include "provisioning.hashMebibytes" . }}Mi (hashing.cost) for each of {{ $threads }} hashing threads, and 128Mi for each of {{ include "provisioning.signIns" . }} sign-ins at a time; or lower hashing.threads or resources.limits.cpu.
{{- end -}}
{{- end -}}
{{- if and (eq .Values.service.type "LoadBalancer") .Values.networkPolicy.enabled (not .Values.networkPolicy.callers) }}
service.type is LoadBalancer, and networkPolicy.callers is empty, so nobody outside the namespace would reach a server: set networkPolicy.callers to those who call, an ipBlock for those outside the cluster.
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}
autoscaling.minReplicas is {{ .Values.autoscaling.minReplicas }} and more than autoscaling.maxReplicas: set it to at most {{ .Values.autoscaling.maxReplicas }}.
{{- end -}}
{{- if and .Values.loadTest.enabled (not .Values.clientTls.existingSecret) }}
loadTest.enabled is on, and the load test has no certificate to call with: set clientTls.existingSecret to a Secret with tls.crt, tls.key and ca.crt, and let the policy allow that caller.
{{- end -}}
{{- if .Values.loadTest.enabled -}}
{{- $needed := include "provisioning.seconds" .Values.loadTest.duration | int | add 60 -}}
{{- if lt (int .Values.loadTest.deadlineSeconds) (int $needed) }}
loadTest.deadlineSeconds is {{ int .Values.loadTest.deadlineSeconds }}, so the load test would be given up before it ends: set it to at least {{ $needed }}, which is loadTest.duration and 60 to spare.
{{- end -}}
{{- end -}}
{{- with .Values.metrics -}}
{{- $metrics := . -}}
{{- range $reader := list "serviceMonitor" "prometheusRule" "dashboard" -}}
{{- if and (get $metrics $reader).enabled (not $metrics.enabled) }}
metrics.{{ $reader }}.enabled is on, and there are no metrics to read: set metrics.enabled=true, or turn it off.
{{- end -}}
{{- end -}}
{{- if and .prometheusRule.enabled (not (or .serviceMonitor.enabled .prometheusRule.matchers)) }}
metrics.prometheusRule.enabled is on, and nothing says which series are this release's: set metrics.serviceMonitor.enabled=true, or metrics.prometheusRule.matchers if something else has Prometheus read them.
{{- end -}}
{{- end -}}
{{- $labels := include "provisioning.labels" (list . "server") | fromYaml -}}
{{- range $path, $more := dict "podLabels" .Values.podLabels "metrics.serviceMonitor.labels" .Values.metrics.serviceMonitor.labels "metrics.prometheusRule.labels" .Values.metrics.prometheusRule.labels "metrics.dashboard.labels" .Values.metrics.dashboard.labels -}}
{{- range $label, $_ := $more -}}
{{- if hasKey $labels $label }}
{{ $path }} has {{ $label }}, which the chart sets itself: take it out.
{{- end -}}
{{- end -}}
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

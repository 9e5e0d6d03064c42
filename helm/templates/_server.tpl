{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* Where the servers' certificate is. */}}
{{- define "provisioning.tlsSecret" -}}
{{- .Values.tls.existingSecret | default (printf "%s-tls" (include "provisioning.name" .)) -}}
{{- end }}

{{- define "provisioning.serverFlags" -}}
- --listen={{ .Values.listenHost }}:7443
{{- if eq .Values.store.kind "sqlite" }}
- --store=sqlite:/var/lib/provisiond/clients.db
{{- else }}
- --store-file=/etc/provisiond/store/{{ .Values.store.postgres.key }}
{{- end }}
- --tls-cert=/etc/provisiond/tls/tls.crt
- --tls-key=/etc/provisiond/tls/tls.key
{{- with .Values.tls.clientCa }}
{{- if or .existingSecret .existingConfigMap }}
- --tls-client-ca=/etc/provisiond/client-ca/{{ .key }}
{{- else }}
- --tls-client-ca=/etc/provisiond/tls/{{ .key }}
{{- end }}
{{- end }}
- --policy=/etc/provisiond/policy/policy.json
- --health-listen={{ .Values.listenHost }}:8081
{{- if .Values.metrics.enabled }}
- --metrics-listen={{ .Values.listenHost }}:9464
{{- end }}
- --log-format={{ .Values.logFormat }}
- --hash-threads={{ include "provisioning.hashThreads" . }}
- --hash-cost={{ .Values.hashing.cost }}
- --drain-delay={{ .Values.drain.delaySeconds }}
- --drain-timeout={{ .Values.drain.timeoutSeconds }}
{{- with .Values.edge }}
{{- if not (kindIs "invalid" .connectionsMax) }}
- --connections-max={{ int .connectionsMax }}
{{- end }}
{{- if not (kindIs "invalid" .streamIdleTimeoutSeconds) }}
- --stream-idle-timeout={{ int .streamIdleTimeoutSeconds }}
{{- end }}
{{- if .reflection }}
- --reflection
{{- end }}
{{- if .channelz }}
- --channelz
{{- end }}
{{- end }}
{{- end }}

{{/* What every pod of the chart is held to. */}}
{{- define "provisioning.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* And every container. */}}
{{- define "provisioning.container" -}}
image: {{ include "provisioning.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "provisioning.serverPod" -}}
metadata:
  labels: {{ include "provisioning.labels" (list . "server") | nindent 4 }}
{{- with .Values.podLabels }}{{ toYaml . | nindent 4 }}{{ end }}
{{- with .Values.podAnnotations }}
  annotations: {{ toYaml . | nindent 4 }}
{{- end }}
spec:
  {{- include "provisioning.podSecurity" . | nindent 2 }}
  serviceAccountName: {{ include "provisioning.serviceAccount" . }}
  terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
  {{- include "provisioning.placement" . | nindent 2 }}
  containers:
    - name: provisiond
      {{- include "provisioning.container" . | nindent 6 }}
      command: [provisiond]
      args:
        - serve
        {{- include "provisioning.serverFlags" . | nindent 8 }}
        {{- with .Values.extraArgs }}{{ toYaml . | nindent 8 }}{{ end }}
      ports:
        - {name: grpc, containerPort: 7443}
        - {name: health, containerPort: 8081}
        {{- if .Values.metrics.enabled }}
        - {name: metrics, containerPort: 9464}
        {{- end }}
      startupProbe:  # A store of many clients is migrated as it opens.
        grpc: {port: 8081, service: liveness}
        periodSeconds: 2
        failureThreshold: {{ divf .Values.startupSeconds 2 | ceil | int }}
      livenessProbe:
        grpc: {port: 8081, service: liveness}
        periodSeconds: 10
        timeoutSeconds: 5
      readinessProbe:
        grpc: {port: 8081}
        periodSeconds: 5
        timeoutSeconds: 5
        failureThreshold: 2
      resources: {{ toYaml .Values.resources | nindent 8 }}
      volumeMounts:
        {{- if eq .Values.store.kind "sqlite" }}
        - {name: data, mountPath: /var/lib/provisiond}
        {{- else }}
        - {name: store, mountPath: /etc/provisiond/store, readOnly: true}
        {{- end }}
        - {name: tls, mountPath: /etc/provisiond/tls, readOnly: true}
        {{- with .Values.tls.clientCa }}
        {{- if or .existingSecret .existingConfigMap }}
        - {name: client-ca, mountPath: /etc/provisiond/client-ca, readOnly: true}
        {{- end }}
        {{- end }}
        - {name: policy, mountPath: /etc/provisiond/policy, readOnly: true}
  volumes:
    {{- if eq .Values.store.kind "postgres" }}
    - {name: store, secret: {secretName: {{ .Values.store.postgres.existingSecret }}, defaultMode: 0440}}
    {{- else if .Values.store.sqlite.existingClaim }}
    - {name: data, persistentVolumeClaim: {claimName: {{ .Values.store.sqlite.existingClaim }}}}
    {{- end }}
    - {name: tls, secret: {secretName: {{ include "provisioning.tlsSecret" . }}, defaultMode: 0440}}
    {{- with .Values.tls.clientCa }}
    {{- if .existingSecret }}
    - {name: client-ca, secret: {secretName: {{ .existingSecret }}, defaultMode: 0440}}
    {{- else if .existingConfigMap }}
    - {name: client-ca, configMap: {name: {{ .existingConfigMap }}}}
    {{- end }}
    {{- end }}
    # Folders, not subPath: a change of them reaches the server.
    - {name: policy, configMap: {name: {{ include "provisioning.policyConfigMap" . }}}}
{{- end }}

{{- define "provisioning.policyConfigMap" -}}
{{- .Values.policy.existingConfigMap | default (printf "%s-policy" (include "provisioning.name" .)) -}}
{{- end }}

{{- define "provisioning.placement" -}}
{{- with .Values.priorityClassName -}}
priorityClassName: {{ . }}
{{ end -}}
{{- with .Values.nodeSelector -}}
nodeSelector: {{ toYaml . | nindent 2 }}
{{ end -}}
{{- with .Values.tolerations -}}
tolerations: {{ toYaml . | nindent 2 }}
{{ end -}}
affinity:
{{- with .Values.affinity }}
  {{- toYaml . | nindent 2 }}
{{- else }}
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels: {{ include "provisioning.selector" (list . "server") | nindent 14 }}
{{- end }}
topologySpreadConstraints:
{{- with .Values.topologySpreadConstraints }}
  {{- toYaml . | nindent 2 }}
{{- else }}
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "provisioning.selector" (list . "server") | nindent 8 }}
{{- end }}
{{- end }}

{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{- define "provisioning.clientTlsFlags" -}}
- --cacert=/etc/provision/tls/ca.crt
- --cert=/etc/provision/tls/tls.crt
- --key=/etc/provision/tls/tls.key
{{- end }}

{{- define "provisioning.clientTlsMount" -}}
- {name: tls, mountPath: /etc/provision/tls, readOnly: true}
{{- end }}

{{- define "provisioning.clientTlsVolume" -}}
- {name: tls, secret: {secretName: {{ .Values.clientTls.existingSecret }}, defaultMode: 0440}}
{{- end }}

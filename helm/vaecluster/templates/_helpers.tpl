{{/* Names and labels. */}}
{{- define "vaecluster.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "vaecluster.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- $name := include "vaecluster.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{/* Selector labels, which never change during the life of a release. */}}
{{- define "vaecluster.selectorLabels" -}}
app.kubernetes.io/name: {{ include "vaecluster.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "vaecluster.labels" -}}
{{ include "vaecluster.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels that are the same on every silo, whatever its role, for tools that know Orleans. Never part of a selector. */}}
{{- define "vaecluster.orleansLabels" -}}
orleans/serviceId: {{ include "vaecluster.serviceId" . | quote }}
orleans/clusterId: {{ .Values.cluster.id | quote }}
{{- end }}

{{- define "vaecluster.serviceId" -}}
{{- default .Values.cluster.id .Values.cluster.serviceId }}
{{- end }}

{{- define "vaecluster.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "vaecluster.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* Secrets. */}}
{{- define "vaecluster.hasOwnPostgres" -}}
{{- if and .Values.postgresql.enabled (not .Values.database.existingSecret) }}true{{ end }}
{{- end }}

{{- define "vaecluster.postgresSecret" -}}
{{- default (printf "%s-postgresql" (include "vaecluster.fullname" .)) .Values.postgresql.existingSecret }}
{{- end }}

{{- define "vaecluster.tokenSecret" -}}
{{- default (printf "%s-token" (include "vaecluster.fullname" .)) .Values.auth.existingSecret }}
{{- end }}

{{/* Claims. */}}
{{- define "vaecluster.runsClaim" -}}
{{- default (printf "%s-runs" (include "vaecluster.fullname" .)) .Values.storage.runs.existingClaim }}
{{- end }}

{{- define "vaecluster.dataClaim" -}}
{{- if .Values.storage.data.existingClaim }}
{{- .Values.storage.data.existingClaim }}
{{- else if .Values.storage.data.size }}
{{- printf "%s-data" (include "vaecluster.fullname" .) }}
{{- end }}
{{- end }}

{{/* Images. */}}
{{- define "vaecluster.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}

{{- define "vaecluster.workerImage" -}}
{{- if gt (int .Values.worker.gpu.count) 0 }}
{{- printf "%s:%s" .Values.image.repository (default (printf "%s-cuda" (default .Chart.AppVersion .Values.image.tag)) .Values.image.cudaTag) }}
{{- else }}
{{- include "vaecluster.image" . }}
{{- end }}
{{- end }}

{{- define "vaecluster.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The security context of every pod that runs our images. */}}
{{- define "vaecluster.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "vaecluster.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* The address of the database. */}}
{{- define "vaecluster.databaseEnv" -}}
{{- if .Values.database.existingSecret }}
- name: VAECLUSTER_DATABASE
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret }}
      key: {{ .Values.database.key }}
{{- else }}
- name: POSTGRES_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "vaecluster.postgresSecret" . }}
      key: password
- name: VAECLUSTER_DATABASE
  value: Host={{ include "vaecluster.fullname" . }}-postgresql;Database=vaecluster;Username=vaecluster;Password=$(POSTGRES_PASSWORD)
{{- end }}
{{- end }}

{{/* The environment of every silo. */}}
{{- define "vaecluster.siloEnv" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: ORLEANS_CLUSTER_ID
  value: {{ .Values.cluster.id | quote }}
- name: ORLEANS_SERVICE_ID
  value: {{ include "vaecluster.serviceId" . | quote }}
{{ include "vaecluster.databaseEnv" . }}
- name: DOTNET_SHUTDOWNTIMEOUTSECONDS
  value: {{ .Values.cluster.grace | quote }}
- name: VAECLUSTER_LEASE
  value: {{ .Values.cluster.lease | quote }}
- name: VAECLUSTER_URLS
  value: http://*:{{ .Values.ports.http }}
- name: VAECLUSTER_SILO_PORT
  value: {{ .Values.ports.silo | quote }}
- name: VAECLUSTER_TENSOR_PORT
  value: {{ .Values.ports.tensor | quote }}
- name: VAECLUSTER_DATA
  value: /data
{{- if .Values.cluster.mixedArithmetic }}
- name: VAECLUSTER_MIXED_ARITHMETIC
  value: "true"
{{- end }}
{{- if .Values.cluster.verbose }}
- name: VAECLUSTER_VERBOSE
  value: "true"
{{- end }}
- name: VAECLUSTER_LOG_FORMAT
  value: {{ .Values.cluster.logFormat }}
{{- with .Values.metrics.otlp }}
- name: VAECLUSTER_OTLP
  value: {{ . }}
{{- end }}
{{- if .Values.tls.existingSecret }}
- name: VAECLUSTER_CERTIFICATE
  value: /tls/tls.crt
- name: VAECLUSTER_CERTIFICATE_KEY
  value: /tls/tls.key
- name: VAECLUSTER_CERTIFICATE_AUTHORITY
  value: /tls/ca.crt
{{- end }}
{{- end }}

{{- define "vaecluster.probes" -}}
startupProbe:
  httpGet:
    path: /health/live
    port: http
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 60
livenessProbe:
  httpGet:
    path: /health/live
    port: http
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    path: /health/ready
    port: http
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
{{- end }}

{{- define "vaecluster.siloMounts" -}}
- name: tmp
  mountPath: /tmp
- name: data
  mountPath: /data
  readOnly: true
{{- if .Values.tls.existingSecret }}
- name: tls
  mountPath: /tls
  readOnly: true
{{- end }}
{{- end }}

{{- define "vaecluster.siloVolumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ .Values.storage.temporarySize }}
- name: data
{{- with include "vaecluster.dataClaim" . }}
  persistentVolumeClaim:
    claimName: {{ . }}
{{- else }}
  emptyDir: {}
{{- end }}
{{- if .Values.tls.existingSecret }}
- name: tls
  secret:
    secretName: {{ .Values.tls.existingSecret }}
    defaultMode: 288 # 0440
{{- end }}
{{- end }}

{{/* Migrates the database before a silo starts. If the chart runs PostgreSQL, no hook could run between its start and that of the silos. */}}
{{- define "vaecluster.migrateFirst" -}}
{{- if include "vaecluster.hasOwnPostgres" . }}
initContainers:
  - name: migrate
    image: {{ include "vaecluster.image" . }}
    imagePullPolicy: {{ .Values.image.pullPolicy }}
    args: [migrate, --wait, {{ .Values.database.migration.wait | quote }}]
    env:
      {{- include "vaecluster.databaseEnv" . | nindent 6 }}
    securityContext:
      {{- include "vaecluster.containerSecurity" . | nindent 6 }}
    resources:
      {{- toYaml .Values.submit.resources | nindent 6 }}
    volumeMounts:
      - name: tmp
        mountPath: /tmp
{{- end }}
{{- end }}

{{/* Scheduling of pods. Takes a list: the root, the silos' values, the component. */}}
{{- define "vaecluster.placement" -}}
{{- $root := index . 0 }}
{{- $silos := index . 1 }}
{{- $component := index . 2 }}
{{- with $silos.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $silos.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $silos.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $silos.topologySpread.enabled }}
topologySpreadConstraints:
  - maxSkew: {{ $silos.topologySpread.maxSkew }}
    topologyKey: {{ $silos.topologySpread.topologyKey }}
    whenUnsatisfiable: {{ $silos.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "vaecluster.selectorLabels" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $component }}
{{- end }}
{{- end }}

{{/* A pod's labels. Takes the same list. */}}
{{- define "vaecluster.podLabels" -}}
{{- $root := index . 0 }}
{{- $silos := index . 1 }}
{{- include "vaecluster.labels" $root }}
app.kubernetes.io/component: {{ index . 2 }}
{{ include "vaecluster.siloSelector" $root }}
{{ include "vaecluster.orleansLabels" $root }}
{{- with $silos.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Checks that the schema cannot express: values that contradict each other. */}}
{{- define "vaecluster.validate" -}}
{{- $v := .Values }}
{{- if not (or $v.database.existingSecret $v.postgresql.enabled) }}
{{- fail "database.existingSecret: is required if postgresql.enabled is false: the Secret with the address of a PostgreSQL" }}
{{- end }}
{{- if and (gt (int $v.server.replicas) 1) (ne $v.storage.runs.accessMode "ReadWriteMany") (not $v.storage.runs.existingClaim) }}
{{- fail (printf "storage.runs.accessMode is '%s': server.replicas is %d and servers share the folder of runs, so ReadWriteMany is required" $v.storage.runs.accessMode (int $v.server.replicas)) }}
{{- end }}
{{- if $v.worker.autoscaling.enabled }}
{{- if gt (int $v.worker.autoscaling.minReplicas) (int $v.worker.autoscaling.maxReplicas) }}
{{- fail (printf "worker.autoscaling.minReplicas is %d: at most worker.autoscaling.maxReplicas, %d" (int $v.worker.autoscaling.minReplicas) (int $v.worker.autoscaling.maxReplicas)) }}
{{- end }}
{{- if and (gt (int $v.worker.gpu.count) 0) (not $v.worker.autoscaling.metrics) }}
{{- fail "worker.autoscaling.metrics: is required with GPUs, since CPU utilisation says nothing about them" }}
{{- end }}
{{- end }}
{{- if and (eq (toString $v.worker.update.maxSurge) "0") (eq (toString $v.worker.update.maxUnavailable) "0") }}
{{- fail "worker.update.maxUnavailable is '0': must be at least 1 if worker.update.maxSurge is 0, or no update could make progress" }}
{{- end }}
{{- if and $v.ingress.enabled (not $v.ingress.host) }}
{{- fail "ingress.host: is required if ingress.enabled is true: the host name of the API" }}
{{- end }}
{{- if and $v.auth.viewerKey (eq $v.auth.viewerKey $v.auth.key) }}
{{- fail (printf "auth.viewerKey is '%s': must differ from auth.key, since viewers need a separate token" $v.auth.viewerKey) }}
{{- end }}
{{- $ports := list (int $v.ports.http) (int $v.ports.silo) (int $v.ports.gateway) (int $v.ports.tensor) | uniq }}
{{- if ne (len $ports) 4 }}
{{- fail "ports: http, silo, gateway and tensor must all differ" }}
{{- end }}
{{- end }}

{{/* The label that servers and workers have, and no other pods. */}}
{{- define "vaecluster.siloSelector" -}}
vaecluster/silo: "true"
{{- end }}

{{/* Pods that call the API with the image's command line. */}}
{{- define "vaecluster.clientPod" -}}
serviceAccountName: {{ include "vaecluster.serviceAccountName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- include "vaecluster.pullSecrets" . }}
securityContext:
  {{- include "vaecluster.podSecurity" . | nindent 2 }}
{{- end }}

{{- define "vaecluster.clientMounts" -}}
- name: token
  mountPath: /token
  readOnly: true
- name: tmp
  mountPath: /tmp
{{- end }}

{{- define "vaecluster.clientVolumes" -}}
- name: token
  secret:
    secretName: {{ include "vaecluster.tokenSecret" . }}
    defaultMode: 288 # 0440
- name: tmp
  emptyDir:
    sizeLimit: {{ .Values.storage.temporarySize }}
{{- end }}

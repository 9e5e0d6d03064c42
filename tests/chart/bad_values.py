# SPDX-License-Identifier: Apache-2.0
"""Values that cannot work, and what is said of them: (topology, settings, sentence)."""

BAD_VALUES = [
    ("embedded", ["replicas=2"],
     "replicas is 2, and an SQLite file has one server: set replicas=1, or store.kind=postgres"
     " with store.postgres.existingSecret."),
    ("embedded", ["autoscaling.enabled=true"],
     "autoscaling.enabled is on, and an SQLite file has one server: turn it off, or set"
     " store.kind=postgres with store.postgres.existingSecret."),
    ("embedded", ["store.postgres.existingSecret=database"],
     "store.kind is sqlite, and store.postgres.existingSecret names a database: set"
     " store.kind=postgres, or take the Secret out."),
    ("postgres", ["store.postgres.existingSecret="],
     "store.kind is postgres, and no database is named: put its URL into a Secret and set"
     " store.postgres.existingSecret to that Secret's name."),
    ("postgres", ["store.sqlite.existingClaim=clients"],
     "store.kind is postgres, and store.sqlite.existingClaim names a volume: set"
     " store.kind=sqlite, or take the claim out."),
    ("embedded", ["tls.existingSecret="],
     "There is no TLS, and only loopback may be served without: set tls.existingSecret to a"
     " Secret with tls.crt, tls.key and ca.crt, or tls.certManager.enabled=true with"
     " tls.certManager.issuerRef.name."),
    ("postgres-cert-manager", ["tls.existingSecret=tls"],
     "tls.existingSecret and tls.certManager.enabled are both set: keep one, the other takes its"
     " place."),
    ("postgres-cert-manager", ["tls.certManager.issuerRef.name="],
     "tls.certManager.enabled is on without an issuer: set tls.certManager.issuerRef.name to the"
     " Issuer that signs the servers' certificate."),
    ("postgres", ["tls.clientCa.existingSecret=authority"],
     "tls.clientCa names a Secret and a ConfigMap: keep the one that holds the certificates that"
     " vouch for callers."),
    ("embedded", ["policy.callers=null"],
     "There is no policy, so every caller would be refused: write who may do what into"
     " policy.callers, or set policy.existingConfigMap to a ConfigMap with policy.json."),
    ("embedded", ["policy.existingConfigMap=callers"],
     "policy.callers and policy.existingConfigMap are both set: keep one, the other takes its"
     " place."),
    ("postgres-cert-manager", ["tls.certManager.duration=48h"],
     "tls.certManager.renewBefore is 720h, and a certificate works for 48h: set it to less than"
     " tls.certManager.duration."),
    ("postgres-cert-manager",
     ["tls.certManager.duration=1h30m", "tls.certManager.renewBefore=5400s"],
     "tls.certManager.renewBefore is 5400s, and a certificate works for 1h30m:"),
    ("embedded", ["terminationGracePeriodSeconds=17"],
     "terminationGracePeriodSeconds is 17, so a server would be killed before it has drained:"
     " set it to at least 18, which is drain.delaySeconds and drain.timeoutSeconds and 5 to"
     " spare."),
    ("postgres", ["terminationGracePeriodSeconds=32"],
     "terminationGracePeriodSeconds is 32, so a server would be killed before it has drained:"
     " set it to at least 33, which is drain.delaySeconds and drain.timeoutSeconds and 20 to"
     " spare."),
    ("embedded", ["drain.timeoutSeconds=60"],
     "terminationGracePeriodSeconds is 40, so a server would be killed before it has drained:"
     " set it to at least 70,"),
    ("embedded", ["resources.limits.memory=1037Mi"],
     "resources.limits.memory is 1037Mi, and a server would be killed at work: set it to at least"
     " 1038Mi, which is 512Mi, 7Mi (hashing.cost) for each of 2 hashing threads, and 128Mi for"
     " each of 4 sign-ins at a time; or lower hashing.threads or resources.limits.cpu."),
    ("embedded", ["hashing.cost=m=47104\\,t=1", "hashing.threads=64", "resources.limits.cpu=64"],
     "set it to at least 11648Mi, which is 512Mi, 46Mi (hashing.cost) for each of 64 hashing"
     " threads, and 128Mi for each of 64 sign-ins at a time;"),
    ("embedded", ["resources.limits.memory=null"],
     "resources.limits.memory is not set, and a server would be killed at work: set it to at least"
     " 1038Mi,"),
    ("embedded", ["resources.limits.cpu=null"],
     "resources.limits.cpu is not set, and a server would verify as many passwords at a time as its"
     " node has CPUs, whose memory cannot be told: set it."),
    ("embedded", ["resources.limits.cpu=null", "hashing.threads=2"],
     "resources.limits.cpu is not set, and a server would verify"),
    ("postgres-cert-manager", ["autoscaling.minReplicas=7"],
     "autoscaling.minReplicas is 7 and more than autoscaling.maxReplicas: set it to at most 6."),
    ("load-test", ["clientTls.existingSecret="],
     "loadTest.enabled is on, and the load test has no certificate to call with: set"
     " clientTls.existingSecret to a Secret with tls.crt, tls.key and ca.crt, and let the policy"
     " allow that caller."),
    ("load-test", ["loadTest.duration=1h", "loadTest.deadlineSeconds=3659"],
     "loadTest.deadlineSeconds is 3659, so the load test would be given up before it ends: set it"
     " to at least 3660, which is loadTest.duration and 60 to spare."),
    ("embedded", ["service.type=LoadBalancer"],
     "service.type is LoadBalancer, and networkPolicy.callers is empty, so nobody outside the"
     " namespace would reach a server: set networkPolicy.callers to those who call, an ipBlock for"
     " those outside the cluster."),
    ("postgres-cert-manager", ["metrics.enabled=false"],
     "metrics.serviceMonitor.enabled is on, and there are no metrics to read: set"
     " metrics.enabled=true, or turn it off."),
    ("embedded", ["metrics.enabled=false", "metrics.prometheusRule.enabled=true"],
     "metrics.prometheusRule.enabled is on, and there are no metrics to read:"),
    ("embedded", ["metrics.enabled=false", "metrics.dashboard.enabled=true"],
     "metrics.dashboard.enabled is on, and there are no metrics to read:"),
    ("embedded", ["metrics.prometheusRule.enabled=true"],
     "metrics.prometheusRule.enabled is on, and nothing says which series are this release's: set"
     " metrics.serviceMonitor.enabled=true, or metrics.prometheusRule.matchers if something else"
     " has Prometheus read them."),
    ("embedded", ["fullnameOverride=my.app"],
     "my.app cannot be the name of a Service: set fullnameOverride to small letters, digits and -,"
     " a letter first."),
    ("embedded", ["fullnameOverride=1app"], "1app cannot be the name of a Service:"),
    ("embedded", ["podLabels.app\\.kubernetes\\.io/component=other"],
     "podLabels has app.kubernetes.io/component, which the chart sets itself: take it out."),
    ("postgres-cert-manager",
     ["metrics.serviceMonitor.labels.app\\.kubernetes\\.io/name=other"],
     "metrics.serviceMonitor.labels has app.kubernetes.io/name, which the chart sets itself:"),
    ("embedded", ["extraArgs={--listen=0.0.0.0:1}"],
     "extraArgs has --listen, which the chart sets itself: use the value that the README names for"
     " it."),
    ("embedded", ["extraArgs={--insecure-loopback}"],
     "extraArgs has --insecure-loopback, which would contradict what the chart sets: take it out."),
    # What the schema says.
    ("embedded", ["replcas=1"], "additional properties 'replcas' not allowed"),
    ("embedded", ["store.kind=mysql"], "value must be one of 'sqlite', 'postgres'"),
    ("embedded", ["hashing.cost=m=1024\\,t=1"], "at '/hashing/cost': value must be one of"),
    ("embedded", ["image.digest=latest"], "at '/image/digest': 'latest' does not match pattern"),
    ("embedded", ["resources.limits.memory=1Go"], "at '/resources/limits/memory': '1Go' does not"),
    ("embedded", ["policy.callers.someone.verbs={import}"], "missing property 'organizations'"),
    ("embedded", ["resources=null"], "missing property 'resources'"),
    ("embedded", ["resources.limits=null"], "at '/resources': missing property 'limits'"),
    ("embedded", ["hashing=null"], "missing property 'hashing'"),
    ("postgres-cert-manager", ["metrics.prometheusRule.matchers=job=provisioning"],
     "at '/metrics/prometheusRule/matchers': 'job=provisioning' does not match pattern"),
    ("load-test", ["loadTest.replays=2"], "at '/loadTest/replays': maximum: got 2, want 1"),
]  # fmt: skip

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
    ("embedded", ["terminationGracePeriodSeconds=17"],
     "terminationGracePeriodSeconds is 17, so a server would be killed before it has drained:"
     " set it to at least 18, which is drain.delaySeconds and drain.timeoutSeconds and 5 to"
     " spare."),
    ("embedded", ["drain.timeoutSeconds=60"],
     "terminationGracePeriodSeconds is 30, so a server would be killed before it has drained:"
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
     "resources.limits.cpu is not set, so the number of hashing threads cannot be told: set it, or"
     " hashing.threads."),
    ("postgres-cert-manager", ["autoscaling.minReplicas=7"],
     "autoscaling.minReplicas is 7 and more than autoscaling.maxReplicas: set it to at most 6."),
    ("load-test", ["clientTls.existingSecret="],
     "loadTest.enabled is on, and the load test has no certificate to call with: set"
     " clientTls.existingSecret to a Secret with tls.crt, tls.key and ca.crt, and let the policy"
     " allow that caller."),
    ("postgres-cert-manager", ["metrics.enabled=false"],
     "metrics.serviceMonitor.enabled is on, and there are no metrics to read: set"
     " metrics.enabled=true, or turn it off."),
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
    ("load-test", ["loadTest.replays=2"], "at '/loadTest/replays': maximum: got 2, want 1"),
]  # fmt: skip

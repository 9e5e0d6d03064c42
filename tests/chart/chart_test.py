# SPDX-License-Identifier: Apache-2.0
"""What helm makes of the chart, held against Kubernetes' own schema. Needs get_tools.sh.

    python3 -B tests/chart/chart_test.py
"""

import os
import subprocess
import sys
import tempfile
import unittest

import yaml

from bad_values import BAD_VALUES
from rendering import (
    CHART, TOOLS, TOP, helm, named, objects, pod_spec, render, run, topologies, workload,
)  # fmt: skip

# What kube-score may say, and why that is meant so.
IGNORED = {
    "container-image-pull-policy": "a version's tag and a digest never come to mean another image",
}


def setUpModule():
    """The schemas, made anew: they cost nothing."""
    global schemas
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    schemas = folder.name
    subprocess.run(
        [
            sys.executable, "-B", os.path.join(TOP, "tests/chart/make_schemas.py"),
            os.path.join(TOP, "build/tools/kubernetes.json"), schemas,
        ],
        check=True,
    )  # fmt: skip


def kubeconform(manifests):
    builtin = os.path.join(schemas, "{{.ResourceKind}}{{.KindSuffix}}.json")
    custom = os.path.join(TOP, "tests/chart/custom_resources", "{{.ResourceKind}}.json")
    return run(
        os.path.join(TOOLS, "kubeconform"), "-strict", "-summary", "-schema-location", builtin,
        "-schema-location", custom, given=manifests,
    )  # fmt: skip


def kube_score(manifests):
    ignored = [word for name in IGNORED for word in ("--ignore-test", name)]
    return run(
        os.path.join(TOOLS, "kube-score"), "score", *ignored, "--output-format", "ci", "-",
        given=manifests,
    )  # fmt: skip


def default_values():
    with open(os.path.join(CHART, "values.yaml"), encoding="utf-8") as file:
        return yaml.safe_load(file)


def paths(values, above=""):
    """Of each value and section."""
    for name, value in values.items():
        yield above + name
        if isinstance(value, dict):
            yield from paths(value, f"{above}{name}.")


class Topologies(unittest.TestCase):
    def test_there_is_one_of_each_kind(self):
        wanted = ["embedded", "load-test", "postgres", "postgres-cert-manager"]
        self.assertEqual(topologies(), wanted)

    def test_lint(self):
        for topology in topologies():
            with self.subTest(topology):
                lint = helm("lint", topology, "--strict")
                self.assertEqual(lint.returncode, 0, lint.stdout + lint.stderr)

    def test_kubernetes_takes_them(self):
        for topology in topologies():
            with self.subTest(topology):
                checked = kubeconform(render(topology))
                self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
                self.assertNotIn("Valid: 0", checked.stdout)
                self.assertIn("Skipped: 0", checked.stdout)
                print(topology, checked.stdout.strip(), sep=": ")

    def test_nothing_critical(self):
        for topology in topologies():
            with self.subTest(topology):
                scored = kube_score(render(topology))
                critical = [line for line in scored.stdout.split("\n") if "[CRITICAL]" in line]
                self.assertEqual(critical, [])
                self.assertEqual(scored.returncode, 0, scored.stdout + scored.stderr)

    def test_every_container_is_restricted(self):
        for topology in topologies():
            with self.subTest(topology):
                specs = [spec for spec in map(pod_spec, objects(render(topology))) if spec]
                self.assertGreater(len(specs), 1)
                for spec in specs:
                    self.assertIs(spec["automountServiceAccountToken"], False)
                    self.assertIs(spec["securityContext"]["runAsNonRoot"], True)
                    self.assertEqual(
                        spec["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"}
                    )
                    for container in spec["containers"]:
                        security = container["securityContext"]
                        self.assertIs(security["readOnlyRootFilesystem"], True)
                        self.assertIs(security["allowPrivilegeEscalation"], False)
                        self.assertEqual(security["capabilities"], {"drop": ["ALL"]})

    def test_services_find_servers_alone(self):
        for topology in topologies():
            with self.subTest(topology):
                found = objects(render(topology))
                server = workload(found)["spec"]["template"]["metadata"]["labels"].items()
                others = [
                    one.get("spec", {}).get("template", one)["metadata"]["labels"].items()
                    for one in found
                    if one["kind"] in ("Job", "Pod")
                ]
                for service in (one for one in found if one["kind"] == "Service"):
                    selector = service["spec"]["selector"].items()
                    self.assertLessEqual(selector, server)
                    self.assertFalse(any(selector <= other for other in others))


class BrokenTwins(unittest.TestCase):
    """The checks see what they are for."""

    def test_a_misspelt_field(self):
        manifests = render("postgres")
        for right, wrong in (("livenessProbe:", "livenesProbe:"), ("egress:", "egres:")):
            self.assertIn(right, manifests)
            checked = kubeconform(manifests.replace(right, wrong))
            self.assertEqual(checked.returncode, 1)
            self.assertIn(wrong.strip(":"), checked.stdout)

    def test_a_misspelt_field_of_a_custom_resource(self):
        checked = kubeconform(render("postgres-cert-manager").replace("dnsNames:", "dnsName:"))
        self.assertEqual(checked.returncode, 1)
        self.assertIn("dnsName", checked.stdout)

    def test_an_unknown_kind(self):
        checked = kubeconform("apiVersion: v1\nkind: Deploiment\nmetadata: {name: a}\n")
        self.assertEqual(checked.returncode, 1)

    def test_a_container_without_limits(self):
        manifests = render("postgres")
        self.assertIn("readOnlyRootFilesystem: true", manifests)
        twin = manifests.replace("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false")
        self.assertIn("[CRITICAL]", kube_score(twin).stdout)


class BadValues(unittest.TestCase):
    def test_each_fails_with_its_sentence(self):
        for topology, settings, sentence in BAD_VALUES:
            with self.subTest(settings):
                more = [word for setting in settings for word in ("--set", setting)]
                rendered = helm("template", topology, *more)
                self.assertNotEqual(rendered.returncode, 0)
                self.assertIn(sentence, rendered.stderr)
                print(f"{topology} --set {' --set '.join(settings)}\n  {rendered.stderr.strip()}")

    def test_all_are_told_at_once(self):
        rendered = helm("template", "embedded", "--set", "replicas=2,tls.existingSecret=")
        self.assertIn("replicas is 2", rendered.stderr)
        self.assertIn("There is no TLS", rendered.stderr)

    def test_no_null_ends_in_a_trace(self):
        """Every value, and every section of values, once."""
        values = default_values()
        everything = "loadTest.enabled=true,clientTls.existingSecret=load-test-tls"
        for path in paths(values):
            with self.subTest(path):
                settings = f"{everything},{path}=null"
                rendered = helm("template", "postgres-cert-manager", "--set", settings)
                said = "/checks.yaml:" in rendered.stderr or "missing property" in rendered.stderr
                self.assertTrue(rendered.returncode == 0 or said, rendered.stderr)


class Derived(unittest.TestCase):
    def flags(self, topology, *settings):
        more = [word for setting in settings for word in ("--set", setting)]
        found = objects(render(topology, *more))
        return workload(found)["spec"]["template"]["spec"]["containers"][0]["args"]

    def test_hash_threads_follow_the_cpu_limit(self):
        room = "resources.limits.memory=4Gi"
        for limit, threads in (("500m", 1), ("1", 1), ("1.5", 2), ("2500m", 3), ("8", 8)):
            flags = self.flags("embedded", room, f"resources.limits.cpu={limit}")
            self.assertIn(f"--hash-threads={threads}", flags)
        self.assertIn("--hash-threads=5", self.flags("embedded", room, "hashing.threads=5"))

    def test_memory_in_any_unit(self):
        for enough in ("1038Mi", "2Gi", "1.1Gi", "1100M", "1089000000"):
            self.flags("embedded", f"resources.limits.memory={enough}")

    def test_a_server_may_take_as_long_to_start(self):
        for seconds, tries in ((300, 150), (3601, 1801)):
            found = objects(render("embedded", "--set", f"startupSeconds={seconds}"))
            [container] = pod_spec(workload(found))["containers"]
            probe = container["startupProbe"]
            self.assertEqual((probe["periodSeconds"], probe["failureThreshold"]), (2, tries))

    def test_the_load_goes_to_all_servers(self):
        job = named(objects(render("load-test")), "Job", "-load-test")
        self.assertIn(
            "--server=dns:///staging-client-provisioning-headless.accounts.svc:7443",
            pod_spec(job)["containers"][0]["args"],
        )

    def egress(self, topology, ending, *settings):
        more = [word for setting in settings for word in ("--set", setting)]
        found = objects(render(topology, *more))
        policies = [one for one in found if one["kind"] == "NetworkPolicy"]
        return named(policies, "NetworkPolicy", ending)["spec"]["egress"]

    def test_the_load_test_reaches_the_server_that_it_is_given(self):
        given = {"ports": [{"port": 9443, "protocol": "TCP"}]}
        self.assertNotIn(given, self.egress("load-test", "-caller"))
        for server in ("other.example.com:9443", "dns:///other.example.com:9443"):
            egress = self.egress("load-test", "-caller", f"loadTest.server={server}")
            self.assertIn(given, egress)

    def test_names_are_looked_up_in_the_cluster_alone(self):
        def rule(port, **to):
            return {"ports": [{"port": port, "protocol": each} for each in ("UDP", "TCP")], **to}

        system = {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}
        for ending in ("-caller", "-migrate", "staging-client-provisioning"):
            egress = self.egress("postgres", ending)
            self.assertEqual(egress[0], rule(53, to=[{"namespaceSelector": system}]))
            other = self.egress(
                "postgres", ending, "networkPolicy.dns.port=5353", "networkPolicy.dns.peers=null"
            )
            self.assertEqual(other[0], rule(5353))

    def test_the_autoscaler_alone_says_how_many(self):
        found = objects(render("postgres-cert-manager"))
        self.assertNotIn("replicas", workload(found)["spec"])
        self.assertEqual(
            named(found, "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"],
            workload(found)["metadata"]["name"],
        )

    def test_migration_can_be_turned_off(self):
        named(objects(render("postgres")), "Job", "-migrate")
        off = render("postgres", "--set", "store.postgres.migration.enabled=false")
        self.assertEqual([one for one in objects(off) if one["kind"] == "Job"], [])

    def test_what_lies_in_files_is_installed(self):
        found = objects(render("postgres-cert-manager"))
        kinds = [one["kind"] for one in found]
        rules = os.path.exists(os.path.join(CHART, "files/alerts.yaml"))
        self.assertEqual(kinds.count("PrometheusRule"), rules)
        dashboard = [one for one in found if one["metadata"]["name"].endswith("-dashboard")]
        there = os.path.exists(os.path.join(CHART, "files/dashboard.json"))
        self.assertEqual(len(dashboard), there)


class Alerts(unittest.TestCase):
    """What the chart makes of files/alerts.yaml."""

    def rules(self, topology, *settings):
        on = ["metrics.serviceMonitor.enabled=true", "metrics.prometheusRule.enabled=true"]
        more = [word for setting in (*on, *settings) for word in ("--set", setting)]
        found = objects(render(topology, *more))
        self.release_job = next(
            one["metadata"]["name"]
            for one in found
            if one["kind"] == "Service" and "metrics" in str(one["spec"]["ports"])
        )
        [group] = named(found, "PrometheusRule")["spec"]["groups"]
        return {rule["alert"]: rule for rule in group["rules"]}

    def plain(self):
        with open(os.path.join(CHART, "files/alerts.yaml"), encoding="utf-8") as file:
            [group] = yaml.safe_load(file)["groups"]
        return {rule["alert"]: rule for rule in group["rules"]}

    def test_they_are_about_their_own_release(self):
        rules, plain = self.rules("load-test"), self.plain()
        own = f'namespace="accounts", job="{self.release_job}"'
        self.assertEqual(list(rules), list(plain))
        for name, rule in rules.items():
            self.assertIn(own, rule["expr"])
            self.assertEqual(rule["expr"].replace(own, 'job="provisiond"'), plain[name]["expr"])

    def test_matchers_can_be_given(self):
        rules = self.rules(
            "load-test", 'metrics.prometheusRule.matchers=job="a"\\,cluster=~"b|c"',
            "metrics.serviceMonitor.enabled=false",
        )  # fmt: skip
        for rule in rules.values():
            self.assertIn('{job="a",cluster=~"b|c"', rule["expr"])
            self.assertNotIn("provisiond", rule["expr"])

    def test_they_know_how_many_servers_there_should_be(self):
        for topology, settings, servers in (
            ("embedded", (), 1),
            ("load-test", (), 2),
            ("postgres", ("replicas=7",), 7),
            ("postgres-cert-manager", ("autoscaling.minReplicas=3",), 3),
        ):
            rule = self.rules(topology, *settings)["ProvisioningReplicasMissing"]
            self.assertTrue(rule["expr"].endswith(f"}}) < {servers}"), rule["expr"])

    def test_the_runbook_is_where_it_was_put(self):
        for rule in self.rules("embedded").values():
            self.assertEqual(set(rule["annotations"]), {"summary", "description"})
        url = "https://git.example.com/RUNBOOK.md"
        rules = self.rules("embedded", f"metrics.prometheusRule.runbookUrl={url}")
        for name, rule in rules.items():
            self.assertEqual(rule["annotations"]["runbook_url"], f"{url}#{name.lower()}")


if __name__ == "__main__":
    unittest.main()

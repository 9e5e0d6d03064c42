# SPDX-License-Identifier: Apache-2.0
"""Runs what the manifests say, on this machine: the servers' command lines with the rendered
policy, the migration, the probes, `helm test` and the load test. Needs get_tools.sh.

    python3 -B tests/chart/programs_test.py BIN     with the programs in BIN
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import yaml

import grpc_probe
from certificates import Authority
from database import Database
from local_pod import Cluster, LocalPod
from rendering import CHART, named, objects, pod_spec, render, workload

DEADLINE = 120  # Seconds, for what is over in one.
# Programs that were built to be tested: what leaks is looked for, but for c-ares.
os.environ["LSAN_OPTIONS"] = "suppressions=" + os.path.abspath(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lsan.supp")
)


def caller_name(found):
    """As a certificate has it: the policy's first caller."""
    policy = next(one for one in found if one["metadata"]["name"].endswith("-policy"))
    name = next(iter(yaml.safe_load(policy["data"]["policy.json"])["callers"]))
    return f"URI:{name}" if "://" in name else f"DNS:{name}"


def default_objectives():
    with open(os.path.join(CHART, "values.yaml"), encoding="utf-8") as file:
        return yaml.safe_load(file)["loadTest"]["objectives"]


class Programs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.authority = Authority(self.folder)

    def install(self, topology, *settings):
        """Renders it, and puts what its operator would have put there."""
        more = [word for setting in settings for word in ("--set", setting)]
        # So that each ends soon.
        found = objects(render(topology, "--set", "drain.delaySeconds=1", *more))
        server = self.authority.issue(["DNS:localhost", "IP:127.0.0.1"], "serverAuth")
        caller = self.authority.issue([caller_name(found)], "clientAuth")
        secrets = {"load-test-tls": caller, "provisiond-tls": server}
        for one in found:
            if one["kind"] == "Certificate":
                secrets[one["spec"]["secretName"]] = server
        if workload(found)["kind"] == "Deployment":
            database = Database()
            self.addCleanup(database.stop)
            for name in ("provisiond-database", "provisiond-database-owner"):
                secrets[name] = {"url": database.url + "\n"}
        config_maps = {"callers-authority": {"ca.crt": server["ca.crt"]}}
        return found, Cluster(found, self.folder, secrets, config_maps)

    def run_once(self, cluster, one):
        """The exit code and the output of each container of a Pod or Job."""
        spec = pod_spec(one)
        for container in spec["containers"]:
            command = LocalPod(cluster, spec, container, programs).command
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=DEADLINE, check=False
            )
            yield done.returncode, f"{' '.join(command)}\n{done.stdout}{done.stderr}"

    def start_server(self, found, cluster):
        spec = pod_spec(workload(found))
        claims = workload(found)["spec"].get("volumeClaimTemplates", [])
        volumes = [{"name": claim["metadata"]["name"]} for claim in claims]
        [container] = spec["containers"]
        pod = LocalPod(cluster, spec, container, programs, volumes)
        checked = subprocess.run(
            [pod.command[0], "check-config", *pod.command[2:]],
            capture_output=True, text=True, timeout=DEADLINE, check=False,
        )  # fmt: skip
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        log = open(os.path.join(self.folder, "provisiond.log"), "ab")
        self.addCleanup(log.close)
        process = subprocess.Popen(pod.command, stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            self.wait_for(pod, process, container[probe]["grpc"])
        self.assertIsNone(grpc_probe.check(pod.ports["health"], "no-such-service"))
        cluster.ports = pod.ports
        return process, pod

    def wait_for(self, pod, process, probe):
        end = time.monotonic() + DEADLINE
        port = pod.local_port(probe["port"])
        while grpc_probe.check(port, probe.get("service", "")) != grpc_probe.SERVING:
            self.assertIsNone(process.poll(), f"the server is gone: {self.log()}")
            self.assertLess(time.monotonic(), end, f"{probe} is never answered: {self.log()}")
            time.sleep(0.05)

    def log(self):
        with open(os.path.join(self.folder, "provisiond.log"), encoding="utf-8") as file:
            return file.read()

    def stop(self, found, process):
        process.send_signal(signal.SIGTERM)
        grace = pod_spec(workload(found))["terminationGracePeriodSeconds"]
        self.assertEqual(process.wait(grace), 0, self.log())

    def expect_metrics(self, pod):
        url = f"http://127.0.0.1:{pod.ports['metrics']}/metrics"
        with urllib.request.urlopen(url, timeout=DEADLINE) as answer:
            self.assertIn("provisioning_", answer.read().decode())

    def try_topology(self, topology, servers):
        found, cluster = self.install(topology)
        if workload(found)["kind"] == "Deployment":
            for code, text in self.run_once(cluster, named(found, "Job", "-migrate")):
                self.assertEqual(code, 0, text)
        started = [self.start_server(found, cluster) for _ in range(servers)]
        for code, text in self.run_once(cluster, named(found, "Pod", "-health")):
            self.assertEqual(code, 0, text)
        for _, pod in started:
            self.expect_metrics(pod)
        for process, _ in started:
            self.stop(found, process)

    def test_embedded(self):
        self.try_topology("embedded", 1)

    def test_postgres(self):
        self.try_topology("postgres", 2)

    def test_postgres_with_cert_manager(self):
        self.try_topology("postgres-cert-manager", 1)

    def test_load_test(self):
        """Its exit code is 0, and 1 with an objective that cannot be met."""
        short = ["loadTest.duration=2s", "loadTest.rate=200", "loadTest.streams=10"]
        slow = "loadTest.objectives={p99<60s,errors<0.1%}"
        found, cluster = self.install("load-test", *short, slow)
        for code, text in self.run_once(cluster, named(found, "Job", "-migrate")):
            self.assertEqual(code, 0, text)
        process, _ = self.start_server(found, cluster)
        for one in (named(found, "Pod", "-health"), named(found, "Job", "-load-test")):
            for code, text in self.run_once(cluster, one):
                self.assertEqual(code, 0, text)
        objectives = ",".join([*default_objectives(), "rate>=100000000"])
        more = [word for setting in short for word in ("--set", setting)]
        missed = objects(
            render("load-test", *more, "--set", f"loadTest.objectives={{{objectives}}}")
        )
        for code, text in self.run_once(cluster, named(missed, "Job", "-load-test")):
            self.assertEqual(code, 1, text)
            self.assertIn("rate>=100000000", text)
        self.stop(found, process)


if __name__ == "__main__":
    programs = os.path.abspath(sys.argv.pop(1))
    unittest.main()

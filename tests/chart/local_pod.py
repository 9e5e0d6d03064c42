# SPDX-License-Identifier: Apache-2.0
"""A container of a manifest, as a process of this machine: the same command, with volumes as
folders and ports as free ones of 127.0.0.1."""

import os
import re
import socket

_PATH = re.compile(r"(?<![\w/.])/(?!/)[\w./-]+")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _write(folder, files):
    os.makedirs(folder)
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)


class Cluster:
    """What the pods of one release see: `found` are its objects, `secrets` and `config_maps` map a
    name to files that others put there."""

    def __init__(self, found, folder, secrets, config_maps):
        self._found = found
        self._folder = folder
        self._volumes = 0
        self._secrets = secrets
        self._config_maps = {
            one["metadata"]["name"]: one["data"] for one in found if one["kind"] == "ConfigMap"
        } | config_maps
        self.ports = {}  # Of the server that Services lead to: container port to local port.

    def volume(self, volume):
        self._volumes += 1
        folder = os.path.join(self._folder, f"volume-{self._volumes}")
        if "secret" in volume:
            _write(folder, self._secrets[volume["secret"]["secretName"]])
        elif "configMap" in volume:
            _write(folder, self._config_maps[volume["configMap"]["name"]])
        else:
            os.makedirs(folder)
        return folder

    def address(self, host, port):
        """What a Service leads to: HOST.NAMESPACE.svc:PORT."""
        service = next(
            one
            for one in self._found
            if one["kind"] == "Service" and one["metadata"]["name"] == host.split(".")[0]
        )
        target = next(
            each["targetPort"] for each in service["spec"]["ports"] if each["port"] == int(port)
        )
        return f"localhost:{self.ports[target]}"


class LocalPod:
    """One container; `workload_volumes` besides those of its pod's spec."""

    def __init__(self, cluster, spec, container, programs, workload_volumes=()):
        volumes = list(spec.get("volumes", [])) + list(workload_volumes)
        folders = {one["name"]: cluster.volume(one) for one in volumes}
        mounts = container.get("volumeMounts", [])
        self._mounts = {mount["mountPath"]: folders[mount["name"]] for mount in mounts}
        self.ports = {}
        self._numbers = {}
        for port in container.get("ports", []):
            number = free_port()
            self.ports[port["name"]] = number
            self._numbers[port["containerPort"]] = number
        self._cluster = cluster
        self.command = [os.path.join(programs, container["command"][0])]
        self.command += [self._local(word) for word in container["args"]]

    def local_port(self, container_port):
        return self._numbers[container_port]

    def _local(self, word):
        word = re.sub(r"0\.0\.0\.0:(\d+)", lambda m: f"127.0.0.1:{self._numbers[int(m[1])]}", word)
        word = re.sub(
            r"([\w-]+\.[\w-]+\.svc):(\d+)", lambda m: self._cluster.address(m[1], m[2]), word
        )
        return _PATH.sub(self._local_path, word)

    def _local_path(self, match):
        for path, folder in self._mounts.items():
            if match[0] == path or match[0].startswith(path + "/"):
                return folder + match[0].removeprefix(path)
        raise AssertionError(f"{match[0]} lies in no volume of the manifest")

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Gets what the chart is checked with into build/tools: helm, kubeconform and
# kube-score, built from the Go module proxy, and Kubernetes' OpenAPI file. Does
# nothing when all is there. Fails, quickly, where there is no Go or no proxy.
#
#   sh tests/chart/get_tools.sh
set -eu
cd "$(dirname "$0")/../.."
helm=helm.sh/helm/v3/cmd/helm@v3.22.0
kubeconform=github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
kube_score=github.com/zegl/kube-score/cmd/kube-score@v1.20.0
kubernetes=k8s.io/kubernetes@v1.37.2

bin=$PWD/build/tools/bin
openapi=build/tools/kubernetes.json
mkdir -p "$bin"
# A user without a home still has a place for modules.
if [ ! -w "${HOME:-/nonexistent}" ]; then
  export GOPATH="$PWD/build/tools/go" GOCACHE="$PWD/build/tools/go-cache"
fi
export GOBIN="$bin" GOFLAGS=-mod=mod CGO_ENABLED=0

for module in "$helm" "$kubeconform" "$kube_score"; do
  path=${module%@*}
  name=${path##*/}
  # The version is part of what is there.
  [ -e "$bin/$name-${module#*@}" ] && continue
  (cd / && timeout 120 go mod download "${module%%/cmd/*}@${module#*@}")
  go install -ldflags '-s -w' "$module"
  ln -sf "$name" "$bin/$name-${module#*@}"
done
if [ ! -e "$openapi" ]; then
  folder=$(cd / && timeout 120 go mod download -json "$kubernetes" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
  cp "$folder/api/openapi-spec/swagger.json" "$openapi.new"
  mv "$openapi.new" "$openapi"
fi

